"""Roles, permissions, and the one table that says who may do what."""

import unicodedata
from enum import StrEnum


class Role(StrEnum):
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    HELPER = "helper"
    PACKER = "packer"
    EVALUATOR = "evaluator"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SAFEGUARDING_DEPUTY = "safeguarding_deputy"
    PRACTITIONER = "practitioner"


ROLE_LABELS = {
    Role.COORDINATOR: "Coordinator",
    Role.FACILITATOR: "Facilitator",
    Role.HELPER: "Group helper",
    Role.PACKER: "Packer",
    Role.EVALUATOR: "Evaluator",
    Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.SAFEGUARDING_DEPUTY: "Safeguarding deputy",
    Role.PRACTITIONER: "Partner practitioner",
}


class Permission(StrEnum):
    SEE_DESK = "see_desk"
    MANAGE_STAFF = "manage_staff"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    SEE_OWN_FAMILIES = "see_own_families"
    SEE_COHORTS = "see_cohorts"
    OPEN_COHORTS = "open_cohorts"
    CHANGE_PLAN = "change_plan"
    SEE_GROUP = "see_group"
    TAKE_REGISTER = "take_register"
    RUN_SESSION = "run_session"
    STOP_JOINING = "stop_joining"
    RELEASE_HANDOUTS = "release_handouts"
    SEE_PARCELS = "see_parcels"
    PACK_PARCELS = "pack_parcels"
    SEE_RESPONSES = "see_responses"
    SEE_OUTCOMES = "see_outcomes"
    SEE_OUTBOX = "see_outbox"
    REWORD_TEXTS = "reword_texts"
    RAISE_CONCERN = "raise_concern"
    READ_CONCERNS = "read_concerns"


P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {P.SEE_DESK, P.MANAGE_STAFF, P.SEE_PEOPLE, P.EDIT_PEOPLE, P.SEE_COHORTS}
        | {P.OPEN_COHORTS, P.CHANGE_PLAN, P.SEE_GROUP, P.TAKE_REGISTER, P.STOP_JOINING}
        | {P.RELEASE_HANDOUTS, P.SEE_PARCELS, P.SEE_RESPONSES, P.SEE_OUTCOMES, P.SEE_OUTBOX}
        | {P.REWORD_TEXTS, P.RAISE_CONCERN}
    ),
    Role.FACILITATOR: frozenset(
        {P.SEE_DESK, P.SEE_COHORTS, P.SEE_GROUP, P.TAKE_REGISTER, P.RUN_SESSION}
        | {P.STOP_JOINING, P.RELEASE_HANDOUTS, P.SEE_RESPONSES, P.RAISE_CONCERN}
    ),
    Role.HELPER: frozenset({P.SEE_DESK, P.SEE_GROUP, P.TAKE_REGISTER, P.RAISE_CONCERN}),
    Role.PACKER: frozenset({P.SEE_DESK, P.SEE_PARCELS, P.PACK_PARCELS}),
    Role.EVALUATOR: frozenset({P.SEE_DESK, P.SEE_OUTCOMES}),
    Role.SAFEGUARDING_LEAD: frozenset({P.SEE_DESK, P.RAISE_CONCERN, P.READ_CONCERNS}),
    Role.SAFEGUARDING_DEPUTY: frozenset({P.SEE_DESK, P.RAISE_CONCERN, P.READ_CONCERNS}),
    Role.PRACTITIONER: frozenset({P.SEE_DESK, P.SEE_OWN_FAMILIES, P.RAISE_CONCERN}),
}


class Purpose(StrEnum):
    """What a personal link opens: one thing, for one row."""

    MY_GROUP = "my_group"
    QUESTIONNAIRE = "questionnaire"
    INVITATION = "invitation"
    DETAILS = "details"
    """Somebody's own details: never a link by itself, it takes a typed code."""
    STOP = "stop"
    """One click: no more messages to one person."""
    CALENDAR = "calendar"
    """The dates of one place in a group, for a calendar that asks for them again."""
    NEW_CONTACT = "new_contact"
    """A phone or e-mail that somebody gave themselves: never a link, it takes a typed code."""


TRIES_BEFORE_WAITING = 5
LONGEST_WAIT_SECONDS = 15 * 60


def seconds_to_wait(wrong_tries: int) -> int:
    """How long after the last wrong try the next one is heard: 0, then 30 s doubling to 15 min."""
    extra = wrong_tries - TRIES_BEFORE_WAITING
    return 0 if extra < 0 else min(30 * 2 ** min(extra, 10), LONGEST_WAIT_SECONDS)


TYPED_DIGITS = 6
TYPED_CODE_SECONDS = 10 * 60
TYPED_CODE_TRIES = 5
CODES_AN_HOUR, CODES_AN_HOUR_FROM_ONE_ADDRESS, TRIES_AN_HOUR_FROM_ONE_ADDRESS = 3, 20, 60
"""An address is often shared: a phone company gives one to many phones."""


def digits_of(typed: str) -> str:
    """The digits of what somebody typed, in whatever script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())


def say_tries_left(wrong_tries: int) -> str:
    """What a wrong code is answered with."""
    left = TYPED_CODE_TRIES - wrong_tries
    if left < 1:
        return "That code is not right, and that was the last try. Ask for a new code."
    return f"That code is not right. You have {left} {'try' if left == 1 else 'tries'} left."


SHORTEST_PASSWORD = 12
INVITED_FOR_DAYS = 7
CODE_SECONDS = 30


def what_is_weak(password: str, repeated: str) -> str | None:
    """Why a new password will not do, in a sentence; None when it will."""
    if len(password) < SHORTEST_PASSWORD:
        return f"Choose a password of at least {SHORTEST_PASSWORD} characters. Three words will do."
    if len(set(password.lower())) < SHORTEST_PASSWORD // 2:
        return "That password repeats itself too much. Three words will do."
    return None if password == repeated else "The two passwords differ. Type them again."
