"""How the made-up people come, stay away and answer: the same for a given day."""

from random import Random

from programme.cohorts.models import GroupSession
from programme.cohorts.programmes import load_programme
from programme.questionnaires.rules import Wave
from programme.registers.rules import Attendance

DROPPED_OUT = {"Jord": 4, "Kirsty": 6}
"""Who stopped coming, and after which week."""
DID_NOT_ANSWER = {
    Wave.BEFORE: {"Callum", "Jo"},
    Wave.AFTER: {"Jord", "Kirsty"},
    Wave.THREE_MONTHS: {"Jord", "Kirsty", "Dele"},
}
JOINS = (Attendance.PRESENT, Attendance.LATE)
MISSED_TWICE = "Leanne"
CHANGE = {Wave.BEFORE: 0.0, Wave.AFTER: 0.9, Wave.THREE_MONTHS: 0.6}


def answers(known_as: str, wave: Wave) -> bool:
    """Whether somebody answers that wave."""
    return known_as not in DID_NOT_ANSWER[wave]


def value(known_as: str, wave: Wave, item: str, highest: int) -> int:
    """Their answer to one item, from 0 to `highest`: a little better after than before."""
    person = Random(known_as)  # noqa: S311
    level = person.uniform(0.3, 0.6) * highest
    gain = CHANGE[wave] * person.uniform(-0.3, 1.6)
    noise = Random(f"{known_as} {wave} {item}").uniform(-0.8, 0.8)  # noqa: S311
    return max(0, min(highest, round(level + gain + noise)))


def attendance(known_as: str, week: int) -> Attendance:
    """Whether somebody came that week."""
    if week > DROPPED_OUT.get(known_as, 99):
        return Attendance.ABSENT
    if known_as == MISSED_TWICE and week in (2, 3):
        return Attendance.ABSENT
    chance = Random(f"{known_as} {week}").random()  # noqa: S311
    if chance < 0.78:
        return Attendance.PRESENT
    return Attendance.LATE if chance < 0.86 else Attendance.APOLOGIES


def feedback(known_as: str, session: GroupSession) -> str | None:
    """How they say a session was, in one of the programme's answers; about half say nothing."""
    chance = Random(f"{known_as} said {session.number}").random()  # noqa: S311
    choices = list(load_programme(session.cohort.programme).feedback_answers)
    return choices[0 if chance < 0.35 else 1].value if chance < 0.5 else None
