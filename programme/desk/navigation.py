"""What every staff page shows around itself: the ways to go on, and who is signed in."""

from typing import Any

from flask import Flask, current_app, request, url_for

from programme.access.gate import viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.registers.attendance import Picture, picture

WAYS = (
    ("Today", "desk.today", Permission.SEE_DESK),
    ("Term", "desk.this_term", Permission.SEE_COHORTS),
    ("Cohorts", "cohorts.every_cohort", Permission.SEE_COHORTS),
    ("People", "people.everybody", Permission.SEE_PEOPLE),
    ("Families", "people.families", Permission.SEE_OWN_FAMILIES),
    ("Parcels", "parcels.dispatch", Permission.SEE_PARCELS),
    ("Letters", "letters.letters", Permission.PACK_PARCELS),
    ("Handouts", "handouts.index", Permission.SEE_COHORTS),
    ("Outbox", "messages.outbox", Permission.SEE_OUTBOX),
    ("Questions", "questionnaires.responses", Permission.SEE_RESPONSES),
    ("Outcomes", "outcomes.outcomes", Permission.SEE_OUTCOMES),
    ("Concerns", "safeguarding.concerns", Permission.READ_CONCERNS),
    ("Staff", "desk.staff", Permission.MANAGE_STAFF),
)

COHORT_WAYS = (
    ("Who came", "registers.attendance", Permission.SEE_GROUP),
    ("Who completes", "completion.of_cohort", Permission.SEE_COHORTS),
    ("Who has answered", "questionnaires.cohort_responses", Permission.SEE_RESPONSES),
    ("What changed", "outcomes.cohort", Permission.SEE_OUTCOMES),
)
"""From a cohort's page to what the areas above it know of the cohort."""


def surround(app: Flask) -> None:
    """Give every page its surroundings."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """The names that `_parts/staff.html` and `_parts/parent.html` use."""
    return {
        "settings": current_app.config["SETTINGS"],
        "nav": [(label, url, _where(url)) for label, url in _ways()],
        "cohort_ways": cohort_ways,
        "who_came": who_came,
        "signed_in_as": viewer().name,
    }


def cohort_ways(cohort_id: int, partner_id: int) -> list[tuple[str, str]]:
    """Where else the viewer may look at a cohort: words and address."""
    return [
        (label, url_for(endpoint, cohort_id=cohort_id))
        for label, endpoint, need in COHORT_WAYS
        if viewer().can(need, cohort=cohort_id, partner=partner_id)
    ]


def who_came(cohort_id: int, partner_id: int) -> Picture | None:
    """The attendance of a cohort for its page, which lies below registers; None: not theirs."""
    may_see = viewer().can(Permission.SEE_GROUP, cohort=cohort_id, partner=partner_id)
    return picture(viewer(), cohort_id, now()) if may_see else None


def _where(url: str) -> str:
    """What `aria-current` says: this page, or one of those below it."""
    if request.path == url:
        return "page"
    return "true" if url != "/" and request.path.startswith(f"{url}/") else ""


def _ways() -> list[tuple[str, str]]:
    return [(label, url_for(endpoint)) for label, endpoint, need in WAYS if viewer().can(need)]
