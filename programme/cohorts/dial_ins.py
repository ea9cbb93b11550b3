"""The number to ring, and what to type, for whoever joins by telephone."""

import re
from dataclasses import dataclass
from datetime import datetime

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.cohorts.moving import check_can_change_plan
from programme.foundation import audit
from programme.foundation.web import Refusal

NUMBER = re.compile(r"\+?\d[\d ]{5,18}\d")
CODE = re.compile(r"[\d #*]{2,30}")


@dataclass(frozen=True)
class DialIn:
    """A number to ring, and the code that it asks for; empty where it asks for none."""

    number: str = ""
    code: str = ""

    @property
    def tel(self) -> str:
        """The number as a link dials it."""
        return self.number.replace(" ", "")


def dial_in_of(cohort: Cohort) -> DialIn | None:
    """None where nobody joins by telephone."""
    number, _, code = (cohort.dial_in or "").partition(",")
    return DialIn(number, code) if number else None


def change_dial_in(cohort: Cohort, typed: DialIn, *, by: Viewer, at: datetime) -> None:
    """Give the number and its code; an empty number takes both back.

    Raises:
        Refusal: either is something else. A name beside the number could tell whose it is.
    """
    check_can_change_plan(cohort, by=by)
    number, code = " ".join(typed.number.split()), " ".join(typed.code.split())
    if code and not number:
        raise Refusal("Give the number that people ring, before its code.")
    if number and not NUMBER.fullmatch(number):
        raise Refusal("Type only the number that people ring, such as 0330 088 5830.")
    if code and not CODE.fullmatch(code):
        raise Refusal("Type only the code: figures, spaces, # and *, such as 812 3456#.")
    cohort.dial_in = f"{number},{code}" if number else None
    audit.record("changed dial-in" if number else "took dial-in back", cohort, by=by, at=at)
