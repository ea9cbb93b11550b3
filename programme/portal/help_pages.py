"""Talking to somebody: a call from us, or a helpline where they live."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.handouts.services import services_for
from programme.messages.reaching import settings
from programme.people.own import ask_for_a_call, hold
from programme.people.own_queries import open_change
from programme.people.rules import ChangeKind
from programme.portal.details_queries import nation_name
from programme.portal.queries import place

blueprint = Blueprint("talk", __name__, url_prefix="/g/<key>/talk")


@blueprint.get("")
@by_link(Purpose.MY_GROUP)
def show(key: str) -> str:
    person = place(link().row_id, now()).participant
    is_demonstration = settings().demonstration
    return render_template(
        "portal/talk.html",
        key=key,
        agreed=person.conversation,
        is_asked=open_change(person.id, ChangeKind.RING_ME) is not None,
        services=services_for(nation_name(person), unchecked_too=is_demonstration),
        is_unchecked=is_demonstration,
    )


@blueprint.post("")
@by_link(Purpose.MY_GROUP)
def ring_me(key: str) -> Response:
    person = place(link().row_id, now()).participant
    hold(person)
    ask_for_a_call(person, at=now())
    flash("Thank you. One of us will ring you.", "done")
    return redirect(url_for("talk.show", key=key), 303)
