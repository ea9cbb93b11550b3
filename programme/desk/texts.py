"""What families are sent, text by text, and putting it in one's own words."""

import unicodedata

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.programmes import Programme, load_programme, programme_names
from programme.desk.pages import blueprint as blueprint
from programme.desk.text_queries import Chosen, chosen_text, text_lines
from programme.desk.text_times import times_of
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.messages.languages import every_language
from programme.messages.rewording import can_reword, reword, take_back
from programme.messages.templates import Template
from programme.messages.trying import may_ask_for

Answer = str | Response | tuple[str, int]
ONE_TEXT = "/texts/<programme>/<template>/<language>"


@blueprint.get("/texts")
@needs(Permission.REWORD_TEXTS)
def texts() -> str:
    chosen = _programme_or_404(request.args.get("programme") or programme_names()[0])
    return render_template(
        "desk/texts.html",
        programme=chosen,
        others=[load_programme(name) for name in programme_names() if name != chosen.id],
        lines=text_lines(chosen),
        languages=every_language().values(),
    )


@blueprint.get(ONE_TEXT)
@needs(Permission.REWORD_TEXTS)
def text(programme: str, template: str, language: str) -> str:
    chosen = _chosen_or_404(programme, template, language)
    return _page(chosen, chosen.current)


@blueprint.post(ONE_TEXT)
@needs(Permission.REWORD_TEXTS)
def change_text(programme: str, template: str, language: str) -> Answer:
    """Try out what was typed, or use it from now on."""
    chosen = _chosen_or_404(programme, template, language)
    typed = typed_text(request.form, chosen)
    if request.form.get("do") == "try":
        return _page(chosen, typed)
    if chosen.problems(typed):
        return _page(chosen, typed), 422
    if "all_the_same" not in request.form and (asked := chosen.question(typed)):
        return _page(chosen, typed, asked=asked), 422
    return _use(chosen, typed)


@blueprint.post(f"{ONE_TEXT}/shipped")
@needs(Permission.REWORD_TEXTS)
def take_text_back(programme: str, template: str, language: str) -> Answer:
    chosen = _chosen_or_404(programme, template, language)
    try:
        take_back(chosen.about, **_where(chosen), by=viewer(), at=now())
    except Refusal as refusal:
        return _page(chosen, chosen.current, refused=str(refusal)), 422
    flash("From now on it says again what ships.", "done")
    return redirect(url_for("desk.text", **chosen.address), 303)


def typed_text(form: MultiDict[str, str], chosen: Chosen) -> Template:
    """What was typed, its letters composed and its line breaks plain. A part of a message has
    no subject of its own."""
    read = {name: _plain(form.get(name, "")) for name in ("subject", "body", "together")}
    if chosen.about.is_part:
        read["subject"] = chosen.shipped.subject
    return Template(**read)


def _plain(typed: str) -> str:
    composed = unicodedata.normalize("NFC", typed)
    return "\n".join(line.rstrip() for line in composed.splitlines()).strip()


def _use(chosen: Chosen, typed: Template) -> Answer:
    about, shipped, tried = chosen.about, chosen.shipped, chosen.tried(typed)
    try:
        reword(about, typed, shipped=shipped, tried=tried, **_where(chosen), by=viewer(), at=now())
    except Refusal as refusal:
        return _page(chosen, typed, refused=str(refusal)), 422
    flash("Saved. Every message that has not left yet says this.", "done")
    return redirect(url_for("desk.text", **chosen.address), 303)


def _where(chosen: Chosen) -> dict[str, str]:
    return {"programme": chosen.programme.id, "language": chosen.language.code}


def _page(chosen: Chosen, typed: Template, *, asked: str = "", refused: str = "") -> str:
    """The text with what was typed; `asked`: what to answer first, `refused`: why it is not."""
    tried, found = chosen.tried(typed), chosen.problems(typed)
    return render_template(
        "desk/text.html",
        chosen=chosen,
        typed=typed,
        tried=tried,
        foot=chosen.tried(chosen.foot).body,
        problems=[(field, sentence) for field in found for sentence in found[field]],
        times=times_of(chosen.programme, chosen.about),
        may_ask_for=may_ask_for(chosen.about),
        can_reword=can_reword(viewer()),
        asked=asked,
        refused=refused,
    )


def _programme_or_404(name: str) -> Programme:
    return load_programme(name) if name in programme_names() else abort(404)


def _chosen_or_404(programme: str, template: str, language: str) -> Chosen:
    found = _programme_or_404(programme)
    return chosen_text(viewer(), found, template, language) or abort(404)
