"""Bringing people in from a partner's file: the upload, the choices about it, the last button."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.clock import instant
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.entries import new_household, new_participant
from programme.people.households import together
from programme.people.imports.candidates import Candidate
from programme.people.imports.cautions import says_to_be_careful
from programme.people.imports.columns import guess_columns
from programme.people.imports.fields import Field
from programme.people.imports.sheets import read_sheet
from programme.people.imports.unreadable import UnreadableFile
from programme.people.models import Consent, FirstConversation, Participant, Upload
from programme.people.previewing import preview
from programme.people.queries import EDIT, day_of, zone
from programme.people.rules import CONSENT_WORDING_VERSION, Channel, ConsentPurpose
from programme.people.uploads import Choices, choices_of, keep_choices

IN_A_PARTNERS_FORM = (
    ConsentPurpose.TAKING_PART,
    ConsentPurpose.MESSAGES,
    ConsentPurpose.POST,
    ConsentPurpose.QUESTIONNAIRES,
)
"""What a partner's own record of consent is taken to cover; the rest is asked by one of us."""


def check_can_bring_in(partner_id: int, *, by: Viewer) -> None:
    """Raises Refusal unless the viewer may add people of this partner."""
    if not by.can(EDIT, partner=partner_id):
        raise Refusal("Choose the partner that sent the families.")


def begin_upload(
    content: bytes, filename: str, *, partner_id: int, by: Viewer, at: datetime
) -> Upload:
    """Keep a file, sealed, for a day, while a person looks through it.

    Raises:
        Refusal: it cannot be read, or the partner is not the viewer's to add people for.
    """
    check_can_bring_in(partner_id, by=by)
    try:
        sheet = read_sheet(content, filename)
    except UnreadableFile as error:
        raise Refusal(str(error)) from error
    upload = Upload(
        account_id=by.account_id, partner_id=partner_id, filename=filename, content=content, at=at
    )
    keep_choices(upload, Choices(mapping=guess_columns(sheet)))
    db.session.add(upload)
    audit.record("uploaded a file", upload, by=by, at=at, partner=partner_id)
    return upload


def choose_columns(
    upload: Upload, mapping: Mapping[int, Field], *, by: Viewer, at: datetime
) -> None:
    """Read the file's columns as these instead; everything mended stays mended."""
    _change(upload, replace(choices_of(upload), mapping=dict(mapping)), "chose columns", by, at)


def mend_row(
    upload: Upload, row: int, cells: Mapping[Field, str], *, by: Viewer, at: datetime
) -> None:
    """Take what was typed in place of what the file says."""
    choices = choices_of(upload)
    mended = {**choices.mended, row: {**choices.mended.get(row, {}), **cells}}
    _change(upload, replace(choices, mended=mended), "mended a row", by, at)


def leave_out(upload: Upload, row: int, *, by: Viewer, at: datetime) -> None:
    choices = choices_of(upload)
    fewer = replace(
        choices, left_out=choices.left_out | {row}, as_another=choices.as_another - {row}
    )
    _change(upload, fewer, "left a row out", by, at)


def take_in_again(upload: Upload, row: int, *, by: Viewer, at: datetime) -> None:
    choices = choices_of(upload)
    more = replace(choices, left_out=choices.left_out - {row})
    _change(upload, more, "took a row in again", by, at)


def take_in_as_another(upload: Upload, row: int, *, by: Viewer, at: datetime) -> None:
    """Somebody looked: it is a second person after all."""
    choices = choices_of(upload)
    more = replace(choices, as_another=choices.as_another | {row})
    _change(upload, more, "took a row in as another person", by, at)


def throw_away(upload: Upload, *, by: Viewer, at: datetime) -> None:
    """Forget the file now, and not only tomorrow."""
    audit.record("threw a file away", upload, by=by, at=at)
    db.session.delete(upload)


