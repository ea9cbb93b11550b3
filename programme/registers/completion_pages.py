"""How everybody of a group stands by the programme's rule, and certificates for who completed."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.models import Cohort
from programme.cohorts.queries import cohort_for
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.registers.certificates import print_for
from programme.registers.standings import rule_of, standings_of

blueprint = Blueprint("completion", __name__)


@blueprint.get("/cohorts/<int:cohort_id>/completion")
@needs(Permission.SEE_COHORTS)
def of_cohort(cohort_id: int) -> str:
    return _page(cohort_for(viewer(), cohort_id) or abort(404))


@blueprint.post("/cohorts/<int:cohort_id>/certificates.pdf")
@needs(Permission.SEE_COHORTS)
def certificates(cohort_id: int) -> AnyResponse | tuple[str, int]:
    cohort = cohort_for(viewer(), cohort_id) or abort(404)
    names = _typed(request.form)
    with_facilitators = "facilitators" in request.form
    try:
        pdf = print_for(cohort, names, with_facilitators=with_facilitators, by=viewer(), at=now())
    except Refusal as refusal:
        return _page(cohort, str(refusal)), 422
    return send_certificates(pdf)


def _typed(form: Mapping[str, str]) -> dict[int, str]:
    """The names typed, by place; whose is emptied gets none."""
    typed = {key.removeprefix("name-"): name for key, name in form.items() if "name-" in key}
    return {int(key): name for key, name in typed.items() if key.isdecimal() and name.strip()}


def send_certificates(pdf: bytes) -> Response:
    """A file whose name says nothing of whom it is for."""
    answer = current_app.response_class(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    return answer


def _page(cohort: Cohort, problem: str = "") -> str:
    return render_template(
        "registers/completion.html",
        cohort=cohort,
        rule=rule_of(cohort.programme),
        standings=standings_of([cohort.id], now()),
        problem=problem,
    )
