"""Figures: worked out when answers are newer, shown to who may see them, and told in words."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import html5lib
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import ANONYMOUS, CLOCK, staff_viewer
from programme.cohorts.models import Cohort
from programme.commands import outcomes as command
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.outcomes.jobs import work_out_figures
from programme.outcomes.models import Figures
from programme.outcomes.queries import cohorts_with_answers
from programme.questionnaires.actions import begin, finish, open_questionnaire, take_answer
from programme.questionnaires.models import Answer, Questionnaire, Score
from programme.questionnaires.queries import find_sheet
from programme.questionnaires.rules import Chosen, Wave
from tests import builders
from tests.conftest import NOW, set_clock
from tests.counting import counted_queries
from tests.questionnaires.asked import CLOSES, OPENED, Asked, a_cohort, asked

SignIn = Callable[[Account], FlaskClient]
WAVES = tuple(Wave)
GAIN = (4, 1, 2, 0, 3, 1, 2, 2)
"""How many steps (of four points) each of eight people gained, answering 8 then 8 + gain."""


def answered(one: Asked, total: int, at: datetime = NOW) -> None:
    """Finish a WHO-5 with this raw total."""
    sheet = find_sheet(one.questionnaire.id)
    assert sheet
    begin(sheet, by=ANONYMOUS, at=at)
    left = total
    for question in sheet.questions:
        value = min(5, left)
        left -= value
        sheet = take_answer(sheet, question.number, Chosen(value), by=ANONYMOUS, at=at)
    db.session.flush()


def person(cohort: Cohort, name: str, totals: tuple[int | None, ...]) -> None:
    """Somebody who answered each wave with a raw total, or (None) was asked and did not."""
    first = asked(name, cohort=cohort, wave=WAVES[0], measures=("who5",))
    for wave, total in zip(WAVES, totals, strict=False):
        one = first if wave is WAVES[0] else again(first, wave)
        if total is not None:
            answered(one, total)


def again(first: Asked, wave: Wave) -> Asked:
    row = open_questionnaire(
        first.enrolment, wave=wave, measures=("who5",), closes_at=CLOSES, by=CLOCK, at=OPENED
    )
    db.session.flush()
    return Asked(first.person, first.cohort, first.enrolment, row)


def eight(cohort: Cohort | None = None) -> Cohort:
    """Eight who answered before and after, six of them three months later as well."""
    found = cohort or a_cohort()
    for number, gain in enumerate(GAIN):
        later = 10 if number < 6 else None
        person(found, f"Person {number}", (8, 8 + gain, later))
    return found


def figures(score: str = "percent") -> Figures:
    db.session.expire_all()
    return db.session.scalars(select(Figures).filter_by(score=score)).one()


def test_figures_are_worked_out_once_until_somebody_answers(app: Flask, at: datetime) -> None:
    cohort = eight()
    assert work_out_figures(at) == 1
    assert work_out_figures(at) == 0
    first = figures().aggregates["pairs"]["before_after"]["n"]
    person(cohort, "Latecomer", (5, 9))
    assert work_out_figures(at) == 1
    assert figures().aggregates["pairs"]["before_after"]["n"] == first + 1 == 9


def test_figures_are_those_of_the_same_people(app: Flask, at: datetime) -> None:
    cohort = eight()
    person(cohort, "Only before", (25, None))
    work_out_figures(at)
    pair = figures().aggregates["pairs"]["before_after"]
    changes = [4 * gain for gain in GAIN]
    assert pair["n"] == 8
    assert pair["mean_before"] == 32
    assert pair["difference"] == pytest.approx(sum(changes) / 8)
    assert pair["ci_low"] < pair["difference"] < pair["ci_high"]
    assert pair["reliable"] == {"improved": 0, "unchanged": 8, "deteriorated": 0}
    waves = figures().aggregates["waves"]
    assert waves["before"]["n"] == 9
    assert waves["before"]["mean"] == pytest.approx((8 * 32 + 100) / 9)
    assert figures().aggregates["every_time"]["after"]["n"] == 6


def test_an_incomplete_set_has_no_score_and_does_not_count(app: Flask, at: datetime) -> None:
    one = asked(measures=("who5",))
    sheet = find_sheet(one.questionnaire.id)
    assert sheet
    begin(sheet, by=ANONYMOUS, at=at)
    finish(take_answer(sheet, 1, Chosen(3), by=ANONYMOUS, at=at), by=ANONYMOUS, at=at)
    assert work_out_figures(at) == 1
    assert figures().aggregates["waves"]["before"]["n"] == 0
    assert work_out_figures(at) == 0


def test_figures_follow_an_erasure(app: Flask, at: datetime) -> None:
    eight()
    work_out_figures(at)
    for table in (Answer, Score, Questionnaire):
        db.session.execute(delete(table))
    assert work_out_figures(at) == 1
    assert db.session.scalars(select(Figures)).all() == []


def test_a_cohort_that_cannot_be_read_holds_back_no_other(app: Flask, at: datetime) -> None:
    broken, fine = eight(), eight(a_cohort("Friday group"))
    row = db.session.scalars(select(Score).limit(1)).one()
    row.instrument = "gone@1"
    db.session.flush()
    assert work_out_figures(at) == 1
    assert {one.cohort_id for one in db.session.scalars(select(Figures))} == {fine.id}
    assert broken.id != fine.id


def test_the_page_tells_the_change_in_words_first(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    cohort = eight()
    work_out_figures(at)
    page = sign_in(builders.account(Role.EVALUATOR)).get(f"/outcomes/{cohort.id}")
    assert (
        "For the 8 people who answered both times, the mean rose by 7.5, from 32.0 to 39.5."
        in page.text
    )
    assert "The 95 % interval of that change is +3.3 to +11.7. It does not reach zero." in page.text
    assert "0 improved, 8 unchanged, 0 deteriorated" in page.text
    assert "No control group: the change cannot be put down to the programme alone." in page.text
    assert "Fewer than 30 people answered both times" in page.text
    assert "8 of 8" in page.text
    assert "6 of 8" in page.text
    assert page.text.count("<svg viewBox") >= 2
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_the_page_tells_nothing_about_single_people(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    cohort = eight()
    person(cohort, "Only before", (25, None))
    work_out_figures(at)
    page = sign_in(builders.account(Role.COORDINATOR)).get(f"/outcomes/{cohort.id}").text
    assert "Person" not in page
    assert "Only before" not in page
    assert f"{(8 * 32 + 100) / 9:.1f}" not in page


def test_below_five_pairs_only_counts_are_shown(app: Flask, sign_in: SignIn, at: datetime) -> None:
    cohort = a_cohort()
    for number in range(4):
        person(cohort, f"Person {number}", (8, 12))
    work_out_figures(at)
    page = sign_in(builders.account(Role.EVALUATOR)).get(f"/outcomes/{cohort.id}").text
    assert "4 people have answered both times" in page
    assert "so none is shown" in page
    assert "32.0" not in page
    assert "improved" not in page


def test_looking_leaves_a_trace_and_writes_nothing_else(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    cohort = eight()
    work_out_figures(at)
    account = builders.account(Role.EVALUATOR)
    sign_in(account).get(f"/outcomes/{cohort.id}")
    db.session.rollback()
    [entry] = db.session.scalars(select(AuditEntry).filter_by(action="looked at outcomes"))
    assert (entry.actor, entry.subject_id) == (f"account:{account.id}", cohort.id)


def test_only_coordinators_and_evaluators_see_outcomes_and_only_their_own(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    mine, other = eight(), eight(a_cohort("Friday group"))
    work_out_figures(at)
    browser = sign_in(builders.account(Role.EVALUATOR, cohort=mine))
    listed = browser.get("/outcomes").text
    assert "Tuesday group" in listed
    assert "Friday group" not in listed
    assert browser.get(f"/outcomes/{mine.id}").status_code == 200
    assert browser.get(f"/outcomes/{other.id}").status_code == 404
    assert browser.get("/outcomes/999").status_code == 404
    for role in (Role.FACILITATOR, Role.HELPER, Role.PACKER, Role.SAFEGUARDING_LEAD):
        refused = sign_in(builders.account(role, email=f"{role}@example.org"))
        assert refused.get("/outcomes").status_code == 403
        assert refused.get(f"/outcomes/{mine.id}").status_code == 403


def test_the_list_takes_as_many_queries_for_many_as_for_few(app: Flask, at: datetime) -> None:
    eight()
    viewer = staff_viewer(builders.account(Role.EVALUATOR), NOW.date())

    def taken() -> int:
        with counted_queries() as statements:
            assert cohorts_with_answers(viewer)
        return len(statements)

    before = taken()
    eight(a_cohort("Friday group"))
    assert taken() == before == 2


def test_a_page_before_any_figures_says_what_will_be_there(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    one = asked()
    page = sign_in(builders.account(Role.EVALUATOR)).get(f"/outcomes/{one.cohort.id}").text
    assert "Nothing to compare yet" in page
    assert "0 of 1" in page


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """The command, on the test's own application."""
    monkeypatch.setattr(command, "create_app", lambda _: app)
    monkeypatch.setattr(command, "is_new", lambda _: False)

    def running(*words: str) -> object:
        db.session.commit()
        return CliRunner().invoke(command.outcomes, [*words], standalone_mode=False)

    return running


