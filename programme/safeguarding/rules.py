"""Who reads which concerns."""

from collections.abc import Set
from datetime import timedelta

from programme.access.rules import Role

ANSWER_WITHIN = timedelta(days=2)
"""A concern without an answer for longer is shown as wrong, not as coming."""


def reads_about_lead(roles: Set[Role]) -> bool:
    """Whether concerns about the lead are for these eyes: a deputy's, never the lead's own."""
    return Role.SAFEGUARDING_DEPUTY in roles and Role.SAFEGUARDING_LEAD not in roles


def reads_the_rest(roles: Set[Role]) -> bool:
    """Whether all other concerns are: the lead's."""
    return Role.SAFEGUARDING_LEAD in roles
