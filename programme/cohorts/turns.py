"""Whose turn a step is or was: each person by known-as name, and how far it has come for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from programme.cohorts.kinds import KINDS, StepKind, is_in_plan
from programme.cohorts.models import Due, Step
from programme.cohorts.rules import DueState
from programme.foundation.database import db
from programme.foundation.web import say_moment
from programme.messages.labels import STATE_LABELS
from programme.messages.models import Message
from programme.messages.reaching import Route, routes, settings
from programme.messages.rules import HAS_LEFT, NotAgreed, NotSafe, State, fit_into_hours
from programme.people.models import Participant
from programme.people.rules import CHANNEL_LABELS, Channel


@dataclass(frozen=True)
class Turn:
    """One person's turn. `state` in a word or two, its `tone`, and `words` with when and why.

    `words` say how somebody is reached and may be shown only to who may know that.
    """

    participant_id: int
    known_as: str
    state: str
    tone: str
    words: str


@dataclass(frozen=True)
class Turns:
    """Everybody's turns, and the people themselves, whose names a preview needs."""

    turns: tuple[Turn, ...]
    people: dict[int, Participant]
    channels: dict[int, Channel]


def turns_of(step: Step, at: datetime) -> Turns:
    """Who had, has or would have their turn as things stand. Six queries for any number."""
    dues = _dues(step)
    to_come = [] if _is_over(step, at) else _whose_turn(step)
    people = _people({*dues, *to_come})
    ways = routes(list(people.values()), at=at)
    found = [
        _turn_of_due(*dues[number], people[number], step)
        if number in dues
        else _turn_to_come(people[number], ways[number], step, at)
        for number in people
    ]
    channels = {number: _channel(way, people[number]) for number, way in ways.items()}
    return Turns(tuple(sorted(found, key=_by_name)), people, channels)


def how_many_now(step: Step) -> int:
    """For how many people it would be done as things stand."""
    if not is_in_plan(step):
        return 0
    turn = KINDS[step.kind].who(step).subquery()
    return db.session.scalar(select(func.count()).select_from(turn)) or 0


def _by_name(turn: Turn) -> tuple[str, int]:
    return turn.known_as.casefold(), turn.participant_id


def _is_over(step: Step, at: datetime) -> bool:
    return step.ended_at is not None or step.expires_at <= at


def _dues(step: Step) -> dict[int, tuple[Due, Message | None]]:
    asked = (
        select(Due, Message)
        .outerjoin(Message, Message.id == Due.message_id)
        .where(Due.step_id == step.id, Due.occurrence == step.occurrence)
    )
    return {due.participant_id: (due, message) for due, message in db.session.execute(asked)}


def _whose_turn(step: Step) -> Sequence[int]:
    return db.session.scalars(KINDS[step.kind].who(step)).all() if is_in_plan(step) else ()


def _people(ids: set[int]) -> dict[int, Participant]:
    asked = select(Participant).where(Participant.id.in_(ids))
    with_home = (joinedload(Participant.conversation), joinedload(Participant.household))
    found = db.session.scalars(asked.options(*with_home))
    return {person.id: person for person in found}


def _turn_of_due(due: Due, message: Message | None, person: Participant, step: Step) -> Turn:
    state, tone, words = _say_due(due, message, step.cohort.zone)
    return Turn(person.id, person.known_as, state, tone, words)


def _say_due(due: Due, message: Message | None, zone: str) -> tuple[str, str, str]:
    if due.state is DueState.WAITING:
        return ("Waiting", "wrong" if due.failures else "soon", due.reason or "Its turn has come.")
    if due.state is DueState.SKIPPED:
        return _say_skipped(due, zone)
    if message is None:
        return "Done", "done", say_moment(due.done_at, zone) if due.done_at else ""
    return _say_message(message, zone)


def _say_skipped(due: Due, zone: str) -> tuple[str, str, str]:
    reason = due.reason or ""
    if due.ring_them and due.rung_at:
        return "Rung", "done", f"{reason} Somebody rang {say_moment(due.rung_at, zone)}."
    return ("To ring", "wrong", reason) if due.ring_them else ("Skipped", "quiet", reason)


def _say_message(message: Message, zone: str) -> tuple[str, str, str]:
    label, by = STATE_LABELS[message.state], CHANNEL_LABELS[message.channel]
    if message.state in HAS_LEFT and message.state is not State.UNCERTAIN:
        when = message.sent_at or message.due_at
        return label, "done", f"{by}, {say_moment(when, zone)}"
    if message.state is State.QUEUED:
        return label, "soon", f"{by}, {say_moment(message.next_try_at, zone)}"
    tone = "quiet" if message.state in (State.SKIPPED, State.STOPPED) else "wrong"
    return label, tone, f"{by}. {message.reason or ''}".strip()


def _turn_to_come(person: Participant, way: Route | NotSafe, step: Step, at: datetime) -> Turn:
    kind = KINDS[step.kind]
    words, is_fine = _say_way(way, kind, step, at)
    return Turn(person.id, person.known_as, "To come", "plain" if is_fine else "soon", words)


def _say_way(way: Route | NotSafe, kind: StepKind, step: Step, at: datetime) -> tuple[str, bool]:
    if kind.draft is None:
        return "", True
    if isinstance(way, NotSafe):
        rings = "" if isinstance(way, NotAgreed) else " Somebody is asked to ring."
        return f"{way.reason}{rings}", False
    goes = _goes_at(way, step, at)
    if goes is None:
        return "There is no safe time while it is of use. Somebody is asked to ring.", False
    when = "" if goes == max(step.due_at, at) else f", {say_moment(goes, step.cohort.zone)}"
    return f"{CHANNEL_LABELS[way.channel]}{when}", True


def _goes_at(way: Route, step: Step, at: datetime) -> datetime | None:
    """As the tick will find it: at its moment, not before."""
    now = max(step.due_at, at)
    hours = (way.from_hour, way.until_hour)
    return fit_into_hours(step.due_at, step.expires_at, *hours, settings().zone, now)


def _channel(way: Route | NotSafe, person: Participant) -> Channel:
    if isinstance(way, Route):
        return way.channel
    agreed = person.conversation
    return agreed.channel if agreed else Channel.EMAIL
