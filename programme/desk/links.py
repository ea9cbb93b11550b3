"""New links for somebody whose phone or messages others may read."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.queries import enrolment_for, known_as
from programme.desk.pages import blueprint as blueprint
from programme.foundation.clock import now
from programme.questionnaires.links import give_new_links


@blueprint.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/new-links")
@needs(Permission.OPEN_COHORTS)
def new_links(cohort_id: int, enrolment_id: int) -> Response:
    place = enrolment_for(viewer(), enrolment_id)
    if place is None or place.cohort_id != cohort_id:
        abort(404)
    give_new_links([place], by=viewer(), at=now())
    flash(
        f"The old links of {known_as(place)} open nothing any more. "
        "The next message brings a new one.",
        "done",
    )
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)
