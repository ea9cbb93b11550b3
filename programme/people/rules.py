"""Vocabulary about people, and what may be started towards them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Relationship(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    STEP_PARENT = "step_parent"
    SIBLING = "sibling"
    FOSTER_CARER = "foster_carer"
    OTHER_CARER = "other_carer"


RELATIONSHIP_LABELS = {
    Relationship.MOTHER: "Mother",
    Relationship.FATHER: "Father",
    Relationship.GRANDPARENT: "Grandparent",
    Relationship.AUNT_OR_UNCLE: "Aunt or uncle",
    Relationship.STEP_PARENT: "Step-parent",
    Relationship.SIBLING: "Brother or sister",
    Relationship.FOSTER_CARER: "Foster carer",
    Relationship.OTHER_CARER: "Another carer",
}


class Channel(StrEnum):
    """How a person safely hears from us."""

    EMAIL = "email"
    SMS = "sms"
    BY_HAND = "by_hand"
    PHONE = "phone"
    POST = "post"


CHANNEL_LABELS = {
    Channel.EMAIL: "E-mail",
    Channel.SMS: "Text",
    Channel.BY_HAND: "A text that one of us sends by hand",
    Channel.PHONE: "A call",
    Channel.POST: "A letter",
}


class ChangeKind(StrEnum):
    """What somebody changes or asks for on their own page, and one of us rings about."""

    PHONE = "phone"
    EMAIL = "email"
    CHANNEL = "channel"
    REACHING = "reaching"
    """Hours, voicemail or whether we may text."""
    ADDRESS = "address"
    CONSENT = "consent"
    RING_ME = "ring_me"


CHANGE_LABELS = {
    ChangeKind.PHONE: "Phone",
    ChangeKind.EMAIL: "E-mail",
    ChangeKind.CHANNEL: "How to reach them",
    ChangeKind.REACHING: "When and how",
    ChangeKind.ADDRESS: "Address",
    ChangeKind.CONSENT: "What they agree to",
    ChangeKind.RING_ME: "They ask for a call",
}


class ConsentPurpose(StrEnum):
    TAKING_PART = "taking_part"
    MESSAGES = "messages"
    POST = "post"
    QUESTIONNAIRES = "questionnaires"
    FOLLOW_UP = "follow_up"
    PARTNER = "partner"


CONSENT_WORDING_VERSION = 1
CONSENT_WORDING = {
    ConsentPurpose.TAKING_PART: "You may keep my details so that I can take part in the group.",
    ConsentPurpose.MESSAGES: "You may send me messages about the group in the way we agreed.",
    ConsentPurpose.POST: "You may post a parcel to the address I gave you.",
    ConsentPurpose.QUESTIONNAIRES: "You may ask me questions before and after the group.",
    ConsentPurpose.FOLLOW_UP: "You may ask me questions once more, three months later.",
    ConsentPurpose.PARTNER: "You may tell the organisation that sent me when I came.",
}

CONSENT_LABELS = {
    ConsentPurpose.TAKING_PART: "Taking part",
    ConsentPurpose.MESSAGES: "Messages",
    ConsentPurpose.POST: "Parcel by post",
    ConsentPurpose.QUESTIONNAIRES: "Questions before and after",
    ConsentPurpose.FOLLOW_UP: "Questions three months later",
    ConsentPurpose.PARTNER: "Telling the partner when they came",
}


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What a worker and the person agreed, as typed in the form."""

    spoken_at: datetime
    spoken_by: str
    known_as: str
    channel: Channel
    from_hour: int
    until_hour: int
    may_text: bool
    may_leave_voicemail: bool
    who_must_not_know: str
    review_on: date | None
    consents: Mapping[ConsentPurpose, bool]


class Standing(StrEnum):
    """Where we are with somebody, as the list shows and filters it."""

    NOT_SPOKEN_TO = "not_spoken_to"
    REVIEW_DUE = "review_due"
    ADDRESS_MISSING = "address_missing"
    SPOKEN_TO = "spoken_to"


STANDING_LABELS = {
    Standing.NOT_SPOKEN_TO: "Not yet spoken to",
    Standing.REVIEW_DUE: "Agree again how to reach them",
    Standing.ADDRESS_MISSING: "Address not complete",
    Standing.SPOKEN_TO: "Spoken to",
}
STANDING_TONES = {
    Standing.NOT_SPOKEN_TO: "soon",
    Standing.REVIEW_DUE: "soon",
    Standing.ADDRESS_MISSING: "wrong",
    Standing.SPOKEN_TO: "done",
}


def standing(*, is_spoken_to: bool, is_review_due: bool, is_address_missing: bool) -> Standing:
    """The one thing to say of somebody: what must come first."""
    if not is_spoken_to:
        return Standing.NOT_SPOKEN_TO
    if is_review_due:
        return Standing.REVIEW_DUE
    return Standing.ADDRESS_MISSING if is_address_missing else Standing.SPOKEN_TO


def what_an_address_lacks(
    lines: str | Sequence[str] | None, town: str | None, postcode: str | None
) -> list[str]:
    """The parts that a parcel needs and that are not there."""
    parts = {"house and street": lines, "town": town, "postcode": postcode}
    return [name for name, text in parts.items() if not text]


_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})


def name_words(name: str) -> list[str]:
    """The words of a name as they are looked up: `O'Neill-Nowák` is `oneill` and `nowak`."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_STROKES))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return list(dict.fromkeys(re.findall(r"[^\W\d_]+", re.sub(r"['’`]", "", letters))))
