"""The figures of a term, as a page and as a file. For use inside the charity."""

from dataclasses import astuple

from flask import Blueprint, Response, render_template, request, url_for

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.csv_tables import csv_table
from programme.registers.figures import Figures, figures, terms_to_choose, together

blueprint = Blueprint("figures", __name__)
HEADING = (
    "Group", "Term", "Organisation", "Invited", "Enrolled", "Started", "Still coming", "Completed",
    "People who came", "Sessions", "Caught up", "Minutes",
)  # fmt: skip


@blueprint.get("/figures")
@needs(Permission.SEE_COHORTS)
def of_cohorts() -> str:
    return _page(url_for("figures.of_cohorts_file"))


@blueprint.get("/figures.csv")
@needs(Permission.SEE_COHORTS)
def of_cohorts_file() -> Response:
    return _file()


@blueprint.get("/families/figures")
@needs(Permission.SEE_OWN_FAMILIES)
def of_families() -> str:
    return _page(url_for("figures.of_families_file"))


@blueprint.get("/families/figures.csv")
@needs(Permission.SEE_OWN_FAMILIES)
def of_families_file() -> Response:
    return _file()


def _page(file_url: str) -> str:
    terms = terms_to_choose(viewer())
    begun = [number for number, (_name, first) in terms.items() if first <= now().date()]
    latest = next(iter([*begun, *terms]), 0)
    chosen = request.args.get("term", latest, type=int)
    rows = figures(viewer(), chosen)
    return render_template(
        "registers/figures.html",
        terms=terms,
        chosen=chosen,
        everything=together(rows),
        by_cohort=_grouped(rows, "cohort"),
        by_partner=_grouped(rows, "partner"),
        file_url=f"{file_url}?term={chosen}",
    )


def _grouped(rows: list[Figures], by: str) -> list[Figures]:
    names = dict.fromkeys(getattr(row, by) for row in rows)
    return [
        together([row for row in rows if getattr(row, by) == name], **{by: name}) for name in names
    ]


def _file() -> Response:
    rows = [
        (row.cohort, row.term, row.partner, *astuple(row.funnel), *astuple(row.dosage))
        for row in figures(viewer(), request.args.get("term", type=int))
    ]
    table = csv_table(HEADING, rows).encode("utf-8-sig")
    answer = Response(table, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return answer
