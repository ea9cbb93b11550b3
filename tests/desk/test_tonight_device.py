"""What the open page of an evening asks for by itself, and what it keeps for later."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account
from programme.foundation.database import db
from programme.registers.actions import arrive, say_cannot_get_in
from programme.registers.models import CannotGetIn, Mark
from programme.registers.rules import Attendance
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.evening import Evening, SignIn, an_evening

MINUTE = timedelta(minutes=1)


def tapped(evening: Evening, account: Account, mark: str, **others: str) -> dict[str, Any]:
    """A tap for the first of a group, as the page's script sends it."""
    whose = {"account": account.id, "participant": evening.people[0].id}
    return {"key": str(uuid4()), "mark": mark, "how": "", "seen": ""} | whose | others


def attendances() -> list[str]:
    db.session.expire_all()
    return [mark.attendance for mark in db.session.scalars(select(Mark).order_by(Mark.id))]


def test_a_tap_sent_twice_counts_once_and_is_answered_the_same(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}/taps"
    tap = tapped(evening, evening.facilitator, "late")
    first = client.post(address, data=tap).json
    set_clock(at + 20 * MINUTE)
    seen = {"seen": first["saved"]["seen"]}
    other = sign_in(evening.second).post(
        address, data=tapped(evening, evening.second, "absent", **seen)
    )
    assert other.json["saved"]["attendance"] == "absent"
    assert client.post(address, data=tap).json == first
    assert attendances() == ["absent"]


