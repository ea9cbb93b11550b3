"""Families in: a partner's file, looked through and mended row by row, then brought in."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people import bringing_in
from programme.people.imports.fields import FIELD_LABELS, Field
from programme.people.models import Upload
from programme.people.previewing import Verdict, preview
from programme.people.queries import day_of, partners_for
from programme.people.uploads import choices_of, unfinished_uploads, upload_for

blueprint = Blueprint("families_in", __name__)
EDIT = Permission.EDIT_PEOPLE


@blueprint.get("/people/import")
@needs(EDIT)
def choose() -> str:
    return _show_choice()


@blueprint.post("/people/import")
@needs(EDIT)
def send() -> Response | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _show_choice("Choose the partner's file first."), 422
    with file.stream:
        content = file.read()
    try:
        upload = bringing_in.begin_upload(
            content,
            file.filename[-200:],
            partner_id=request.form.get("partner", 0, type=int),
            by=viewer(),
            at=now(),
        )
    except Refusal as refusal:
        return _show_choice(str(refusal)), 422
    db.session.flush()
    return _back(upload.id)


@blueprint.get("/people/import/<int:number>")
@needs(EDIT)
def look(number: int) -> str:
    return _show(_upload_or_404(number))


@blueprint.post("/people/import/<int:number>/columns")
@needs(EDIT)
def columns(number: int) -> Response | tuple[str, int]:
    upload = _upload_or_404(number)
    known = choices_of(upload).mapping
    chosen = {index: _field(f"column-{index}", field) for index, field in known.items()}
    return _try(
        upload,
        lambda: bringing_in.choose_columns(upload, chosen, by=viewer(), at=now()),
        "what-is-what",
    )


@blueprint.post("/people/import/<int:number>/rows")
@needs(EDIT)
def rows(number: int) -> Response | tuple[str, int]:
    """One row at a time: mended, left out, taken in again, or taken in as another person."""
    upload, form = _upload_or_404(number), request.form
    for name, change in _CHANGES.items():
        if row := form.get(name, 0, type=int):
            return _try(upload, _changing(change, upload, row), f"row-{row}")
    row = form.get("row", 0, type=int)
    cells = {field: form[field.value] for field in Field if field.value in form}
    return _try(
        upload,
        lambda: bringing_in.mend_row(upload, row, cells, by=viewer(), at=now()),
        f"row-{row}",
    )


@blueprint.post("/people/import/<int:number>")
@needs(EDIT)
def bring_in(number: int) -> Response | tuple[str, int]:
    upload = _upload_or_404(number)
    try:
        count = bringing_in.bring_in_upload(
            upload,
            expected=request.form.get("expected", 0, type=int),
            is_consent_recorded="recorded" in request.form,
            by=viewer(),
            at=now(),
        )
    except Refusal as refusal:
        db.session.rollback()
        return _show(upload, str(refusal)), 422
    flash(f"{count} {'person is' if count == 1 else 'people are'} in.", "done")
    return _back(number)


@blueprint.post("/people/import/<int:number>/forget")
@needs(EDIT)
def forget(number: int) -> Response:
    bringing_in.throw_away(_upload_or_404(number), by=viewer(), at=now())
    flash("The file is gone, with everything chosen about it. Nobody from it was saved.", "done")
    return redirect(url_for("families_in.choose"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    return _show_choice(
        "This file is larger than 5 MB: keep only the sheet with the families."
    ), 422


_CHANGES = {
    "leave_out": bringing_in.leave_out,
    "take_in": bringing_in.take_in_again,
    "as_another": bringing_in.take_in_as_another,
}


def _changing(change: Callable[..., None], upload: Upload, row: int) -> Callable[[], None]:
    return lambda: change(upload, row, by=viewer(), at=now())


def _try(upload: Upload, change: Callable[[], None], place: str) -> Response | tuple[str, int]:
    try:
        change()
    except Refusal as refusal:
        return _show(upload, str(refusal)), 422
    return _back(upload.id, place)


def _back(number: int, place: str | None = None) -> Response:
    return redirect(url_for("families_in.look", number=number, _anchor=place), 303)


def _upload_or_404(number: int) -> Upload:
    found = upload_for(viewer(), number, now())
    if found is None:
        abort(404)
    return found


def _field(name: str, otherwise: Field) -> Field:
    chosen = request.form.get(name, "")
    return Field(chosen) if chosen in set(Field) else otherwise


def _show_choice(problem: str = "") -> str:
    return render_template(
        "people/import.html",
        partners=partners_for(viewer()),
        unfinished=unfinished_uploads(viewer(), now()),
        problem=problem,
    )


def _show(upload: Upload, problem: str = "") -> str:
    if upload.confirmed_at:
        return render_template("people/import_done.html", count=choices_of(upload).brought_in)
    return render_template(
        "people/import_preview.html",
        upload=upload,
        found=preview(upload, viewer=viewer(), on=day_of(now())),
        labels=FIELD_LABELS,
        verdicts=Verdict,
        problem=problem,
    )
