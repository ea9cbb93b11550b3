"""A group's attendance as a picture."""

from flask import Blueprint, render_template

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.registers.attendance import picture
from programme.registers.rules import ATTENDANCE_LABELS

blueprint = Blueprint("registers", __name__)


@blueprint.get("/cohorts/<int:cohort_id>/attendance")
@needs(Permission.SEE_GROUP)
def attendance(cohort_id: int) -> str:
    shown = picture(viewer(), cohort_id, now())
    return render_template("registers/attendance.html", picture=shown, labels=ATTENDANCE_LABELS)
