"""What the clock does for cohorts: the tick, and the welcome, the reminders and the thanks."""

from datetime import datetime

from sqlalchemy import exists, select

from programme.cohorts.kinds import Result, StepKind
from programme.cohorts.models import Due, GroupSession, Step
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import enrolment_of, next_session, sessions_of, taking_part
from programme.cohorts.rules import DueState
from programme.cohorts.tick import carry_out, end_steps, make_dues, unwanted_texts
from programme.foundation.database import db
from programme.foundation.web import say_day, say_time
from programme.messages.actions import send_to_participant
from programme.messages.models import Message
from programme.people.models import FirstConversation, Participant
from programme.people.rules import Channel

__all__ = ["KINDS", "carry_out", "end_steps", "make_dues", "unwanted_texts"]

BY_PHONE = (Channel.SMS, Channel.BY_HAND)
TOLD_ALREADY = "Somebody with the same phone was told."


def takes_part_still(due: Due, _at: datetime) -> bool:
    """Whether the person takes part now, and is not paused."""
    asked = taking_part(due.step).where(FirstConversation.participant_id == due.participant_id)
    return db.session.scalar(asked) is not None


def _welcome(due: Due, at: datetime) -> Result:
    session = next_session(due.step.cohort_id, at)
    return _send(due, session, at) if session else Result(skipped_because="No session is left.")


def _remind(due: Due, at: datetime) -> Result:
    if _is_told_by_phone(due):
        return Result(skipped_because=TOLD_ALREADY)
    return _send(due, _session_of(due.step), at)


def _thank(due: Due, at: datetime) -> Result:
    held = [each for each in sessions_of(due.step.cohort_id) if each.cancelled_at is None]
    return _send(due, held[-1], at)


def _session_of(step: Step) -> GroupSession:
    asked = select(GroupSession).filter_by(cohort_id=step.cohort_id, number=step.session_number)
    return db.session.scalars(asked).one()


def _is_told_by_phone(due: Due) -> bool:
    """Whether a reminder of this step went to the phone that this person would get it on."""
    person = db.session.get_one(Participant, due.participant_id)
    agreed = person.conversation
    if person.phone_index is None or agreed is None or agreed.channel not in BY_PHONE:
        return False
    asked = exists().where(
        Due.step_id == due.step_id,
        Due.occurrence == due.occurrence,
        Due.state == DueState.DONE,
        Message.id == Due.message_id,
        Message.channel.in_(BY_PHONE),
        Participant.id == Due.participant_id,
        Participant.phone_index == person.phone_index,
    )
    return bool(db.session.scalar(select(asked)))


def _send(due: Due, session: GroupSession, at: datetime) -> Result:
    """Write to one person about one session, with the link to their own page."""
    step, cohort = due.step, due.step.cohort
    enrolment = enrolment_of(cohort.id, due.participant_id)
    assert enrolment is not None
    message = send_to_participant(
        db.session.get_one(Participant, due.participant_id),
        template=load_programme(cohort.programme).entry(step.name).template,
        values={
            "group": cohort.public_name,
            "day": say_day(session.starts_at, cohort.zone),
            "time": say_time(session.starts_at, cohort.zone),
            "link": {"link": "my_group", "row": enrolment.id},
        },
        due_at=step.due_at,
        expires_at=step.expires_at,
        at=at,
        sender_name=cohort.public_name,
        wording=cohort.programme,
    )
    return Result(message=message)


def _preview_reminder(step: Step) -> str:
    return f"Reminds everyone who takes part of session {step.session_number}, once per phone."


KINDS: tuple[StepKind, ...] = (
    StepKind(
        name="cohorts.welcome",
        label="Welcome",
        who=taking_part,
        carry_out=_welcome,
        is_still_wanted=takes_part_still,
        preview=lambda _step: "Welcomes everyone who takes part, with their first date and page.",
    ),
    StepKind(
        name="cohorts.remind",
        label="Reminder",
        who=taking_part,
        carry_out=_remind,
        is_still_wanted=takes_part_still,
        preview=_preview_reminder,
        repeats=True,
    ),
    StepKind(
        name="cohorts.thanks",
        label="Thank you",
        who=taking_part,
        carry_out=_thank,
        is_still_wanted=takes_part_still,
        preview=lambda _step: (
            "Thanks everyone who takes part. Their page works for two more weeks."
        ),
    ),
)