def test_a_tap_that_waited_asks_about_a_newer_mark_even_of_ones_own(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    address = f"/tonight/{evening.session.id}/taps"
    waited = tapped(evening, evening.facilitator, "present")
    first = sign_in(evening.facilitator)
    for account in (evening.second, evening.facilitator):
        seen = first.get(address.replace("taps", "news")).json["lines"][0]["seen"]
        mark = "late" if account == evening.second else "left_early"
        sign_in(account).post(address, data=tapped(evening, account, mark, seen=seen))
        asks = first.post(address, data=waited).json["asks"]
        assert (asks["attendance"], asks["why"]) == (mark, False)
        assert f"{account.name} marked Dawn" in asks["sentence"]
    again = tapped(evening, evening.facilitator, "present", seen=asks["seen"])
    assert "saved" in first.post(address, data=again).json


def test_a_tap_is_never_sent_as_somebody_else(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    client, address = sign_in(evening.second), f"/tonight/{evening.session.id}/taps"
    tap = tapped(evening, evening.facilitator, "late")
    assert client.post(address, data=tap).status_code == 409
    assert attendances() == []
    sign_in(evening.facilitator).post(address, data=tap)
    stolen = tap | {"account": evening.second.id}
    assert client.post(address, data=stolen).status_code == 422


def test_a_tap_that_our_page_did_not_make_is_refused(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}/taps"
    for wrong in ({"key": "7"}, {"mark": "asleep"}, {"how": "song", "mark": "caught_up"}):
        answer = client.post(address, data=tapped(evening, evening.facilitator, "late") | wrong)
        assert (answer.status_code, "out of date" in answer.json["problem"]) == (422, True)
    nobody = tapped(evening, evening.facilitator, "late") | {"participant": 9999}
    assert "not on this register" in client.post(address, data=nobody).json["problem"]


def test_a_tap_after_closing_asks_why(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}"
    evening.mark(4, Attendance.ABSENT)
    set_clock(evening.session.ends_at + MINUTE)
    client.post(f"{address}/close")
    tap = tapped(evening, evening.facilitator, "late")
    asks = client.post(f"{address}/taps", data=tap).json["asks"]
    assert asks["why"] is True
    assert "Say why it becomes “Late”." in asks["sentence"]
    explained = tap | {"seen": asks["seen"], "reason": "She came by telephone."}
    client.post(f"{address}/taps", data=explained)
    assert attendances() == ["late"]
    page = " ".join(client.get(address).text.split())
    assert (
        "Was “Absent” until Priya of Tuesday group changed it on Tuesday 6 October, 9.01 pm: "
        "She came by telephone." in page
    )
    assert "by telephone" not in sign_in(evening.helper).get(address).text


def test_the_news_tell_what_others_did_and_give_a_key_to_save_with(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    session, (dawn, marek) = evening.session, evening.people
    arrive(session, marek, session.starts_at - 2 * MINUTE)
    say_cannot_get_in(session, dawn, at=session.starts_at + MINUTE)
    evening.mark(4, Attendance.PRESENT, marek)
    set_clock(session.starts_at + 2 * MINUTE)
    news = sign_in(evening.second).get(f"/tonight/{session.id}/news").json
    assert (news["account"], bool(news["csrf"]), news["closed"]) == (evening.second.id, True, False)
    said = {line["participant"]: line for line in news["lines"]}
    assert said[marek.id]["by"] == "Priya of Tuesday group"
    assert said[marek.id]["arrived"] == "Joined at 7.28 pm"
    assert (said[dawn.id]["attendance"], said[dawn.id]["by"]) == ("", "")
    assert "Mark who is here: 1 to go" in news["pieces"]["next"]
    assert "Dawn cannot get in" in news["pieces"]["help"]
    assert "zoom" not in str(sign_in(evening.helper).get(f"/tonight/{session.id}/news").json)


def test_news_take_as_few_queries_for_many_as_for_some(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    counts = []
    for group, names in (("Monday group", "ABCDEF"), ("Tuesday group", "ABCDEFGHIJKL")):
        evening = an_evening(*names, group=group)
        evening.mark(4, Attendance.ABSENT)
        set_clock(evening.session.starts_at)
        for person in evening.people:
            say_cannot_get_in(evening.session, person, at=evening.session.starts_at)
        client = sign_in(evening.facilitator)
        with counted_queries() as statements:
            assert client.get(f"/tonight/{evening.session.id}/news").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_whoever_cannot_get_in_is_shown_until_somebody_helped(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    session, client = evening.session, sign_in(evening.helper)
    set_clock(session.starts_at)
    say_cannot_get_in(session, evening.people[0], at=session.starts_at)
    address = f"/tonight/{session.id}"
    assert "Dawn cannot get in" in client.get(address).text
    assert client.post(f"{address}/helped/{evening.people[0].id}").location == address
    assert "Dawn cannot get in" not in client.get(address).text
    assert db.session.scalars(select(CannotGetIn.helped_by)).all() == [
        f"account:{evening.helper.id}"
    ]


def test_the_page_for_no_network_names_nobody_and_is_the_same_for_everybody(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    signed_in = sign_in(evening.facilitator).get("/tonight/offline").text
    assert signed_in == app.test_client().get("/tonight/offline").text
    for told in ("Dawn", evening.facilitator.name, "csrf_token", "Tuesday group"):
        assert told not in signed_in


def test_the_worker_keeps_everything_that_the_page_without_network_asks_for(
    app: Flask, at: datetime
) -> None:
    client: FlaskClient = app.test_client()
    script = client.get("/tonight/worker.js")
    assert script.mimetype == "text/javascript"
    page = client.get("/tonight/offline").text
    for asked in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        if asked != "/":
            assert f'"{asked}"'.replace("&amp;", "&") in script.text, asked
    scripts = Path(str(app.static_folder)) / "register"
    kept = re.findall(r"register/(\w+\.js)", script.text)
    imported = {
        name
        for path in kept
        for name in re.findall(r"'\./(\w+\.js)'", (scripts / path).read_text(encoding="utf-8"))
    }
    assert imported
    assert imported <= set(kept)


def test_signing_out_clears_the_device_unless_marks_of_somebody_else_wait_there(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    answer = sign_in(evening.helper).post("/sign-out", data={"keep": ""})
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    answer = sign_in(evening.helper).post("/sign-out", data={"keep": "1"})
    assert "Clear-Site-Data" not in answer.headers
