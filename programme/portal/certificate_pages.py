"""Somebody's own certificate, from their page."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.access.viewer import participant_viewer
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.portal.queries import my_group, place
from programme.registers.certificates import print_for
from programme.registers.completion_pages import send_certificates

blueprint = Blueprint("certificate", __name__)


@blueprint.post("/g/<key>/certificate.pdf")
@by_link(Purpose.MY_GROUP)
def own(key: str) -> Response | tuple[str, int]:
    mine = place(link().row_id, now())
    names = {mine.enrolment.id: request.form.get("name", "")}
    by = participant_viewer(mine.participant.id)
    try:
        pdf = print_for(mine.cohort, names, with_facilitators=False, by=by, at=now())
    except Refusal as refusal:
        page = my_group(link().row_id, now())
        problem = str(refusal)
        return render_template(
            "portal/my_group.html", page=page, key=key, certificate_problem=problem
        ), 422
    return send_certificates(pdf)
