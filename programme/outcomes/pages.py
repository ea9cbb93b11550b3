"""What changed, for coordinators and evaluators."""

from flask import Blueprint, abort, render_template

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.outcomes.actions import read_outcomes
from programme.outcomes.queries import cohorts_with_answers

blueprint = Blueprint("outcomes", __name__)


@blueprint.get("/outcomes")
@needs(Permission.SEE_OUTCOMES)
def outcomes() -> str:
    return render_template("outcomes/outcomes.html", cohorts=cohorts_with_answers(viewer()))


@blueprint.get("/outcomes/<int:cohort_id>")
@needs(Permission.SEE_OUTCOMES, leaves_trace=True)
def cohort(cohort_id: int) -> str:
    found = read_outcomes(cohort_id, by=viewer(), at=now()) or abort(404)
    return render_template("outcomes/cohort.html", found=found)
