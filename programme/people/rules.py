"""Vocabulary about people, and what may be started towards them."""

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


class Channel(StrEnum):
    """How a person safely hears from us."""

    EMAIL = "email"
    SMS = "sms"
    BY_HAND = "by_hand"
    PHONE = "phone"
    POST = "post"


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
