"""The dates of My group, for the calendar of a phone: as a file, or asked for again by itself."""

from flask import Response, render_template, request

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.messages.links import personal_link
from programme.messages.reaching import settings
from programme.portal import queries
from programme.portal.calendar import KIND, NAME, dates_file
from programme.portal.pages import blueprint as blueprint


@blueprint.get("/g/<key>/calendar")
@by_link(Purpose.MY_GROUP)
def calendar(key: str) -> str:
    own = queries.place(link().row_id, now())
    address = personal_link("calendar", own.enrolment.id, base=settings().link_base)
    return render_template(
        "portal/calendar.html", group=own.cohort.public_name, key=key, address=address
    )


@blueprint.get("/g/<key>/dates.ics")
@by_link(Purpose.MY_GROUP)
def dates(key: str) -> Response:
    """To keep. It does not follow when a session moves, but putting it in again does."""
    return _send(f'attachment; filename="{NAME}"')


@blueprint.get("/c/<key>.ics")
@by_link(Purpose.CALENDAR)
def followed_dates(key: str) -> Response:
    """For a calendar that asks again: it opens nothing else."""
    return _send(f'inline; filename="{NAME}"')


def _send(disposition: str) -> Response:
    own = queries.place(link().row_id, now())
    file = dates_file(own, now(), reminds="remind" in request.args)
    answer = Response(file, content_type=KIND)
    answer.headers["Content-Disposition"] = disposition
    return answer
