"""The checklist of an evening: each who ran it answers for themself, and they agree."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from programme.access.models import Account
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.checklists import ChecklistItem
from programme.cohorts.models import Cohort, GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.registers.marking import take_turns
from programme.registers.models import FidelityAnswer
from programme.registers.rules import Kept
from programme.registers.scope import reach


@dataclass(frozen=True)
class CheckedItem:
    """One item, the viewer's own answer, and what the others said: name and answer.

    The others' answers are empty until the viewer gave their own.
    """

    id: str
    text: str
    own: Kept | None
    others: tuple[tuple[str, Kept], ...]

    @property
    def is_agreed(self) -> bool:
        """Whether the viewer and at least one other said the same."""
        return bool(self.others) and {answer for _, answer in self.others} == {self.own}

    @property
    def differing(self) -> tuple[tuple[str, Kept], ...]:
        """The others who said something else."""
        return tuple(pair for pair in self.others if pair[1] != self.own)


@dataclass(frozen=True)
class WeekKept:
    """One session's checklist, summed up. Where two differ, the lower answer counts."""

    session_id: int
    number: int
    answered_by: int
    """How many answered."""
    kept: Mapping[Kept, int]
    """How many items were kept, partly kept and not kept."""
    differing: int
    """How many items those who answered see differently."""


def answer_checklist(
    session: GroupSession,
    items: Sequence[ChecklistItem],
    answers: Mapping[str, Kept],
    *,
    by: Viewer,
    at: datetime,
) -> None:
    """Keep what one who ran the evening says of it. What is not answered stays as it was.

    Raises:
        Refusal: the session has not begun, nothing was answered, or an item is not asked.
    """
    if at < session.starts_at:
        raise Refusal("The session has not begun. Answer when it has.")
    if by.account_id is None:
        raise Refusal("Answers belong to an account. Sign in first.")
    if not answers:
        raise Refusal("Answer at least one line: yes, partly or no.")
    if set(answers) - {item.id for item in items}:
        raise Refusal("The checklist has changed. Load the page again, then answer.")
    take_turns(session)
    own = {answer.item: answer for answer in _answers_of(session, by.account_id)}
    for item, kept in answers.items():
        answer = own.get(item) or _new_answer(session, by.account_id, item)
        answer.kept, answer.at = kept, at
    audit.record("answered checklist", session, by=by, at=at, items=len(answers))


def checklist_of(
    session: GroupSession, items: Sequence[ChecklistItem], viewer: Viewer
) -> tuple[CheckedItem, ...]:
    """The checklist of one session as the viewer may see it. One query."""
    asked = (
        select(FidelityAnswer.item, FidelityAnswer.kept, Account.id, Account.name)
        .join(Account, Account.id == FidelityAnswer.account_id)
        .where(FidelityAnswer.session_id == session.id)
        .order_by(Account.name)
    )
    rows = db.session.execute(asked).all()
    own = {row.item: row.kept for row in rows if row.id == viewer.account_id}
    others = [row for row in rows if row.id != viewer.account_id]
    return tuple(
        CheckedItem(
            item.id,
            item.text,
            own.get(item.id),
            tuple((row.name, row.kept) for row in others if row.item == item.id)
            if item.id in own
            else (),
        )
        for item in items
    )


def weeks_kept(viewer: Viewer, cohort_id: int) -> list[WeekKept]:
    """The checklists of one cohort, by session; sessions nobody answered for are left out."""
    asked = (
        select(GroupSession.id, GroupSession.number, FidelityAnswer)
        .join(FidelityAnswer, FidelityAnswer.session_id == GroupSession.id)
        .join(Cohort, Cohort.id == GroupSession.cohort_id)
        .where(Cohort.id == cohort_id, reach(viewer, Permission.SEE_COHORTS))
        .order_by(GroupSession.number)
    )
    weeks: dict[tuple[int, int], list[FidelityAnswer]] = {}
    for session_id, number, answer in db.session.execute(asked):
        weeks.setdefault((session_id, number), []).append(answer)
    return [_sum_up(*which, answers) for which, answers in weeks.items()]


def _sum_up(session_id: int, number: int, answers: Iterable[FidelityAnswer]) -> WeekKept:
    by_item: dict[str, set[Kept]] = {}
    people = set()
    for answer in answers:
        by_item.setdefault(answer.item, set()).add(answer.kept)
        people.add(answer.account_id)
    lowest = Counter(max(said, key=list(Kept).index) for said in by_item.values())
    differing = sum(len(said) > 1 for said in by_item.values())
    return WeekKept(session_id, number, len(people), lowest, differing)


def _answers_of(session: GroupSession, account_id: int) -> Sequence[FidelityAnswer]:
    wanted = select(FidelityAnswer).filter_by(session_id=session.id, account_id=account_id)
    return db.session.scalars(wanted).all()


def _new_answer(session: GroupSession, account_id: int, item: str) -> FidelityAnswer:
    answer = FidelityAnswer(session_id=session.id, account_id=account_id, item=item)
    db.session.add(answer)
    return answer