def test_the_command_works_out_what_is_stale_and_hides_few(
    run: Callable[..., object], at: datetime
) -> None:
    cohort = eight()
    person(cohort, "Faller", (25, 12))
    said = json.loads(run(str(cohort.id), "--json").output)
    assert said["internal"] is False
    assert said["waves"]["before"] == {"asked": 9, "answered": 9}
    percent = next(one for one in said["measures"] if one["score"] == "percent")
    pair = percent["pairs"]["before_after"]
    assert pair["n"] == 9
    assert pair["reliable"] == dict.fromkeys(("improved", "unchanged", "deteriorated"), "hidden")
    assert "wilcoxon_zeros" not in pair
    assert percent["waves"]["three_months"]["n"] == 6
    assert percent["waves"]["before"] == {"n": 9}


def test_the_command_shows_all_when_asked_in_so_many_words(
    run: Callable[..., object], at: datetime
) -> None:
    eight()
    said = json.loads(run("tuesday GROUP", "--json", "--internal").output)
    assert said["internal"] is True
    percent = next(one for one in said["measures"] if one["score"] == "percent")
    assert percent["pairs"]["before_after"]["reliable"]["unchanged"] == 8
    assert percent["pairs"]["before_after"]["d_av"] > 0
    assert "wilcoxon_zeros" in percent["pairs"]["before_after"]


