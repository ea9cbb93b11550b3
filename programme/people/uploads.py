"""A partner's file on its way in: what a person chose about it, and the row that keeps it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.people.imports.fields import Field
from programme.people.models import Upload
from programme.people.queries import EDIT

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Choices:
    """What a person chose: what columns hold, cells mended, rows left out or taken in after all."""

    mapping: Mapping[int, Field] = field(default_factory=dict)
    mended: Mapping[int, Mapping[Field, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    as_another: frozenset[int] = frozenset()
    brought_in: int = 0


def choices_of(upload: Upload) -> Choices:
    """The choices as they stand in the upload's row."""
    kept = json.loads(upload.choices)
    return Choices(
        mapping={int(key): Field(value) for key, value in kept.get("mapping", {}).items()},
        mended={
            int(row): {Field(name): text for name, text in cells.items()}
            for row, cells in kept.get("mended", {}).items()
        },
        left_out=frozenset(kept.get("left_out", ())),
        as_another=frozenset(kept.get("as_another", ())),
        brought_in=kept.get("brought_in", 0),
    )


def keep_choices(upload: Upload, choices: Choices) -> None:
    """Write the choices into the upload's row."""
    upload.choices = json.dumps(
        {
            "mapping": choices.mapping,
            "mended": choices.mended,
            "left_out": sorted(choices.left_out),
            "as_another": sorted(choices.as_another),
            "brought_in": choices.brought_in,
        }
    )


def upload_for(viewer: Viewer, number: int, at: datetime) -> Upload | None:
    """The viewer's own upload, while it is younger than a day."""
    return db.session.scalar(_mine(viewer, at).where(Upload.id == number))


def unfinished_uploads(viewer: Viewer, at: datetime) -> list[Upload]:
    """The viewer's own uploads that were not brought in yet, the latest first."""
    asked = _mine(viewer, at).where(Upload.confirmed_at.is_(None)).order_by(Upload.id.desc())
    return list(db.session.scalars(asked))


def _mine(viewer: Viewer, at: datetime) -> Select[Upload]:
    return select(Upload).where(
        Upload.account_id == viewer.account_id,
        Upload.at > at - KEPT_FOR,
        viewer.scope(EDIT).where(partner=Upload.partner_id),
    )
