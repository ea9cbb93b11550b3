"""What happened until today: the clock ticks through the past, and people do their part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from programme import timetable
from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import Viewer, participant_viewer, staff_viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession, Step
from programme.cohorts.rules import TAKES_PART
from programme.demonstration import answers
from programme.feedback.actions import say_how_it_was
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.handouts.jobs import print_ahead
from programme.messages.actions import mark_sent_by_hand
from programme.messages.calling import mark_said
from programme.messages.models import Message
from programme.messages.rules import State
from programme.parcels.actions import confirm_address, move_parcel
from programme.parcels.models import Parcel
from programme.parcels.rules import ParcelState
from programme.parcels.standings import standing_of
from programme.people.models import Participant
from programme.people.rules import Channel
from programme.questionnaires.actions import begin, take_answer
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.queries import find_sheet
from programme.questionnaires.rules import Chosen
from programme.registers.actions import arrive, close_register, mark

CARRIER = "Royal Mail"


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant."""

    at: datetime
    run: Callable[[datetime], None]


@dataclass(frozen=True)
class Cast:
    """Who acts in the story."""

    coordinator: Viewer
    facilitator: Viewer
    packer: Viewer


def cast(staff: dict[Role, Account], at: datetime) -> Cast:
    """The staff as viewers, with the groups they have by now."""
    roles = (Role.COORDINATOR, Role.FACILITATOR, Role.PACKER)
    return Cast(*(staff_viewer(staff[role], at.date()) for role in roles))


def tell(cohorts: list[Cohort], who: Cast, until: datetime) -> Iterator[datetime]:
    """Let everything happen in its order, each in its own transaction; gives where it is."""
    past = [event for event in events(cohorts, who, until) if event.at <= until]
    for event in sorted(past, key=lambda event: event.at):
        event.run(event.at)
        db.session.commit()
        yield event.at


def events(cohorts: list[Cohort], who: Cast, until: datetime) -> Iterator[Event]:
    """All that happened, in no order."""
    ids = [cohort.id for cohort in cohorts]
    steps = db.session.scalars(select(Step).where(Step.cohort_id.in_(ids), Step.due_at < until))
    for at in sorted({step.due_at for step in steps} | {until - timedelta(minutes=1)}):
        yield Event(at + timedelta(seconds=20), tick)
        yield Event(at + timedelta(hours=3), tick)
        yield Event(at + timedelta(hours=4), partial(send_by_hand, who.coordinator))
        yield Event(at + timedelta(minutes=40), partial(ring, who.coordinator))
    for cohort in cohorts:
        yield from _of_cohort(cohort, who, until)


def _of_cohort(cohort: Cohort, who: Cast, until: datetime) -> Iterator[Event]:
    number = cohort.id
    parcels_at = cohort.sessions[0].starts_at - timedelta(days=12)
    yield Event(min(parcels_at, until), partial(pack, number, who))
    for session in cohort.sessions:
        if session.starts_at < until:
            yield Event(session.starts_at, partial(come, session.id))
        if session.ends_at < until:
            yield Event(session.ends_at, partial(take_register, session.id, who))
    for days in range(-12, 200, 2):
        at = cohort.sessions[0].starts_at + timedelta(days=days, hours=1)
        if at < until:
            yield Event(at, partial(answer, number))


def tick(at: datetime) -> None:
    """One tick of the clock, but for paper, which can wait for the real one."""
    for job in timetable.JOBS:
        if job.run is not print_ahead:
            job.run(at)


def send_by_hand(by: Viewer, at: datetime) -> None:
    """A coordinator sends from her own phone what waits for that."""
    waiting = select(Message).where(
        Message.channel == Channel.BY_HAND, Message.state == State.QUEUED, Message.due_at <= at
    )
    for message in db.session.scalars(waiting).all():
        mark_sent_by_hand(message, by=by, at=at)


