"""How somebody may safely be reached: what the first conversation and their consent allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app
from sqlalchemy import select

from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.came_back import last_came_back, refuse_what_came_back
from programme.messages.rules import NotAgreed, NotSafe, last_posting_day
from programme.people.addresses import address_of, problem_with
from programme.people.models import Consent, FirstConversation, Participant
from programme.people.nations import Nation, is_bank_holiday, nation_of
from programme.people.queries import is_kept_apart_at_home
from programme.people.rules import Channel, ConsentPurpose


@dataclass(frozen=True)
class Route:
    """How somebody is reached: by which channel, between which hours of the day."""

    channel: Channel
    from_hour: int
    until_hour: int


@dataclass(frozen=True)
class Known:
    """What is known about reaching some people, by participant; by address when it came back."""

    agreed: Mapping[int, FirstConversation]
    agreeing: frozenset[int]
    came_back: Mapping[str, datetime]
    kept_apart: frozenset[int]


def safe_route(person: Participant, *, at: datetime) -> Route:
    """How a participant may be reached, as agreed in the first conversation.

    A letter can be printed and posted at any hour.

    Raises:
        NotSafe: not by a message.
    """
    return _route(person, _known([person]), at)


def routes(people: Sequence[Participant], *, at: datetime) -> dict[int, Route | NotSafe]:
    """How each of them may be reached, or why not, by participant. As many queries for a
    hundred people as for one, where their households are loaded."""
    known = _known(people)
    return {person.id: _route_or_reason(person, known, at) for person in people}


def _route_or_reason(person: Participant, known: Known, at: datetime) -> Route | NotSafe:
    try:
        return _route(person, known, at)
    except NotSafe as reason:
        return reason


def _route(person: Participant, known: Known, at: datetime) -> Route:
    ours = settings()
    day = local(at, ours.zone).date()
    agreed = check_agreed(known.agreed.get(person.id), person.id in known.agreeing, day)
    channel = _safe_channel(person, agreed.channel, known)
    refuse_what_came_back(person, channel, known.came_back, since=agreed.at)
    if channel is Channel.POST:
        return Route(channel, 0, 24)
    return Route(channel, *safe_hours(agreed))


def _known(people: Sequence[Participant]) -> Known:
    ids = [person.id for person in people]
    agreed = _conversations(ids)
    by_post = [id_ for id_, each in agreed.items() if each.channel is Channel.POST]
    apart = _kept_apart(by_post) if by_post else frozenset()
    return Known(agreed, _agreeing(ids), last_came_back(people), apart)


def _conversations(ids: Sequence[int]) -> dict[int, FirstConversation]:
    asked = select(FirstConversation).where(FirstConversation.participant_id.in_(ids))
    return {each.participant_id: each for each in db.session.scalars(asked)}


def _agreeing(ids: Sequence[int]) -> frozenset[int]:
    """Those of them whose latest answer about messages is yes."""
    answers = select(Consent.participant_id, Consent.is_given).where(
        Consent.participant_id.in_(ids), Consent.purpose == ConsentPurpose.MESSAGES
    )
    latest = dict(db.session.execute(answers.order_by(Consent.at, Consent.id)).all())
    return frozenset(who for who, is_given in latest.items() if is_given)


def _kept_apart(ids: Sequence[int]) -> frozenset[int]:
    """Those of them at whose address somebody lives who must be kept apart."""
    asked = select(Participant.id).where(Participant.id.in_(ids), is_kept_apart_at_home())
    return frozenset(db.session.scalars(asked))


def safe_hours(agreed: FirstConversation) -> tuple[int, int]:
    """From and until which hour of the day we may start something towards somebody."""
    ours = settings()
    return max(agreed.from_hour, ours.send_from_hour), min(agreed.until_hour, ours.send_until_hour)


def safe_conversation(person: Participant, *, on: date) -> FirstConversation:
    """What was agreed with somebody about reaching them, if it allows messages on that day.

    Raises:
        NotSafe: nothing was agreed, or it is out of date, or they do not want messages.
    """
    agreed = _conversations([person.id]).get(person.id)
    return check_agreed(agreed, agrees_to_messages(person.id), on)


def check_agreed(
    agreed: FirstConversation | None, agrees_to_messages: bool, on: date
) -> FirstConversation:
    """What was agreed, if it allows messages on that day.

    Raises:
        NotSafe: as `safe_conversation` does.
    """
    if agreed is None:
        raise NotSafe("The first conversation is not recorded yet.")
    if agreed.review_on and agreed.review_on < on:
        raise NotSafe("What was agreed about reaching them is due for review: ring them first.")
    if not agrees_to_messages:
        raise NotAgreed("They have not agreed to messages.")
    return agreed


def agrees_to_messages(participant_id: int) -> bool:
    """Whether the latest answer about messages is yes."""
    return participant_id in _agreeing([participant_id])


def _safe_channel(person: Participant, agreed: Channel, known: Known) -> Channel:
    """The channel that a message takes.

    Raises:
        NotSafe: there is none.
    """
    ours = settings()
    if agreed is Channel.POST:
        check_address(person, is_kept_apart=person.id in known.kept_apart)
        return agreed
    if agreed is Channel.EMAIL:
        return _with(person.email, Channel.EMAIL, "Their e-mail address is missing.")
    if agreed is Channel.SMS and not person.may_text:
        raise NotSafe("They asked not to be texted.")
    can_text = ours.texts_are_set_up or ours.demonstration
    is_sent_from_here = agreed is Channel.PHONE or (agreed is Channel.SMS and can_text)
    channel = agreed if is_sent_from_here else Channel.BY_HAND
    return _with(person.phone, channel, "Their phone number is missing.")


def check_address(person: Participant, *, is_kept_apart: bool) -> None:
    """Whether a letter may go to where somebody lives, as it is recorded now.

    Raises:
        NotSafe: nothing may be posted there, or the address will not do.
    """
    home = person.household
    if is_kept_apart:
        raise NotSafe("Somebody recorded at this address must be kept apart. Ask where they live.")
    if home.do_not_post:
        raise NotSafe("Nothing may be posted to this home.")
    if not home.address_is_complete:
        raise NotSafe("The address is not complete. Ask for it.")
    if problem := problem_with(address_of(person, home)):
        raise NotSafe(problem)


def check_arrives(person: Participant, *, posted_at: datetime, expires_at: datetime) -> None:
    """Whether a letter posted that day arrives while it is of use.

    Raises:
        NotSafe: it would be too late.
    """
    if local(posted_at, settings().zone).date() > post_by(person.household.postcode, expires_at):
        raise NotSafe("A letter would arrive too late: ring them.")


def post_by(postcode: str | None, expires_at: datetime) -> date:
    """The last day on which a letter to that postcode can be posted."""
    nations = (Nation(settings().nation), nation_of(postcode))
    last_day = local(expires_at, settings().zone).date()
    return last_posting_day(last_day, lambda day: is_bank_holiday(day, *nations))


def _with(needed: str | None, channel: Channel, missing: str) -> Channel:
    if not needed:
        raise NotSafe(missing)
    return channel


def settings() -> Settings:
    """The settings of the charity whose application is running."""
    return cast(Settings, current_app.config["SETTINGS"])
