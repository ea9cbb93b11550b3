"""A person's own address: hidden until they have it shown, and changed as a whole."""

from flask import flash, render_template, request

from programme.access.gate import by_link
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.own import change_address, hold, note_own_address_seen
from programme.portal import details_queries as queries
from programme.portal.details_forms import read_address
from programme.portal.details_pages import SAVED, Page, opened, to
from programme.portal.details_pages import blueprint as blueprint
from programme.portal.place import Place

RING_FIRST = "Thank you. We will ring you before we change it."


@blueprint.get("/address")
@by_link(Purpose.MY_GROUP)
def address(key: str) -> str:
    return _show(key, opened(key))


@blueprint.post("/address/show")
@by_link(Purpose.MY_GROUP)
def show_address(key: str) -> str:
    own = opened(key)
    note_own_address_seen(own.participant, at=now())
    return _show(key, own, whole=queries.whole_address(own.participant), is_asked=True)


@blueprint.post("/address")
@by_link(Purpose.MY_GROUP)
def change(key: str) -> Page:
    own = opened(key)
    hold(own.participant)
    try:
        typed = read_address(request.form)
    except Refusal as refusal:
        return _show(key, own, problem=str(refusal)), 422
    parcel = queries.parcel_word(own.participant)
    counts = change_address(own.participant, typed, parcel.to_us, at=now())
    flash(f"{SAVED} {parcel.to_them}".strip() if counts else RING_FIRST, "done")
    return to("show", key)


def _show(
    key: str,
    own: Place,
    *,
    whole: list[str] | None = None,
    is_asked: bool = False,
    problem: str = "",
) -> str:
    return render_template(
        "portal/details_address.html",
        key=key,
        masked=queries.masked_address(own.participant),
        whole=whole or [],
        is_asked=is_asked,
        parcel=queries.parcel_word(own.participant).to_them,
        typed=request.form,
        problem=problem,
    )
