"""Who may join, and by which number: what is pressed and typed on the cohort's page."""

from flask import Blueprint, abort, request

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.dial_ins import DialIn, change_dial_in
from programme.cohorts.joining import let_join_again, place_to_stop, stop_joining
from programme.cohorts.pages import Answer, do
from programme.cohorts.queries import CHANGE, cohort_for, known_as
from programme.foundation.clock import now

blueprint = Blueprint("joining", __name__, url_prefix="/cohorts/<int:cohort_id>")


@blueprint.post("/dial-in")
@needs(Permission.CHANGE_PLAN)
def set_dial_in(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)
    typed = DialIn(request.form.get("number", ""), request.form.get("code", ""))

    def deed() -> str:
        change_dial_in(cohort, typed, by=viewer(), at=now())
        is_given = "is changed. Families see it once Join opens" if cohort.dial_in else "is gone"
        return f"The number to ring {is_given}."

    return do(cohort_id, deed)


@blueprint.post("/people/<int:enrolment_id>/stop-joining")
@needs(Permission.STOP_JOINING)
def stop(cohort_id: int, enrolment_id: int) -> Answer:
    place = place_to_stop(viewer(), cohort_id, enrolment_id) or abort(404)

    def deed() -> str:
        stop_joining(place, by=viewer(), at=now())
        return f"{known_as(place)} cannot join from their page. Somebody should ring them."

    return do(cohort_id, deed)


@blueprint.post("/people/<int:enrolment_id>/let-join")
@needs(Permission.STOP_JOINING)
def let_in(cohort_id: int, enrolment_id: int) -> Answer:
    place = place_to_stop(viewer(), cohort_id, enrolment_id) or abort(404)

    def deed() -> str:
        let_join_again(place, by=viewer(), at=now())
        return f"{known_as(place)} can join again."

    return do(cohort_id, deed)
