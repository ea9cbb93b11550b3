"""Vocabulary of the register."""

from enum import StrEnum


class Attendance(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    CAUGHT_UP = "caught_up"


ATTENDANCE_LABELS = {
    Attendance.PRESENT: "Present",
    Attendance.LATE: "Late",
    Attendance.LEFT_EARLY: "Left early",
    Attendance.APOLOGIES: "Sent apologies",
    Attendance.ABSENT: "Absent",
    Attendance.CAUGHT_UP: "Caught up",
}
CAME = (Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY)
