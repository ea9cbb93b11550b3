"""The checklist: each answers for themself, and sees where they differ."""

from datetime import datetime

import pytest
from flask import Flask

from programme.cohorts.programmes import load_programme
from programme.foundation.web import Refusal
from programme.registers.checklist import WeekKept, answer_checklist, checklist_of, weeks_kept
from programme.registers.rules import Kept
from tests.conftest import set_clock
from tests.evening import SignIn, an_evening

ITEMS = load_programme("together").checklist.of(4)


def test_each_answers_alone_and_then_sees_where_they_differ(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    session, on = evening.session, evening.session.ends_at
    first, second = evening.viewer(), evening.viewer(evening.second)
    said = {"agreement": Kept.YES, "turns": Kept.PARTLY}
    answer_checklist(session, ITEMS, said, by=first, at=on)
    assert all(item.others == () for item in checklist_of(session, ITEMS, second))
    answer_checklist(session, ITEMS, {"agreement": Kept.YES}, by=second, at=on)
    answer_checklist(session, ITEMS, {"turns": Kept.NO}, by=second, at=on)
    seen = {item.id: item for item in checklist_of(session, ITEMS, second)}
    assert seen["agreement"].is_agreed
    assert seen["turns"].differing == (("Priya of Tuesday group", Kept.PARTLY),)
    assert weeks_kept(first, evening.cohort.id) == [
        WeekKept(session.id, 4, 2, {Kept.YES: 1, Kept.NO: 1}, differing=1)
    ]
    answer_checklist(session, ITEMS, {"turns": Kept.PARTLY}, by=second, at=on)
    assert weeks_kept(first, evening.cohort.id)[0].differing == 0
    assert weeks_kept(an_evening("Pat", group="Thursday group").viewer(), evening.cohort.id) == []


def test_only_what_is_asked_is_answered_and_not_before_the_session(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    by, session = evening.viewer(), evening.session
    for answers, on, why in (
        ({"agreement": Kept.YES}, at, "has not begun"),
        ({}, session.ends_at, "at least one"),
        ({"magic": Kept.YES}, session.ends_at, "has changed"),
    ):
        with pytest.raises(Refusal, match=why):
            answer_checklist(session, ITEMS, answers, by=by, at=on)


def test_the_page_lets_the_two_settle(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    address = f"/tonight/{evening.session.id}"
    set_clock(evening.session.ends_at)
    first, second = sign_in(evening.facilitator), sign_in(evening.second)
    first.post(f"{address}/checklist", data={"kept-idea": "partly"})
    second.post(f"{address}/checklist", data={"kept-idea": "yes"})
    page = second.get(address).text
    assert "Change mine to “Partly”" in page
    answer = second.post(f"{address}/checklist", data={"kept-idea": "yes", "agree": "idea:partly"})
    assert answer.location == f"{address}#checklist"
    assert "You agree" in second.get(address).text
    assert second.post(f"{address}/checklist", data={"kept-idea": "maybe"}).status_code == 422
    assert sign_in(evening.helper).post(f"{address}/checklist", data={}).status_code == 403
