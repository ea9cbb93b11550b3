"""Handouts for staff: every week in every form, and releasing one."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.programmes import load_programme, programme_names
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.handouts.actions import release
from programme.handouts.models import Rendering
from programme.handouts.queries import (
    cohort_releases,
    cohort_to_release,
    programmes_in_use,
    rendered_file,
    week_rows,
)
from programme.handouts.rules import FORM_LABELS, Form
from programme.handouts.sheets import SHEETS

blueprint = Blueprint("handouts", __name__)


@blueprint.get("/handouts")
@needs(Permission.SEE_COHORTS)
def index() -> str:
    return render_template(
        "handouts/index.html",
        programmes=[(load_programme(name), week_rows(name)) for name in programmes_in_use()],
        cohorts=cohort_releases(viewer()),
        labels=FORM_LABELS,
        forms=tuple(SHEETS),
    )


@blueprint.get("/handouts/<programme>/week-<int:week>-<form>.pdf")
@needs(Permission.SEE_COHORTS)
def printed(programme: str, week: int, form: str) -> Response:
    numbers = (
        {s.number for s in load_programme(programme).sessions}
        if (programme in programme_names())
        else set()
    )
    if form not in set(SHEETS) or week not in numbers:
        abort(404)
    return send_handout(rendered_file(programme, week, "en", Form(form)), week)


@blueprint.post("/handouts/release")
@needs(Permission.RELEASE_HANDOUTS)
def release_week() -> AnyResponse:
    cohort = cohort_to_release(viewer(), request.form.get("cohort", 0, type=int))
    if cohort is None:
        abort(404)
    week = request.form.get("week", 0, type=int)
    try:
        release(cohort, week, by=viewer(), at=now())
        flash(f"{cohort.public_name}: week {week} is open to everybody.", "done")
    except Refusal as refusal:
        flash(str(refusal), "wrong")
    return redirect(request.form.get("back") or url_for("handouts.index"), 303)


def send_handout(file: Rendering | None, week: int) -> Response:
    """A printed file: kept by the phone, asked for again by its ETag. 404 until it is printed."""
    if file is None:
        abort(404)
    answer = Response(mimetype="application/pdf")
    answer.set_etag(file.file_hash)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="week-{week}.pdf"'
    if request.if_none_match.contains(file.file_hash):
        answer.status_code = 304
        return answer
    answer.set_data(file.content)
    return answer
