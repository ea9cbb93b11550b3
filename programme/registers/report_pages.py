"""The meeting's own report: brought in, who is who said, and marks taken from it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.registers import report_actions
from programme.registers.forms import STALE
from programme.registers.report_actions import Choice
from programme.registers.report_queries import reported_evening
from programme.registers.reports.report import Ignored
from programme.registers.rules import ATTENDANCE_LABELS, Whose
from programme.registers.scope import session_within

blueprint = Blueprint("reports", __name__)
SEE = Permission.SEE_COHORTS
Answer = Response | tuple[str, int]


@blueprint.get("/tonight/<int:session_id>/report")
@needs(SEE)
def look(session_id: int) -> str:
    return _page(session_id)


@blueprint.post("/tonight/<int:session_id>/report")
@needs(SEE)
def bring_in(session_id: int) -> Answer:
    session = session_within(viewer(), SEE, session_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(session_id, "Choose the report first."), 422
    with file.stream:
        data = file.read()
    try:
        report, ignored = report_actions.bring_in(session, data, by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, str(refusal)), 422
    flash(f"{_names(len(report.names))} read. Say below who is who.", "done")
    for sentence in _say_ignored(ignored):
        flash(sentence)
    return _back(session_id)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Answer:
    number = (request.view_args or {}).get("session_id", 0)
    return _page(
        number, "This file is larger than 5 MB: no report of one evening is so large."
    ), 413


@blueprint.post("/tonight/<int:session_id>/report/names")
@needs(SEE)
def names(session_id: int) -> Answer:
    session = session_within(viewer(), SEE, session_id)
    try:
        report_actions.decide(session, read_choices(request.form), by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, str(refusal)), 422
    flash("Who is who is saved. Names are remembered for the next report.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/report/marks")
@needs(SEE)
def marks(session_id: int) -> Answer:
    session = session_within(viewer(), SEE, session_id)
    try:
        count = report_actions.mark_as_reported(session, by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, str(refusal)), 422
    flash(f"{count} marked as the report says. Marks set before stayed as they were.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/report/<int:report_id>/take-out")
@needs(SEE)
def take_out(session_id: int, report_id: int) -> Answer:
    session = session_within(viewer(), SEE, session_id)
    report_actions.take_out(session, report_id, by=viewer(), at=now())
    flash("The report is taken out. Marks stayed as they were.", "done")
    return _back(session_id)


def read_choices(form: Mapping[str, str]) -> dict[int, Choice]:
    """For name 7, `who-7` is a person's id, "staff", "nobody" or empty; `also-7` a second person.

    Raises:
        Refusal: the form was not made by our page.
    """
    numbers = [key.removeprefix("who-") for key in form if key.startswith("who-")]
    try:
        return {int(number): _choice(form, number) for number in numbers}
    except ValueError as error:
        raise Refusal(STALE) from error


def _choice(form: Mapping[str, str], number: str) -> Choice:
    who, also = form[f"who-{number}"], form.get(f"also-{number}", "")
    if not who:
        return Choice(Whose.UNKNOWN)
    if who in (Whose.STAFF, Whose.NOBODY):
        return Choice(Whose(who))
    people = dict.fromkeys(int(each) for each in (who, also) if each)
    return Choice(Whose.PARTICIPANT, tuple(people))


def _page(session_id: int, problem: str = "") -> str:
    session = session_within(viewer(), SEE, session_id)
    evening = reported_evening(session)
    return render_template(
        "registers/report.html", evening=evening, problem=problem, labels=ATTENDANCE_LABELS
    )


def _back(session_id: int) -> Response:
    return redirect(url_for("reports.look", session_id=session_id), 303)


def _names(count: int) -> str:
    return "1 name" if count == 1 else f"{count} names"


def _say_ignored(ignored: tuple[Ignored, ...]) -> list[str]:
    """One sentence for each reason, with how many rows."""
    counts: dict[str, int] = {}
    for each in ignored:
        counts[each.reason] = counts.get(each.reason, 0) + 1
    return [
        f"{'1 row was' if count == 1 else f'{count} rows were'} not counted: {reason}"
        for reason, count in counts.items()
    ]
