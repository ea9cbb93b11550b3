"""Terms, cohorts, their group sessions and enrolments, and the plan: steps and dues."""

import secrets
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.cohorts.rules import DueState, Gap, Meeting, Stage
from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.people.nations import Nation

KEPT = "six years after the cohort ends"
OPERATIONAL = Facts("the charity", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)
ENROLLED = Facts("participant", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)
JOIN = {"facts": Facts("the charity", Kind.SECRET, "facilitator, participants", KEPT)}
REASON = {"facts": Facts("participant", Kind.REVEALING, "coordinator", KEPT)}


class Term(Record):
    """Autumn, spring or summer, with its breaks."""

    __tablename__ = "terms"
    __facts__ = OPERATIONAL

    name: Mapped[str] = mapped_column(String(60), unique=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    breaks: Mapped[list["Break"]] = relationship(
        back_populates="term", order_by="Break.first_day", lazy="selectin"
    )


class HolidayCalendar(Record):
    """When the schools of one place are closed, and the nation whose bank holidays count there."""

    __tablename__ = "holiday_calendars"
    __facts__ = OPERATIONAL

    name: Mapped[str] = mapped_column(String(60), unique=True)
    nation: Mapped[Nation] = mapped_column(word(Nation))
    breaks: Mapped[list["Break"]] = relationship(
        back_populates="calendar", order_by="Break.first_day", lazy="selectin"
    )


class Break(Record):
    """Days on which no group meets, such as half-term: of one term, or of every cohort that
    follows a calendar. Both ends are included."""

    __tablename__ = "breaks"
    __facts__ = OPERATIONAL
    __table_args__ = (
        CheckConstraint("(term_id IS NULL) <> (calendar_id IS NULL)", name="one_owner"),
    )

    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"), index=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("holiday_calendars.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    first_day: Mapped[date]
    last_day: Mapped[date]
    term: Mapped[Term | None] = relationship(back_populates="breaks")
    calendar: Mapped[HolidayCalendar | None] = relationship(back_populates="breaks")

    @property
    def gap(self) -> Gap:
        return Gap(self.name, self.first_day, self.last_day)


class Cohort(Record):
    """One delivery of a programme in a term."""

    __tablename__ = "cohorts"
    __facts__ = OPERATIONAL

    programme: Mapped[str] = mapped_column(String(40))
    """Which programme, by its folder's name in `handouts/`."""
    programme_version: Mapped[int]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), index=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("holiday_calendars.id"))
    """Whose school holidays it follows beside the breaks of its term."""
    public_name: Mapped[str] = mapped_column(String(60))
    first_day: Mapped[date]
    local_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    capacity: Mapped[int]
    join_url: Mapped[str | None] = mapped_column(Sealed("cohorts.join_url"), info=JOIN)
    dial_in: Mapped[str | None] = mapped_column(Sealed("cohorts.dial_in"), info=JOIN)
    """The number to ring, and its code, for whoever joins by telephone."""
    code_word: Mapped[str | None] = mapped_column(Sealed("cohorts.code_word"), info=JOIN)
    """What somebody says when another person came into the room."""
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who rings those who missed a session; the facilitators when nobody is named."""
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    term: Mapped[Term] = relationship()
    calendar: Mapped[HolidayCalendar | None] = relationship()
    sessions: Mapped[list["GroupSession"]] = relationship(
        back_populates="cohort", order_by="GroupSession.number"
    )


class GroupSession(Record):
    """One weekly meeting: local wall time is what was agreed, `starts_at` follows from it."""

    __tablename__ = "group_sessions"
    __facts__ = OPERATIONAL
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    number: Mapped[int]
    day: Mapped[date]
    local_time: Mapped[time]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    title: Mapped[str | None] = mapped_column(String(120))
    """Of a session that was added beside those of the programme; empty for these."""
    uid: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))
    """Opaque; calendars know the session by it (RFC 5545, 3.8.4.7)."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts its moves and cancellings, so that calendars follow (RFC 5545, 3.8.7.4)."""
    cohort: Mapped[Cohort] = relationship(back_populates="sessions")

    @property
    def meeting(self) -> Meeting:
        """What the plan counts from."""
        return Meeting(self.number, self.starts_at, self.ends_at)


class SessionChange(Record):
    """A session that was moved, cancelled or brought back, and from when to when."""

    __tablename__ = "session_changes"
    __facts__ = OPERATIONAL

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    was_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it was to start before."""
    will_be_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it starts now; empty when it was cancelled."""
    people_are_told: Mapped[bool] = mapped_column(default=False)
    """Whether the coordinator chose to tell those who knew the old time."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    session: Mapped[GroupSession] = relationship()


class Enrolment(Record):
    """A participant's place in a cohort."""

    __tablename__ = "enrolments"
    __facts__ = ENROLLED
    __table_args__ = (UniqueConstraint("cohort_id", "participant_id"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word(Stage))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the place, or the place on the waiting list, was given."""
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was first written down that they came; it stays when they leave."""
    offer_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until when an offered place is kept; then it goes to the next who waits."""
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    """The place in another cohort that took the place of this one."""
    join_stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when their Join button leads nowhere."""
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrew_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(Sealed("enrolments.reason"), info=REASON)
    cohort: Mapped[Cohort] = relationship()


OPEN = text("ended_at IS NULL")
"""Steps of years ago weigh nothing on today's."""


class Step(Record):
    """One dated thing in a cohort's plan."""

    __tablename__ = "steps"
    __facts__ = OPERATIONAL
    __table_args__ = (
        UniqueConstraint("cohort_id", "name", "session_number"),
        Index("ix_steps_due_next", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_steps_ended", "ended_at"),
        Index("ix_steps_over_next", "expires_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    """The entry of the programme's plan it comes from, such as "before.remind-1"."""
    kind: Mapped[str] = mapped_column(String(40))
    session_number: Mapped[int] = mapped_column(default=0)
    """The session it belongs to; 0 when it belongs to the cohort as a whole."""
    occurrence: Mapped[int] = mapped_column(default=1)
    """Goes up when a session moves after people were told: they are told again."""
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """From then on it is of no use: what is not done by then is skipped."""
    moved_by: Mapped[str | None] = mapped_column(String(60))
    """Who gave it a date by hand; such a step keeps its date when sessions move."""
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the clock last looked at it after it expired. Nothing more follows."""
    cohort: Mapped[Cohort] = relationship()


class Due(Record):
    """One person's turn of a step. Unique, so that running the clock twice changes nothing."""

    __tablename__ = "dues"
    __facts__ = ENROLLED
    __table_args__ = (
        UniqueConstraint("step_id", "participant_id", "occurrence"),
        Index("ix_dues_state", "state", "step_id"),
    )

    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    occurrence: Mapped[int] = mapped_column(default=1)
    state: Mapped[DueState] = mapped_column(word(DueState), default=DueState.WAITING)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    """How often carrying it out went wrong. It is tried again at every tick until it expires."""
    ring_them: Mapped[bool] = mapped_column(default=False)
    """Skipped because there was no safe way to send: somebody should ring."""
    rung_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rung_by: Mapped[str | None] = mapped_column(String(60))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    part: Mapped[int] = mapped_column(default=0)
    """Which text of the message is this due's, counted from 0."""
    step: Mapped[Step] = relationship()
