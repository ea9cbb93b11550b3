"""Who has completed, by the programme's own rule, and why, in a sentence.

The rule, as `docs/decisions/` has it: somebody has completed who came to, or caught up with, so
many sessions; only so many catch-ups count. A session that was cancelled is asked of nobody: the
number needed shrinks in proportion, rounded up. A late joiner needs as many as everybody else; what
they missed before they joined can be caught up with. A session added beside the programme's counts
for who came, and is asked of nobody. A week without a mark says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from programme.registers.rules import CAME, Attendance


@dataclass(frozen=True)
class CompletionRule:
    """At least `attend` of `sessions`, of which at most `catch_ups` caught up with."""

    attend: int
    catch_ups: int
    sessions: int

    def needed(self, held: int) -> int:
        """How many are needed when `held` sessions were not cancelled."""
        return -(-self.attend * min(held, self.sessions) // self.sessions)


@dataclass(frozen=True)
class WeekSeen:
    """One session as it counts for one person. `is_extra`: added beside the programme's;
    `is_before`: it was over when they joined."""

    mark: Attendance | None
    is_over: bool
    is_extra: bool = False
    is_before: bool = False

    @property
    def counts_already(self) -> bool:
        return counts(self.mark)


@dataclass(frozen=True)
class Completion:
    """How one person stands. `left`: sessions to come; `before`: those that were over when they
    joined, and are not caught up with; `unmarked`: other past ones without a mark."""

    came: int
    caught_up: int
    missed: int
    left: int
    before: int
    unmarked: int
    held: int
    rule: CompletionRule

    @property
    def needed(self) -> int:
        return self.rule.needed(self.held)

    @property
    def counted(self) -> int:
        return self.came + min(self.caught_up, self.rule.catch_ups)

    @property
    def has_completed(self) -> bool:
        """Whoever came to nothing at all has completed nothing, whatever was cancelled."""
        return self.counted >= max(self.needed, 1)

    @property
    def can_still_complete(self) -> bool:
        """With all that is left, what is not marked yet, and the catch-ups not used."""
        return self.counted + self.left + self.unmarked + self._can_catch_up >= self.needed

    @property
    def _can_catch_up(self) -> int:
        unused = max(self.rule.catch_ups - self.caught_up, 0)
        return min(unused, self.missed + self.before)

    @property
    def sentence(self) -> str:
        """ "Came to 6 and caught up with 1: completed at 7 of 10." """
        return f"{self._so_far}: {self._verdict}.{self._footnotes}"

    @property
    def _so_far(self) -> str:
        caught = f" and caught up with {self.caught_up}" if self.caught_up else ""
        uncounted = self.caught_up - self.rule.catch_ups
        counts = f", of which {self.rule.catch_ups} count" if uncounted > 0 else ""
        return f"Came to {self.came}{caught}{counts}"

    @property
    def _verdict(self) -> str:
        if self.has_completed:
            return f"completed at {self.needed} of {self.held}"
        short = self.needed - self.counted
        open_weeks = self.left + self.unmarked
        if not self.can_still_complete:
            verb = "can no longer complete" if open_weeks else "did not complete"
            return f"{verb}, {self.needed} of {self.held} are needed"
        if short <= open_weeks:
            return f"can still complete, needs {_of(short, self.left, self.unmarked)}"
        catch = f"to catch up with {short - open_weeks}"
        if not open_weeks:
            return f"can still complete, needs {catch}"
        return f"can still complete, needs {_of(open_weeks, self.left, self.unmarked)} and {catch}"

    @property
    def _footnotes(self) -> str:
        cancelled = self.rule.sessions - self.held
        return "".join(
            [
                f" {_sessions(cancelled)} cancelled and asked of nobody." if cancelled > 0 else "",
                f" {_sessions(self.before)} before they joined." if self.before else "",
            ]
        )


def stands(weeks: Iterable[WeekSeen], rule: CompletionRule) -> Completion:
    """How somebody stands whose weeks these are; cancelled ones are not among them."""
    seen = list(weeks)
    asked = [week for week in seen if not week.is_extra]
    not_yet = [week for week in asked if not week.counts_already]
    past = [week for week in not_yet if week.is_over]
    return Completion(
        came=sum(week.mark in CAME for week in seen),
        caught_up=sum(week.mark is Attendance.CAUGHT_UP for week in seen),
        missed=sum(week.mark is not None for week in past),
        left=len(not_yet) - len(past),
        before=sum(week.mark is None and week.is_before for week in past),
        unmarked=sum(week.mark is None and not week.is_before for week in past),
        held=len(asked),
        rule=rule,
    )


def counts(mark: Attendance | None) -> bool:
    """Whether a mark counts towards completing, as coming or as a catch-up."""
    return mark in CAME or mark is Attendance.CAUGHT_UP


def better(one: Attendance | None, other: Attendance | None) -> Attendance | None:
    """Of two marks for the same week, in two groups, the one that counts for more."""
    return max(one, other, key=_worth)


def _worth(mark: Attendance | None) -> int:
    if mark in CAME:
        return 3
    return 2 if mark is Attendance.CAUGHT_UP else 1 if mark else 0


def _of(needed: int, left: int, unmarked: int) -> str:
    """ "2 of the 3 that are left", "1 of the 2 that are left or not marked yet" """
    every = left + unmarked
    what = "left or not marked yet" if left and unmarked else "left" if left else "not marked yet"
    if needed == every:
        return f"the one that is {what}" if every == 1 else f"all {every} that are {what}"
    return f"{needed} of the {every} that are {what}"


def _sessions(count: int) -> str:
    return "1 session was" if count == 1 else f"{count} sessions were"
