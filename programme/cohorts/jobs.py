"""What the clock does for cohorts: the tick, and the welcome, reminders, changes and thanks."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, exists, select

from programme.cohorts import texts
from programme.cohorts.kinds import Draft, Result, StepKind
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.queries import enrolment_of, session_of, taking_part
from programme.cohorts.rules import DueState
from programme.cohorts.still_wanted import is_held, left_out, unwanted_texts
from programme.cohorts.tick import carry_out, end_steps, make_dues
from programme.cohorts.told import CHANGED, has_left, is_about
from programme.foundation.database import db
from programme.messages.actions import send_to_participant
from programme.messages.models import Message
from programme.people.models import FirstConversation, Participant
from programme.people.rules import Channel

__all__ = [
    "KINDS",
    "carry_out",
    "end_steps",
    "is_held",
    "left_out",
    "make_dues",
    "takes_part_still",
    "unwanted_texts",
    "write_once_per_phone",
]

Drafting = Callable[[Step, Enrolment | None, datetime], Draft | None]
BY_PHONE = (Channel.SMS, Channel.BY_HAND, Channel.PHONE)
TOLD_ALREADY = "Somebody with the same phone was told."


def takes_part_still(due: Due, _at: datetime) -> bool:
    """Whether the person takes part now, and is not paused."""
    asked = taking_part(due.step).where(FirstConversation.participant_id == due.participant_id)
    return db.session.scalar(asked) is not None


def _welcome(due: Due, at: datetime) -> Result:
    return _write(due, texts.welcome, at, otherwise="No session is left.")


def _remind(due: Due, at: datetime) -> Result:
    if _is_told_of_change(due):
        return Result(skipped_because="They are told of the change instead.")
    return write_once_per_phone(due, texts.about_session, at)


def _tell_change(due: Due, at: datetime) -> Result:
    return write_once_per_phone(due, texts.change, at, otherwise="They know it already.")


def _thank(due: Due, at: datetime) -> Result:
    return _write(due, texts.thanks, at)


def write_once_per_phone(due: Due, draft: Drafting, at: datetime, otherwise: str = "") -> Result:
    """Write to one person, unless the phone they would get it on has it from this step."""
    if _is_told_by_phone(due):
        return Result(skipped_because=TOLD_ALREADY)
    return _write(due, draft, at, otherwise)


def _is_told_of_change(due: Due) -> bool:
    """Whether they are told that the session changed, after this reminder fell due."""
    asked = exists().where(
        Step.kind == CHANGED,
        Step.cohort_id == due.step.cohort_id,
        Step.session_number == due.step.session_number,
        Step.due_at >= due.step.due_at,
        Due.step_id == Step.id,
        Due.occurrence == Step.occurrence,
        Due.participant_id == due.participant_id,
        Due.state != DueState.SKIPPED,
    )
    return bool(db.session.scalar(select(asked)))


def _is_told_by_phone(due: Due) -> bool:
    """Whether a message of this step went to the phone that this person would get it on."""
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


def _write(due: Due, draft: Drafting, at: datetime, otherwise: str = "") -> Result:
    """Write to one person of the cohort; `otherwise`: why not, when there is nothing to say."""
    step, cohort = due.step, due.step.cohort
    text = draft(step, enrolment_of(cohort.id, due.participant_id), at)
    if text is None:
        return Result(skipped_because=otherwise)
    message = send_to_participant(
        db.session.get_one(Participant, due.participant_id),
        template=text.template,
        values=dict(text.values),
        due_at=step.due_at,
        expires_at=min(step.expires_at, text.until or step.expires_at),
        at=at,
        sender_name=cohort.public_name,
        wording=cohort.programme,
    )
    return Result(message=message)


def _told_before(step: Step) -> Select[int]:
    """Who had been told of the step's session when it changed."""
    was_told = exists().where(
        Step.id == Due.step_id,
        Message.id == Due.message_id,
        is_about(session_of(step)),
        has_left(),
        Message.created_at <= step.due_at,
        Due.participant_id == Enrolment.participant_id,
    )
    return taking_part(step).where(was_told)


def _preview_reminder(step: Step) -> str:
    return f"Reminds everyone who takes part of session {step.session_number}, once per phone."


def _preview_change(step: Step) -> str:
    return f"Tells those who were told another date of session {step.session_number}, once each."


KINDS: tuple[StepKind, ...] = (
    StepKind(
        name="cohorts.welcome",
        label="Welcome",
        who=taking_part,
        carry_out=_welcome,
        is_still_wanted=takes_part_still,
        still_wanted_by=taking_part,
        preview=lambda _step: (
            "Welcomes everyone who takes part, with their next date and page. Who joins later is"
            " welcomed then."
        ),
        draft=texts.welcome,
    ),
    StepKind(
        name="cohorts.remind",
        label="Reminder",
        who=taking_part,
        carry_out=_remind,
        is_still_wanted=takes_part_still,
        still_wanted_by=taking_part,
        preview=_preview_reminder,
        repeats=True,
        draft=texts.about_session,
    ),
    StepKind(
        name=CHANGED,
        label="A changed date",
        who=_told_before,
        carry_out=_tell_change,
        is_still_wanted=takes_part_still,
        preview=_preview_change,
        is_ad_hoc=True,
        draft=texts.change,
    ),
    StepKind(
        name="cohorts.thanks",
        label="Thank you",
        who=taking_part,
        carry_out=_thank,
        is_still_wanted=takes_part_still,
        still_wanted_by=taking_part,
        preview=lambda _step: (
            "Thanks everyone who takes part. Their page works for two more weeks."
        ),
        draft=texts.thanks,
    ),
)
