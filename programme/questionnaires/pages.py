"""The questions, one on each screen, for whoever holds the link; and the board for staff."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link, needs, viewer
from programme.access.rules import Permission, Purpose
from programme.access.viewer import participant_viewer
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.questionnaires.actions import begin as begin_sheet
from programme.questionnaires.actions import finish as finish_sheet
from programme.questionnaires.actions import take_answer
from programme.questionnaires.board import board_of, boards
from programme.questionnaires.forms import RATHER_NOT, read_choice
from programme.questionnaires.queries import Question, Sheet, find_sheet
from programme.questionnaires.rules import PAUSE, Standing

blueprint = Blueprint("questionnaires", __name__)
LATELY = "lately"
"""In the browser's session: which screens it answered, and when. Never what."""


@blueprint.get("/q/<key>")
@by_link(Purpose.QUESTIONNAIRE)
def begin(key: str) -> str:
    sheet, at = _sheet(), now()
    where = sheet.standing(at)
    if where is Standing.OPEN:
        return render_template("questionnaires/begin.html", sheet=sheet, key=key)
    is_just_now = bool(sheet.finished_at and at - sheet.finished_at < PAUSE)
    return render_template(
        "questionnaires/end.html", sheet=sheet, where=where, is_just_now=is_just_now
    )


@blueprint.post("/q/<key>")
@by_link(Purpose.QUESTIONNAIRE)
def start(key: str) -> Response:
    sheet, at = _sheet(to_write=True), now()
    try:
        begin_sheet(sheet, by=participant_viewer(sheet.participant_id), at=at)
    except Refusal:
        return _to("begin", key)
    return _go_on(sheet, key, 0)


@blueprint.get("/q/<key>/<int:number>")
@by_link(Purpose.QUESTIONNAIRE)
def ask(key: str, number: int) -> str | Response:
    sheet, at = _sheet(), now()
    if sheet.standing(at) is not Standing.OPEN or sheet.begun_at is None:
        return _to("begin", key)
    question = _question(sheet, number)
    chosen = _shown(sheet.answers[number]) if _is_lately(sheet, number, at) else ""
    return _screen(sheet, question, key, chosen)


@blueprint.post("/q/<key>/<int:number>")
@by_link(Purpose.QUESTIONNAIRE)
def answer(key: str, number: int) -> Response | tuple[str, int]:
    sheet, at = _sheet(to_write=True), now()
    if sheet.standing(at) is not Standing.OPEN:
        return _to("begin", key)
    question = _question(sheet, number)
    try:
        chosen = read_choice(request.form, question.item)
    except Refusal as refusal:
        return _screen(sheet, question, key, "", problem=str(refusal)), 422
    by = participant_viewer(sheet.participant_id)
    after = take_answer(sheet, number, chosen, by=by, at=at)
    _remember(after, number, at)
    return _go_on(after, key, number)


@blueprint.get("/q/<key>/left-out")
@by_link(Purpose.QUESTIONNAIRE)
def left_out(key: str) -> str | Response:
    sheet = _sheet()
    if sheet.standing(now()) is not Standing.OPEN or sheet.begun_at is None:
        return _to("begin", key)
    return render_template("questionnaires/left_out.html", sheet=sheet, key=key)


@blueprint.post("/q/<key>/left-out")
@by_link(Purpose.QUESTIONNAIRE)
def finish(key: str) -> Response:
    sheet, at = _sheet(to_write=True), now()
    if sheet.standing(at) is Standing.OPEN:
        finish_sheet(sheet, by=participant_viewer(sheet.participant_id), at=at)
    return _to("begin", key)


@blueprint.get("/responses")
@needs(Permission.SEE_RESPONSES)
def responses() -> str:
    return render_template("questionnaires/responses.html", boards=boards(viewer(), now()))


@blueprint.get("/responses/<int:cohort_id>")
@needs(Permission.SEE_RESPONSES)
def cohort_responses(cohort_id: int) -> str:
    board = board_of(viewer(), cohort_id, now()) or abort(404)
    return render_template("questionnaires/responses.html", boards=[board], is_one=True)


def _sheet(*, to_write: bool = False) -> Sheet:
    sheet = find_sheet(link().row_id, to_write=to_write)
    return sheet if sheet and not sheet.is_link_over(now()) else abort(404)


def _question(sheet: Sheet, number: int) -> Question:
    return sheet.question(number) or abort(404)


def _screen(sheet: Sheet, question: Question, key: str, chosen: str, problem: str = "") -> str:
    return render_template(
        "questionnaires/question.html",
        sheet=sheet,
        question=question,
        key=key,
        chosen=chosen,
        problem=problem,
        rather_not=RATHER_NOT,
    )


def _go_on(sheet: Sheet, key: str, number: int) -> Response:
    """To the next question without an answer; after the last, to what was left out or the end."""
    following = sheet.next_after(number)
    if following:
        return redirect(url_for("questionnaires.ask", key=key, number=following), 303)
    return _to("begin" if sheet.finished_at else "left_out", key)


def _to(page: str, key: str) -> Response:
    return redirect(url_for(f"questionnaires.{page}", key=key), 303)


def _shown(value: int | None) -> str:
    return RATHER_NOT if value is None else str(value)


def _remember(sheet: Sheet, number: int, at: datetime) -> None:
    """That this browser answered this screen; what it answered longer ago is forgotten."""
    since = (at - PAUSE).timestamp()
    kept = {name: when for name, when in session.get(LATELY, {}).items() if when > since}
    session[LATELY] = kept | {f"{sheet.id}.{number}": at.timestamp()}


def _is_lately(sheet: Sheet, number: int, at: datetime) -> bool:
    """Whether this browser answered this screen within the last ten minutes."""
    when = session.get(LATELY, {}).get(f"{sheet.id}.{number}", 0)
    return number in sheet.answers and when > (at - PAUSE).timestamp()
