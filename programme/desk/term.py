"""This term: every cohort on one page."""

from flask import render_template

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.desk.pages import blueprint as blueprint
from programme.desk.term_queries import term
from programme.foundation.clock import now


@blueprint.get("/term")
@needs(Permission.SEE_COHORTS)
def this_term() -> str:
    may_open = viewer().can(Permission.OPEN_COHORTS)
    return render_template("desk/term.html", rows=term(viewer(), now()), may_open=may_open)
