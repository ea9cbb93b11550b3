"""What the desk's pages show, asked of every area."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts import attention
from programme.cohorts.models import Cohort
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.messages import calls, letters, outbox, reply_list
from programme.parcels import queries as parcels
from programme.people import own_queries as own
from programme.people import queries as people
from programme.questionnaires import board
from programme.registers import queries as registers
from programme.safeguarding import queries as safeguarding

TO_DO: tuple[Callable[[Viewer, datetime], list[ToDo]], ...] = (
    safeguarding.todo,
    registers.todo,
    parcels.todo,
    own.todo,
    people.todo,
    board.todo,
    outbox.todo,
    reply_list.todo,
    calls.todo,
    letters.todo,
    attention.todo,
)
"""What each area knows needs doing."""


def everything_to_do(viewer: Viewer, at: datetime) -> list[ToDo]:
    """All that waits for this viewer: what is wrong first, then by day."""
    found = [item for area in TO_DO for item in area(viewer, at)]
    return sorted(found, key=lambda item: (item.tone != "wrong", item.due or date.max))


def cohort_names(viewer: Viewer) -> dict[int, str]:
    """The groups the viewer may see, by id: their public names and first days."""
    scope = viewer.scope(Permission.SEE_COHORTS)
    asked = (
        select(Cohort.id, Cohort.public_name, Cohort.first_day)
        .where(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .order_by(Cohort.first_day.desc(), Cohort.id)
    )
    return {
        row.id: f"{row.public_name}, {row.first_day:%B %Y}" for row in db.session.execute(asked)
    }