def bring_in_upload(
    upload: Upload, *, expected: int, is_consent_recorded: bool, by: Viewer, at: datetime
) -> int:
    """Save everybody who is ready, once however often it is asked; say how many came in.

    `expected` is how many the person saw on the button. Raises:
        Refusal: it is another number by now, or none.
    """
    if not _take(upload, at):
        return choices_of(upload).brought_in
    _hold(upload.partner_id)
    ready = preview(upload, viewer=by, on=day_of(at)).ready
    if len(ready) != expected or not ready:
        raise Refusal(
            f"{len(ready)} people can come in now, not {expected}. Look once more, and press again."
        )
    bring_in(
        ready, partner_id=upload.partner_id, is_consent_recorded=is_consent_recorded, by=by, at=at
    )
    keep_choices(upload, Choices(brought_in=len(ready)))
    upload.content = b""
    audit.record("brought in a file", upload, by=by, at=at, people=len(ready))
    return len(ready)


def bring_in(
    candidates: Iterable[Candidate],
    *,
    partner_id: int,
    is_consent_recorded: bool,
    by: Viewer,
    at: datetime,
) -> list[Participant]:
    """Save people with their households, each not yet spoken to.

    With `is_consent_recorded`, those with a date of consent in the file, and no warning in
    their notes, count as spoken to by the partner.
    """
    check_can_bring_in(partner_id, by=by)
    people: list[tuple[Candidate, Participant]] = []
    for home in together(candidates):
        household = new_household(home)
        people += [
            (one, new_participant(one, household=household, partner_id=partner_id, at=at))
            for one in home
        ]
    db.session.add_all(person for _, person in people)
    db.session.flush()
    for candidate, person in people:
        audit.record("brought in", person, by=by, at=at)
        if is_consent_recorded and candidate.consent_date and not is_delicate(candidate):
            _record_from_file(candidate, person, candidate.consent_date, by)
    return [person for _, person in people]


def is_delicate(candidate: Candidate) -> bool:
    """Whether the notes ask for care: then one of us speaks with them before anything goes."""
    return says_to_be_careful(candidate.notes)


def _change(upload: Upload, choices: Choices, what: str, by: Viewer, at: datetime) -> None:
    if upload.confirmed_at:
        raise Refusal("This file was brought in already. Correct people on their own pages.")
    keep_choices(upload, choices)
    audit.record(what, upload, by=by, at=at)


def _take(upload: Upload, at: datetime) -> bool:
    """Whether this request is the one that brings the file in: of two taps one is."""
    mine = update(Upload).where(Upload.id == upload.id, Upload.confirmed_at.is_(None))
    taken = db.session.execute(mine.values(confirmed_at=at))
    db.session.refresh(upload)
    return bool(cast(CursorResult[Any], taken).rowcount)


def _hold(partner_id: int) -> None:
    """Two files of one partner come in one after the other, so that the second sees the first."""
    db.session.execute(select(Partner.id).filter_by(id=partner_id).with_for_update())


def _record_from_file(candidate: Candidate, person: Participant, day: date, by: Viewer) -> None:
    at = instant(datetime.combine(day, time(12)), zone())
    db.session.add(
        FirstConversation(
            participant_id=person.id,
            at=at,
            by=by.actor,
            spoken_by="the partner",
            from_partners_file=True,
            channel=_channel(candidate),
        )
    )
    db.session.add_all(
        Consent(
            participant_id=person.id,
            purpose=purpose,
            wording_version=CONSENT_WORDING_VERSION,
            is_given=not (purpose is ConsentPurpose.POST and candidate.do_not_post),
            at=at,
            by=by.actor,
        )
        for purpose in IN_A_PARTNERS_FORM
    )


def _channel(candidate: Candidate) -> Channel:
    """E-mail goes before a text: a phone is more often shared, and shows who wrote."""
    if candidate.email:
        return Channel.EMAIL
    return Channel.SMS if candidate.may_text else Channel.PHONE
