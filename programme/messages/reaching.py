"""How somebody may safely be reached: what the first conversation and their consent allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app
from sqlalchemy import select

from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.rules import NotAgreed, NotSafe
from programme.people.models import Consent, FirstConversation, Participant
from programme.people.rules import Channel, ConsentPurpose


@dataclass(frozen=True)
class Route:
    """How somebody is reached: by which channel, between which hours of the day."""

    channel: Channel
    from_hour: int
    until_hour: int


def safe_route(person: Participant, *, at: datetime) -> Route:
    """How a participant may be reached, as agreed in the first conversation.

    Raises:
        NotSafe: not by a message.
    """
    agreed = db.session.scalar(select(FirstConversation).filter_by(participant_id=person.id))
    return _route(person, agreed, agrees_to_messages(person.id), at)


def routes(people: Sequence[Participant], *, at: datetime) -> dict[int, Route | NotSafe]:
    """How each of them may be reached, or why not, by participant. Two queries for any number,
    where their conversations are loaded."""
    agreeing = _agreeing([person.id for person in people])
    return {person.id: _route_or_reason(person, person.id in agreeing, at) for person in people}


def _route_or_reason(person: Participant, agrees: bool, at: datetime) -> Route | NotSafe:
    try:
        return _route(person, person.conversation, agrees, at)
    except NotSafe as reason:
        return reason


def _route(
    person: Participant, conversation: FirstConversation | None, agrees: bool, at: datetime
) -> Route:
    ours = settings()
    agreed = _checked(conversation, agrees, on=local(at, ours.zone).date())
    can_text = bool(ours.sms_url) or ours.demonstration
    return Route(
        channel=safe_channel(person, agreed.channel, can_text=can_text),
        from_hour=max(agreed.from_hour, ours.send_from_hour),
        until_hour=min(agreed.until_hour, ours.send_until_hour),
    )


def _checked(agreed: FirstConversation | None, agrees: bool, *, on: date) -> FirstConversation:
    """What was agreed with somebody about reaching them, if it allows messages on that day."""
    if agreed is None:
        raise NotSafe("The first conversation is not recorded yet.")
    if agreed.review_on and agreed.review_on < on:
        raise NotSafe("What was agreed about reaching them is due for review: ring them first.")
    if not agrees:
        raise NotAgreed("They have not agreed to messages.")
    return agreed


def agrees_to_messages(participant_id: int) -> bool:
    """Whether the latest answer about messages is yes."""
    answers = select(Consent.is_given).filter_by(
        participant_id=participant_id, purpose=ConsentPurpose.MESSAGES
    )
    return bool(db.session.scalar(answers.order_by(Consent.at.desc(), Consent.id.desc()).limit(1)))


def _agreeing(ids: Sequence[int]) -> set[int]:
    """Those of them whose latest answer about messages is yes."""
    answers = select(Consent.participant_id, Consent.is_given).where(
        Consent.participant_id.in_(ids), Consent.purpose == ConsentPurpose.MESSAGES
    )
    latest = dict(db.session.execute(answers.order_by(Consent.at, Consent.id)).all())
    return {who for who, is_given in latest.items() if is_given}


def safe_channel(person: Participant, agreed: Channel, *, can_text: bool) -> Channel:
    """The channel that a message takes. `can_text`: text messages are set up here.

    Raises:
        NotSafe: there is none.
    """
    if agreed in (Channel.PHONE, Channel.POST):
        raise NotSafe(f"They asked to be {'rung' if agreed is Channel.PHONE else 'written to'}.")
    if agreed is Channel.EMAIL:
        return _with(person.email, Channel.EMAIL, "Their e-mail address is missing.")
    if agreed is Channel.SMS and not person.may_text:
        raise NotSafe("They asked not to be texted.")
    channel = Channel.SMS if agreed is Channel.SMS and can_text else Channel.BY_HAND
    return _with(person.phone, channel, "Their phone number is missing.")


def _with(needed: str | None, channel: Channel, missing: str) -> Channel:
    if not needed:
        raise NotSafe(missing)
    return channel


def settings() -> Settings:
    """The settings of the charity whose application is running."""
    return cast(Settings, current_app.config["SETTINGS"])
