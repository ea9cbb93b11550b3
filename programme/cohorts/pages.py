"""Cohorts: the list, opening one, and its page."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.queries import every_partner
from programme.access.rules import Permission
from programme.cohorts.callers import find_account, open_accounts
from programme.cohorts.code_words import set_code_word
from programme.cohorts.cohort_page import cohort_page
from programme.cohorts.forms import read_new_cohort
from programme.cohorts.kinds import KINDS
from programme.cohorts.moving import take_new_plan, what_the_new_plan_changes
from programme.cohorts.opening import (
    Forecast,
    check_can_open_cohort,
    foresee,
    open_cohort,
)
from programme.cohorts.overview import cohort_rows
from programme.cohorts.programmes import load_programme, programme_names
from programme.cohorts.queries import CHANGE, cohort_for, every_term
from programme.cohorts.replanning import shown
from programme.cohorts.steering import change_join_url, name_caller, pause_cohort, resume_cohort
from programme.foundation.clock import now, today
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.reaching import settings

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("cohorts", __name__)


@blueprint.get("/cohorts")
@needs(Permission.SEE_COHORTS)
def every_cohort() -> str:
    may_open = viewer().can(Permission.OPEN_COHORTS)
    return render_template(
        "cohorts/every_cohort.html", rows=cohort_rows(viewer(), now()), may_open=may_open
    )


@blueprint.get("/cohorts/new")
@needs(Permission.OPEN_COHORTS)
def new_cohort() -> str:
    plain = MultiDict({"local_time": "19:30", "minutes": "90", "capacity": "12"})
    return _new_cohort_form(plain)


@blueprint.post("/cohorts/new")
@needs(Permission.OPEN_COHORTS)
def look_or_open() -> Answer:
    """The first button shows the dates, the second opens the cohort."""
    new, errors = read_new_cohort(request.form)
    forecast = None
    if not errors:
        try:
            check_can_open_cohort(new, by=viewer())
            forecast = foresee(new, now())
            if request.form.get("act") == "open":
                cohort = open_cohort(new, by=viewer(), at=now())
                flash(f"{cohort.public_name} is open. Next: who takes part.", "done")
                return redirect(url_for("cohorts.show", cohort_id=cohort.id), 303)
        except Refusal as refusal:
            errors = [("", str(refusal))]
    return _new_cohort_form(request.form, errors, forecast), 422 if errors else 200


def _new_cohort_form(
    typed: MultiDict[str, str],
    errors: list[tuple[str, str]] | None = None,
    forecast: Forecast | None = None,
) -> str:
    return render_template(
        "cohorts/new_cohort.html",
        typed=typed,
        errors=errors or [],
        forecast=forecast,
        programmes=[load_programme(name) for name in programme_names()],
        partners=[each for each in every_partner() if _may_open_for(each.id)],
        terms=every_term(),
        accounts=open_accounts(today(settings().zone)),
    )


def _may_open_for(partner_id: int) -> bool:
    return viewer().can(Permission.OPEN_COHORTS, partner=partner_id)


@blueprint.get("/cohorts/<int:cohort_id>")
@needs(Permission.SEE_COHORTS)
def show(cohort_id: int) -> str:
    return render_cohort(cohort_id)


def render_cohort(cohort_id: int, problem: str = "") -> str:
    """The page of one cohort, with what could not be done, if anything."""
    find = request.args.get("find", "").strip()
    page = cohort_page(viewer(), cohort_id, now(), find) or abort(404)
    return render_template("cohorts/cohort.html", page=page, problem=problem, find=find)


def do(cohort_id: int, deed: Callable[[], str]) -> Answer:
    """Do it, say so, and go back to the cohort; or show the cohort and say why not."""
    try:
        said = deed()
    except Refusal as refusal:
        db.session.rollback()
        return render_cohort(cohort_id, str(refusal)), 422
    flash(said, "done")
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)


@blueprint.post("/cohorts/<int:cohort_id>/join-link")
@needs(Permission.CHANGE_PLAN)
def set_join_link(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        change_join_url(cohort, request.form.get("join_url", "").strip(), by=viewer(), at=now())
        return "The join link is changed. Whoever opens their page now gets the new one."

    return do(cohort_id, deed)


@blueprint.post("/cohorts/<int:cohort_id>/caller")
@needs(Permission.CHANGE_PLAN)
def set_caller(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)
    account_id = request.form.get("account", type=int)
    account = (find_account(account_id) or abort(404)) if account_id else None

    def deed() -> str:
        name_caller(cohort, account, by=viewer(), at=now())
        who = account.name if account else "The facilitators"
        return f"{who} will be told who did not come, the morning after."

    return do(cohort_id, deed)


@blueprint.post("/cohorts/<int:cohort_id>/code-word")
@needs(Permission.CHANGE_PLAN)
def set_word(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        set_code_word(cohort, request.form.get("code_word", ""), by=viewer(), at=now())
        word = cohort.code_word
        return f"The code word is “{word}”." if word else "There is no code word now."

    return do(cohort_id, deed)


@blueprint.get("/cohorts/<int:cohort_id>/new-plan")
@needs(Permission.CHANGE_PLAN)
def new_plan(cohort_id: int) -> str:
    """What would follow from the programme's plan as it is now."""
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)
    follows = shown(what_the_new_plan_changes(cohort, now()))
    return render_template("cohorts/new_plan.html", cohort=cohort, follows=follows, kinds=KINDS)


@blueprint.post("/cohorts/<int:cohort_id>/new-plan")
@needs(Permission.CHANGE_PLAN)
def take_it(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        take_new_plan(cohort, by=viewer(), at=now())
        return "The plan is as the programme now has it. What was done stays done."

    return do(cohort_id, deed)


@blueprint.post("/cohorts/<int:cohort_id>/pause")
@needs(Permission.CHANGE_PLAN)
def pause(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        pause_cohort(cohort, by=viewer(), at=now())
        return "Paused. Nothing of this plan happens until you resume it."

    return do(cohort_id, deed)


@blueprint.post("/cohorts/<int:cohort_id>/resume")
@needs(Permission.CHANGE_PLAN)
def resume(cohort_id: int) -> Answer:
    cohort = cohort_for(viewer(), cohort_id, CHANGE) or abort(404)

    def deed() -> str:
        resume_cohort(cohort, by=viewer(), at=now())
        return "Resumed. What is still of use is done now."

    return do(cohort_id, deed)
