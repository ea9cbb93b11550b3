"""A group with one of everything, for walks that must meet real records."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Step
from programme.foundation.database import db
from programme.messages.actions import queue
from programme.messages.models import Reply
from programme.messages.rules import Wants
from programme.parcels.making import put_in_parcel
from programme.people.rules import Channel
from programme.registers.models import MeetingReport
from programme.safeguarding.models import Concern
from tests import builders

Records = dict[str, int]


@pytest.fixture
def others(app: Flask, at: datetime) -> Records:
    """A group of another partner, with one of everything; by the name an URL gives it."""
    partner = builders.partner("Other partner")
    cohort = builders.cohort(date(2026, 10, 6), partner=partner)
    person = builders.spoken_to(builders.participant("Steph", partner=partner))
    place = builders.enrol(person, cohort)
    parcel = put_in_parcel(person, cohort, by=COMMAND_LINE, at=at)
    step = Step(cohort_id=cohort.id, name="thanks", kind="cohorts.thanks", due_at=at)
    step.expires_at = at + timedelta(days=1)
    concern = Concern(text="x", raised_at=at, raised_by="account:1", participant_id=person.id)
    later = at + timedelta(days=1)
    message = queue(
        to=person, channel=Channel.EMAIL, template="thanks", values={}, due_at=at,
        expires_at=later, at=at,
    )  # fmt: skip
    reply = Reply(
        channel=Channel.SMS, provider_id="1", participant_id=person.id, sender="", text="x",
        wants=Wants.ANSWER, at=at,
    )  # fmt: skip
    report = MeetingReport(session_id=cohort.sessions[0].id, digest="x", at=at, by="test")
    db.session.add_all([step, concern, reply, report])
    db.session.flush()
    return {
        "cohort_id": cohort.id,
        "session_id": cohort.sessions[0].id,
        "participant_id": person.id,
        "enrolment_id": place.id,
        "parcel_id": parcel.id,
        "step_id": step.id,
        "concern_id": concern.id,
        "message_id": message.id,
        "reply_id": reply.id,
        "report_id": report.id,
        "term_id": cohort.term_id,
        "due_id": 1,
        "break_id": 1,
        "number": person.id,
    }
