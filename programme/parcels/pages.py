"""The dispatch list, one parcel, and what is printed of them."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.parcels import actions, carrier
from programme.parcels.dispatch_list import dispatch_list
from programme.parcels.forms import (
    filter_arguments,
    read_filter,
    read_nudge,
    read_seen,
    read_start,
    read_state,
    read_tick,
)
from programme.parcels.making import split_parcel
from programme.parcels.models import Parcel
from programme.parcels.papers import STOCKS, Sheet, labels
from programme.parcels.print_job import PrintJob
from programme.parcels.queries import cohorts_with_parcels, parcel_for
from programme.parcels.rules import STATE_LABELS, ParcelState

blueprint = Blueprint("parcels", __name__, url_prefix="/parcels")
P = Permission
DONE_WORDS = {ParcelState.PACKED: "packed", ParcelState.POSTED: "posted"}


@blueprint.get("")
@needs(P.SEE_PARCELS)
def dispatch() -> str:
    return render_template(
        "parcels/list.html",
        list=dispatch_list(viewer(), read_filter(request.args), now()),
        cohorts=cohorts_with_parcels(viewer()),
        states=STATE_LABELS,
        stocks=STOCKS.values(),
        packs=viewer().can(P.PACK_PARCELS),
        chosen=_chosen(),
    )


@blueprint.post("")
@needs(P.SEE_PARCELS)
def tick() -> Answer:
    """One row's tick, or everything that was selected."""
    one = read_tick(request.form.get("tick", ""))
    try:
        seen = one.seen if one else read_seen(request.form.get("seen", ""))
    except Refusal as refusal:
        return _refused(refusal)
    to = ParcelState.PACKED if seen is ParcelState.TO_PACK else ParcelState.POSTED
    ids = [one.parcel_id] if one else request.form.getlist(seen, type=int)
    moved = actions.move_parcels(ids, seen=seen, to=to, by=viewer(), at=now())
    if moved.count:
        flash(f"{_parcels(moved.count)} marked as {DONE_WORDS[to]}. Open one to undo.", "done")
    _tell(moved.refused)
    return redirect(_back_to_list(), 303)


@blueprint.get("/<int:parcel_id>")
@needs(P.SEE_PARCELS, leaves_trace=True)
def parcel(parcel_id: int) -> str:
    return _show(_parcel_or_404(parcel_id))


@blueprint.post("/<int:parcel_id>/confirm")
@needs(P.EDIT_PEOPLE)
def confirm(parcel_id: int) -> Answer | tuple[str, int]:
    found = _parcel_or_404(parcel_id, P.EDIT_PEOPLE)
    try:
        actions.confirm_address(found, seen=request.form.get("seen", ""), by=viewer(), at=now())
    except Refusal as refusal:
        return _show(found, refusal), 422
    return _done(found, "The address is confirmed, and the parcel can be packed.")


@blueprint.post("/<int:parcel_id>/move")
@needs(P.SEE_PARCELS)
def move(parcel_id: int) -> Answer | tuple[str, int]:
    found = _parcel_or_404(parcel_id)
    try:
        to = read_state(request.form.get("to", ""))
        actions.move_parcel(
            found, seen=read_state(request.form.get("seen", "")), to=to, by=viewer(), at=now()
        )
    except Refusal as refusal:
        return _show(found, refusal), 422
    return _done(found, f"The parcel is marked as {STATE_LABELS[to].lower()}.")


@blueprint.post("/<int:parcel_id>/undo")
@needs(P.SEE_PARCELS)
def undo(parcel_id: int) -> Answer | tuple[str, int]:
    found = _parcel_or_404(parcel_id)
    event_id = request.form.get("event", 0, type=int)
    try:
        state = actions.undo_move(found, event_id=event_id, by=viewer(), at=now())
    except Refusal as refusal:
        return _show(found, refusal), 422
    return _done(found, f"Undone. The parcel is {STATE_LABELS[state].lower()} again.")


@blueprint.post("/<int:parcel_id>/split")
@needs(P.EDIT_PEOPLE)
def split(parcel_id: int) -> Answer | tuple[str, int]:
    found = _parcel_or_404(parcel_id, P.EDIT_PEOPLE)
    try:
        split_parcel(found, by=viewer(), at=now())
    except Refusal as refusal:
        return _show(found, refusal), 422
    return _done(found, "Whoever lives elsewhere now has a parcel of their own.")


@blueprint.get("/labels.pdf")
@needs(P.PACK_PARCELS, leaves_trace=True)
def label_sheet() -> Answer:
    try:
        sheet = _sheet()
        job = _take("labels")
        made = labels(job.rows, sheet, now())
    except Refusal as refusal:
        return _refused(refusal)
    _tell((*job.left_out, *made.left_out))
    return _file(made.pdf, "application/pdf", "labels.pdf")


@blueprint.get("/list.csv")
@needs(P.PACK_PARCELS, leaves_trace=True)
def table() -> Answer:
    try:
        job = _take("list")
    except Refusal as refusal:
        return _refused(refusal)
    is_plain = request.args.get("layout") == "plain"
    layout = carrier.plain_table if is_plain else carrier.click_and_drop
    text, warnings = layout(job.rows)
    _tell((*job.left_out, *warnings))
    return _file(text.encode("utf-8-sig"), "text/csv; charset=utf-8", "list.csv")


def _take(what: str) -> PrintJob:
    order = request.args.get("order", "cohort")
    return actions.take_addresses(
        read_filter(request.args), what=what, order=order, by=viewer(), at=now()
    )


def _sheet() -> Sheet:
    stock = STOCKS.get(request.args.get("stock", "L7160"))
    if stock is None:
        raise Refusal("Choose one of the label sheets in the list.")
    return Sheet(
        stock=stock,
        start=read_start(request.args.get("start", ""), stock.count),
        right=read_nudge(request.args.get("right", "")),
        down=read_nudge(request.args.get("down", "")),
    )


def _parcel_or_404(parcel_id: int, permission: Permission = P.SEE_PARCELS) -> Parcel:
    return parcel_for(viewer(), parcel_id, permission) or abort(404)


def _show(found: Parcel, refusal: Refusal | None = None) -> str:
    page = actions.look_at_parcel(found, by=viewer(), at=now())
    return render_template("parcels/parcel.html", parcel=page, problem=refusal)


def _done(found: Parcel, sentence: str) -> Answer:
    flash(sentence, "done")
    return redirect(url_for("parcels.parcel", parcel_id=found.id), 303)


def _refused(refusal: Refusal) -> Answer:
    flash(str(refusal), "wrong")
    return redirect(_back_to_list(), 303)


def _tell(sentences: tuple[str, ...]) -> None:
    """Said on the next page."""
    for sentence in sentences:
        flash(sentence, "wrong")


def _back_to_list() -> str:
    return url_for("parcels.dispatch", **_chosen())


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = current_app.response_class(content, mimetype=None, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _parcels(count: int) -> str:
    return "One parcel" if count == 1 else f"{count} parcels"


def _chosen() -> dict[str, Any]:
    return dict(filter_arguments(request.values))
