"""The dates of a group as a calendar file, in words that anybody may read.

A session keeps its UID for ever and counts its moves, so that a calendar that knows it moves
it too (RFC 5545; METHOD:PUBLISH as RFC 5546, 3.2.1, but for the organiser: nobody is named).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from programme.cohorts.models import Cohort, GroupSession
from programme.foundation.clock import local
from programme.messages.reaching import settings
from programme.messages.transport import Attachment
from programme.portal.place import Place
from programme.portal.queries import find_place

if TYPE_CHECKING:  # brought in when the first dates are asked for: most processes need none
    from icalendar import Alarm, Event

NAME = "dates.ics"
KIND = "text/calendar; charset=utf-8; method=PUBLISH"
WHERE_THE_LINK_IS = "Your page has the link."
REMIND_BEFORE = timedelta(minutes=30)
ASK_AGAIN_AFTER = timedelta(hours=12)


def attach_dates(enrolment_id: int, at: datetime) -> Attachment | None:
    """The dates of somebody's group, for an e-mail about them; None once their page is over."""
    own = find_place(enrolment_id, at)
    return Attachment(NAME, KIND, dates_file(own, at)) if own else None


def dates_file(own: Place, at: datetime, *, reminds: bool = False) -> bytes:
    """Every session of a group, cancelled ones too. `reminds`: half an hour before each."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Dates//EN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", own.cohort.public_name)
    calendar.add("REFRESH-INTERVAL", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for session in own.sessions:
        calendar.add_component(_event(session, own.cohort, at, reminds))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(session: GroupSession, cohort: Cohort, at: datetime, reminds: bool) -> "Event":
    from icalendar import Event

    is_cancelled = session.cancelled_at is not None
    event = Event()
    event.add("UID", f"{session.uid}@{settings().sending_address.rpartition('@')[2]}")
    event.add("SEQUENCE", session.sequence)
    event.add("DTSTAMP", at)
    event.add("DTSTART", local(session.starts_at, cohort.zone))
    event.add("DTEND", local(session.ends_at, cohort.zone))
    event.add("SUMMARY", cohort.public_name)
    event.add("DESCRIPTION", WHERE_THE_LINK_IS)
    event.add("CLASS", "PRIVATE")
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    if reminds and not is_cancelled:
        event.add_component(_alarm(cohort))
    return event


def _alarm(cohort: Cohort) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", -REMIND_BEFORE)
    alarm.add("DESCRIPTION", cohort.public_name)
    return alarm