def test_the_command_exports_counts_only_below_five(
    run: Callable[..., object], at: datetime
) -> None:
    cohort = a_cohort()
    for number in range(3):
        person(cohort, f"Person {number}", (8, 12))
    said = json.loads(run(str(cohort.id), "--json").output)
    assert said["waves"]["after"] == {"asked": "<5", "answered": "<5"}
    assert all(one["pairs"]["before_after"] == {"n": "<5"} for one in said["measures"])


def test_the_command_says_it_in_words(run: Callable[..., object], at: datetime) -> None:
    cohort = eight()
    words = run(str(cohort.id)).output
    assert "the mean rose by 7.5" in words
    assert "For use inside the charity" in words


def test_the_command_says_which_cohort_it_does_not_know(
    run: Callable[..., object], at: datetime
) -> None:
    assert "There is no cohort 'Nothing'" in str(run("Nothing").exception)
    eight()
    later = builders.cohort(
        (NOW + timedelta(days=200)).date(), partner=builders.partner("P"), name="Tuesday group"
    )
    refused = str(run("Tuesday group").exception)
    assert "could be one of these" in refused
    assert str(later.id) in refused


def test_figures_say_when_they_were_worked_out(app: Flask, sign_in: SignIn, at: datetime) -> None:
    cohort = eight()
    work_out_figures(at)
    set_clock(at + timedelta(days=3))
    page = sign_in(builders.account(Role.EVALUATOR)).get(f"/outcomes/{cohort.id}").text
    assert "Worked out Tuesday 6 October, 10 am" in page