def ring(by: Viewer, at: datetime) -> None:
    """A coordinator rings whoever asked for that."""
    waiting = select(Message).where(
        Message.channel == Channel.PHONE, Message.state == State.QUEUED, Message.due_at <= at
    )
    for message in db.session.scalars(waiting).all():
        mark_said(message, by=by, at=at)


def pack(cohort_id: int, who: Cast, at: datetime) -> None:
    """Addresses are confirmed by phone and parcels posted; of a group that is still to begin,
    most are only confirmed, and a few packed."""
    parcels = db.session.scalars(
        select(Parcel).filter_by(cohort_id=cohort_id).order_by(Parcel.id)
    ).all()
    has_begun = db.session.get_one(Cohort, cohort_id).sessions[0].starts_at < at + timedelta(14)
    for place, parcel in enumerate(parcels):
        try:
            if has_begun or place < len(parcels) - 3:
                seen = standing_of(parcel).recorded.fingerprint()
                confirm_address(parcel, seen=seen, by=who.coordinator, at=at)
            if has_begun or place < 3:
                _move(parcel, ParcelState.PACKED, who, at)
            if has_begun:
                _move(parcel, ParcelState.POSTED, who, at)
                _move(parcel, ParcelState.DELIVERED, who, at)
        except Refusal:  # nothing may be posted there: collected, or still on Today
            if has_begun:
                _move(parcel, ParcelState.CANCELLED, who, at)


def _move(parcel: Parcel, to: ParcelState, who: Cast, at: datetime) -> None:
    carrier = CARRIER if to is ParcelState.POSTED else None
    by = who.coordinator if to is ParcelState.CANCELLED else who.packer
    move_parcel(parcel, seen=parcel.state, to=to, by=by, at=at, carrier=carrier)


def come(session_id: int, at: datetime) -> None:
    """Those who come press Join, a few minutes early."""
    session = db.session.get_one(GroupSession, session_id)
    for person in _people(session.cohort_id):
        if answers.attendance(person.known_as, session.number) in answers.JOINS:
            arrive(session, person, at - timedelta(minutes=4))


def take_register(session_id: int, who: Cast, at: datetime) -> None:
    """The facilitator marks everybody and closes the register; some say how it was."""
    session = db.session.get_one(GroupSession, session_id)
    for person in _people(session.cohort_id):
        attendance = answers.attendance(person.known_as, session.number)
        mark(session, person, attendance, by=who.facilitator, at=at)
        if attendance in answers.JOINS and (said := answers.feedback(person.known_as, session)):
            themselves = participant_viewer(person.id)
            say_how_it_was(session, person.id, said, by=themselves, at=at)
    close_register(session, by=who.facilitator, at=at)


def answer(cohort_id: int, at: datetime) -> None:
    """Those who answer do so within a few days of being asked."""
    asked = (
        select(Questionnaire.id, Participant.known_as, Participant.id)
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Questionnaire.finished_at.is_(None),
            Questionnaire.opened_at <= at - timedelta(hours=20),
        )
        .order_by(Questionnaire.id)
    )
    for number, known_as, participant_id in db.session.execute(asked).all():
        row = db.session.get_one(Questionnaire, number)
        if answers.answers(known_as, row.wave) and at < row.closes_at:
            _fill_in(number, known_as, participant_viewer(participant_id), at)


def _fill_in(number: int, known_as: str, by: Viewer, at: datetime) -> None:
    sheet = find_sheet(number, to_write=True)
    assert sheet is not None
    begin(sheet, by=by, at=at)
    wave = db.session.get_one(Questionnaire, number).wave
    for question in sheet.questions:
        highest = question.item.highest
        chosen = Chosen(answers.value(known_as, wave, question.item.id, highest))
        sheet = take_answer(sheet, question.number, chosen, by=by, at=at)


def _people(cohort_id: int) -> list[Participant]:
    asked = (
        select(Participant)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.stage.in_(TAKES_PART))
        .order_by(Participant.id)
    )
    return list(db.session.scalars(asked))
