"""open-cohort, plan and tick from the command line."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from programme.access.models import Partner
from programme.cohorts.models import Cohort, Term
from programme.cohorts.programmes import ProgrammeError, load_programme
from programme.commands.main import group
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.foundation.web import Refusal
from programme.handouts import jobs as handouts

TUESDAYS = ["--name", "Tuesday group", "--term", "Autumn 2026", "--first-day", "2026-10-13"]
NEW_TERM = ["--term-from", "2026-09-07", "--term-until", "2026-12-18",
            "--break", "Half-term:2026-10-26:2026-10-30"]  # fmt: skip


@pytest.fixture
def programme(settings: Settings, lead: Partner, app: Flask) -> Any:
    """Runs a command in the test's instance."""
    environment = {
        "PROGRAMME_INSTANCE": str(settings.instance),
        "PROGRAMME_DATABASE_URL": settings.database,
        "PROGRAMME_SECRET": settings.secret,
        "PROGRAMME_SEALING_KEY": settings.sealing_key,
        "PROGRAMME_DEMONSTRATION": "yes",
    }

    def run(*arguments: str) -> Result:
        db.session.commit()
        return CliRunner().invoke(group, arguments, env=environment, standalone_mode=False)

    return run


def told(result: Result) -> Any:
    assert result.exception is None, result.exception
    return json.loads(result.stdout.splitlines()[-1])


def test_open_cohort_does_what_the_page_does(programme: Any) -> None:
    made = told(programme("open-cohort", *TUESDAYS, *NEW_TERM, "--capacity", "8", "--json"))
    assert made["sessions"][2] == {"number": 3, "day": "2026-11-03"}
    assert made["skipped"] == [{"day": "2026-10-27", "why": "Half-term"}]
    assert made["steps"] == 86
    cohort = db.session.scalars(select(Cohort)).one()
    assert (cohort.id, cohort.capacity, f"{cohort.local_time:%H:%M}") == (
        made["cohort"],
        8,
        "19:30",
    )


def test_a_dry_run_shows_the_dates_and_opens_nothing(programme: Any) -> None:
    result = programme("open-cohort", *TUESDAYS, *NEW_TERM, "--dry-run")
    assert "Tuesday 27 October: no session, Half-term" in result.output
    assert "Nothing was opened; 86 steps" in result.output
    assert db.session.scalars(select(Cohort)).all() == []
    assert db.session.scalars(select(Term)).all() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "There is no term called 'Autumn 2026'"),
        ([*NEW_TERM, "--partner", "Nobody"], "There are: Lead charity"),
        ([*NEW_TERM, "--facilitator", "x@example.org"], "Nobody signs in as"),
        ([*NEW_TERM, "--time", "late"], "not a time like 19:30"),
        ([*NEW_TERM, "--break", "x"], "not like Half-term"),
        ([*NEW_TERM, "--capacity", "0", "--dry-run"], "at least one place"),
        ([*NEW_TERM, "--minutes", "-5", "--dry-run"], "15 to 240 minutes"),
        ([*NEW_TERM, "--name", "Prison group", "--dry-run"], "says too much"),
        ([*NEW_TERM, "--join-link", "http://zoom.us/j/1", "--dry-run"], "must begin with https"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(
    programme: Any, arguments: list[str], sentence: str
) -> None:
    result = programme("open-cohort", *TUESDAYS, *arguments)
    assert sentence in str(result.exception)
    assert db.session.scalars(select(Term)).all() == []


def test_plan_lists_every_step_by_number_or_name(programme: Any, cohort: Cohort) -> None:
    by_name = told(programme("plan", "tuesday GROUP", "--json"))
    assert by_name == told(programme("plan", str(cohort.id), "--json"))
    assert len(by_name["steps"]) == 86
    welcome = next(each for each in by_name["steps"] if each["step"] == "welcome")
    assert welcome["due_at"] == "2026-10-13T09:00:00+00:00"
    assert (welcome["done"], welcome["kind"]) == (0, "cohorts.welcome")
    assert "2026-10-13 10:00  Welcome: " in programme("plan", str(cohort.id)).output
    assert isinstance(programme("plan", "99").exception, Refusal)


def test_tick_reports_what_it_did(
    programme: Any, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handouts, "AT_ONCE", 0)  # to print takes seconds
    result = told(programme("tick", "--at", "2026-10-13T10:00:00+01:00", "--json"))
    assert result["at"] == "2026-10-13T10:00:00+01:00"
    assert (result["planned"], result["sent"], result["skipped"], result["failed"]) == (0, 0, 0, 0)
    assert "planned 0, sent 0" in programme("tick", "--at", "2026-10-13").output
    assert "not an instant" in str(programme("tick", "--at", "noon").exception)


def test_a_plan_that_cannot_be_understood_is_told_by_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from programme.cohorts import programmes

    shipped = (programmes.HANDOUTS / "together" / "programme.yaml").read_text()
    (tmp_path / "mine").mkdir()
    broken = shipped.replace('time: "18:00"', "time: 18:00")
    (tmp_path / "mine" / "programme.yaml").write_text(broken)
    monkeypatch.setattr(programmes, "HANDOUTS", tmp_path)
    with pytest.raises(ProgrammeError, match=r"remind\.day-before"):
        load_programme("mine")


@pytest.mark.parametrize(
    ("was", "is_now", "told"),
    [
        ("id: turns", "id: agreement", "'agreement' stands here twice"),
        ("id: turns", "id: Turns!", "must be small letters"),
        ("id: turns", "name: turns", "is not known here"),
    ],
)
def test_a_checklist_that_cannot_be_used_is_told_by_file_and_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, was: str, is_now: str, told: str
) -> None:
    from programme.cohorts import programmes

    shipped = (programmes.HANDOUTS / "together" / "programme.yaml").read_text()
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "programme.yaml").write_text(shipped.replace(was, is_now))
    monkeypatch.setattr(programmes, "HANDOUTS", tmp_path)
    load_programme.cache_clear()
    with pytest.raises(ProgrammeError, match=rf"programme\.yaml, line \d+: .*{told}"):
        load_programme("wrong")


def test_a_session_may_have_lines_of_its_own_on_the_checklist(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from programme.cohorts import programmes

    shipped = (programmes.HANDOUTS / "together" / "programme.yaml").read_text()
    own = "minutes: 90\n    fidelity:\n      - id: goodbye\n        text: We marked the day.\n"
    last = shipped.index("number: 10")
    more = shipped[:last] + shipped[last:].replace("minutes: 90\n", own, 1)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "programme.yaml").write_text(more)
    monkeypatch.setattr(programmes, "HANDOUTS", tmp_path)
    checklist = load_programme("more").checklist
    assert [len(checklist.of(number)) for number in (9, 10)] == [7, 8]
