"""Who takes part: enrolling, offering, pausing, leaving, and what people agreed to."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.actions import (
    accept_offer,
    enrol,
    note_rung,
    offer_next,
    pause_enrolment,
    record_consents,
    resume_enrolment,
    withdraw,
)
from programme.cohorts.models import Enrolment
from programme.cohorts.pages import Answer, do
from programme.cohorts.places import consents_of
from programme.cohorts.queries import (
    CHANGE,
    OPEN,
    cohort_for,
    enrolment_for,
    known_as,
    participant_for,
)
from programme.cohorts.rules import Stage
from programme.foundation.clock import now
from programme.people.rules import CONSENT_WORDING, ConsentPurpose

blueprint = Blueprint("places", __name__, url_prefix="/cohorts/<int:cohort_id>")


@blueprint.post("/enrol")
@needs(Permission.OPEN_COHORTS)
def enrol_people(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, OPEN) or abort(404)
    chosen = request.form.getlist("people", type=int)
    people = [participant_for(viewer(), number) or abort(404) for number in chosen]

    def deed() -> str:
        places = [enrol(person, into=cohort, by=viewer(), at=now()) for person in people]
        return _say_enrolled(places)

    return do(cohort_id, deed)


def _say_enrolled(places: list[Enrolment]) -> str:
    waiting = sum(place.stage == Stage.WAITING for place in places)
    enrolled = len(places) - waiting
    if not places:
        return "Nobody was ticked, so nobody is enrolled."
    return f"{enrolled} enrolled." + (f" {waiting} on the waiting list." if waiting else "")


@blueprint.post("/offer")
@needs(Permission.OPEN_COHORTS)
def offer(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, OPEN) or abort(404)

    def deed() -> str:
        place = offer_next(cohort, by=viewer(), at=now())
        return f"The place is kept for {known_as(place)}. Ring and ask; then say yes or no here."

    return do(cohort_id, deed)


@blueprint.post("/people/<int:enrolment_id>/<verb>")
@needs(Permission.OPEN_COHORTS)
def change_place(cohort_id: int, enrolment_id: int, verb: str) -> Answer:
    place = _place_or_404(cohort_id, enrolment_id)
    act, said = PLACE_VERBS.get(verb) or abort(404)

    def deed() -> str:
        act(place, by=viewer(), at=now())
        return said.format(name=known_as(place))

    return do(cohort_id, deed)


PLACE_VERBS = {
    "accept": (accept_offer, "{name} is enrolled."),
    "pause": (pause_enrolment, "{name} is paused: nothing is sent until you resume."),
    "resume": (resume_enrolment, "{name} gets what is still of use."),
}


@blueprint.get("/people/<int:enrolment_id>/leave")
@needs(Permission.OPEN_COHORTS)
def leaving(cohort_id: int, enrolment_id: int) -> str:
    place = _place_or_404(cohort_id, enrolment_id)
    return render_template("cohorts/leave.html", place=place, name=known_as(place))


@blueprint.post("/people/<int:enrolment_id>/leave")
@needs(Permission.OPEN_COHORTS)
def leave(cohort_id: int, enrolment_id: int) -> Answer:
    place = _place_or_404(cohort_id, enrolment_id)

    def deed() -> str:
        withdraw(place, by=viewer(), at=now(), reason=request.form.get("reason", ""))
        return f"{known_as(place)} has left. Nothing more is sent, but questions they agreed to."

    return do(cohort_id, deed)


@blueprint.get("/people/<int:enrolment_id>/consent")
@needs(Permission.OPEN_COHORTS)
def consent(cohort_id: int, enrolment_id: int) -> str:
    place = _place_or_404(cohort_id, enrolment_id)
    return render_template(
        "cohorts/consent.html",
        place=place,
        name=known_as(place),
        wording=CONSENT_WORDING,
        answers=consents_of(place.participant_id),
    )


@blueprint.post("/people/<int:enrolment_id>/consent")
@needs(Permission.OPEN_COHORTS)
def record_consent(cohort_id: int, enrolment_id: int) -> Answer:
    place = _place_or_404(cohort_id, enrolment_id)
    words = {purpose: request.form.get(purpose.value) for purpose in ConsentPurpose}
    answers = {purpose: word == "yes" for purpose, word in words.items() if word in ("yes", "no")}
    changed = record_consents(place, answers, by=viewer(), at=now())
    flash(f"{changed} answers of {known_as(place)} recorded.", "done")
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)


@blueprint.post("/rung/<int:participant_id>")
@needs(Permission.CHANGE_PLAN)
def rung(cohort_id: int, participant_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        note_rung(cohort, participant_id, by=viewer(), at=now())
        return "Noted that you rang."

    return do(cohort_id, deed)


def _place_or_404(cohort_id: int, enrolment_id: int) -> Enrolment:
    place = enrolment_for(viewer(), enrolment_id)
    return place if place and place.cohort_id == cohort_id else abort(404)
