"""A demonstration to measure on: made once, copied for each measure, opened as the product does."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.servers import ROOT
from programme.access.actions import begin_sign_in
from programme.access.links import link_key
from programme.access.models import Account
from programme.access.rules import Purpose, Role
from programme.access.viewer import ANONYMOUS
from programme.app import create_app
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART
from programme.foundation.clock import now, real_now
from programme.foundation.database import db
from programme.foundation.settings import read_settings


@dataclass(frozen=True)
class Instance:
    """The folder of an instance."""

    folder: Path

    def copy(self, name: str) -> "Instance":
        """The same again, so that no measure changes what another finds."""
        return Instance(Path(shutil.copytree(self.folder, self.folder.with_name(name))))

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """The application, inside its context."""
        app = create_app(read_settings(instance=self.folder))
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


@dataclass(frozen=True)
class Known:
    """Where the demonstration's pages are, and cookies of who may see them."""

    coordinator: str
    facilitator: str
    packer: str
    session_id: int
    cohort_id: int
    participant_id: int
    key: str


def make_demonstration(folder: Path) -> Instance:
    """A new demonstration, by the command that anybody would use."""
    environment = os.environ | {"PROGRAMME_INSTANCE": str(folder)}
    command = [sys.executable, "-m", "programme", "demo", "--json"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return Instance(folder)


def look_around(instance: Instance) -> Known:
    """Tonight's session (or the last one), its group, and somebody in it."""
    with instance.opened() as app:
        latest = select(GroupSession).where(GroupSession.starts_at <= now().replace(hour=23))
        session = db.session.scalars(latest.order_by(GroupSession.starts_at.desc())).first()
        assert session, "The demonstration has no session."
        enrolment = db.session.scalars(
            select(Enrolment).where(
                Enrolment.cohort_id == session.cohort_id, Enrolment.stage.in_(TAKES_PART)
            )
        ).first()
        assert enrolment, "Nobody is enrolled."
        return Known(
            coordinator=cookie(app, Role.COORDINATOR),
            facilitator=cookie(app, Role.FACILITATOR),
            packer=cookie(app, Role.PACKER),
            session_id=session.id,
            cohort_id=session.cohort_id,
            participant_id=enrolment.participant_id,
            key=link_key(Purpose.MY_GROUP, enrolment.id),
        )


def cookie(app: Flask, role: Role) -> str:
    """The cookie of somebody of that role who has signed in."""
    account = next(each for each in db.session.scalars(select(Account))
                   if any(grant.role is role for grant in each.grants))  # fmt: skip
    token = begin_sign_in(account, by=ANONYMOUS, at=real_now())
    db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={signer.dumps({'_user_id': token, '_fresh': True})}"


def machine() -> dict[str, str]:
    """What was measured on, and which version of what."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                            capture_output=True, check=False)  # fmt: skip
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return {
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": load,
        "date": f"{real_now():%Y-%m-%d}",
        "commit": commit.stdout.strip(),
    }
