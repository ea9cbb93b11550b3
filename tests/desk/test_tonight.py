"""Tonight: one evening on one page, with and without scripts, for each who may see it."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from programme.access.rules import Role
from programme.cohorts.guides import session_guide
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.registers.actions import arrive
from programme.registers.models import Mark
from programme.registers.rules import Attendance
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.evening import Evening, SignIn, an_evening

MINUTE = timedelta(minutes=1)
JSON = {"Accept": "application/json"}


def asked(statements: list[str]) -> int:
    """How many queries, the beginning of transactions left out."""
    return sum(not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) for sql in statements)


def typed(evening: Evening, **marks: str) -> dict[str, str]:
    """The form as it is sent without scripts: what the page showed, and what was chosen."""
    form = {}
    stored = {mark.participant_id: mark for mark in db.session.scalars(select(Mark))}
    for person in evening.people:
        mark = stored.get(person.id)
        form[f"was-{person.id}"] = mark.attendance if mark else ""
        form[f"seen-{person.id}"] = mark.at.isoformat() if mark else ""
        chosen = marks.get(person.known_as) or form[f"was-{person.id}"]
        if chosen:
            form[f"mark-{person.id}"] = chosen
    return form


def stored(evening: Evening) -> dict[str, str]:
    names = {person.id: person.known_as for person in evening.people}
    db.session.expire_all()
    return {
        names[mark.participant_id]: mark.attendance for mark in db.session.scalars(select(Mark))
    }


def test_two_minutes_before_the_biggest_thing_is_to_open_the_meeting(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    session = evening.session
    arrive(session, evening.people[0], session.starts_at - 5 * MINUTE)
    set_clock(session.starts_at - 2 * MINUTE)
    page = sign_in(evening.facilitator).get(f"/tonight/{session.id}").text
    assert "Starts in 2 minutes" in page
    assert "Here so far: Dawn." in page
    assert 'href="https://zoom.us/j/123456789"' in page
    assert "Hold up one thing that you brought." in page


def test_the_next_thing_follows_the_evening(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    session, client = evening.session, sign_in(evening.facilitator)
    address = f"/tonight/{session.id}"
    seen = []
    for minutes, mark in ((-300, None), (5, None), (40, Attendance.PRESENT), (95, None)):
        set_clock(session.starts_at + minutes * MINUTE)
        if mark:
            evening.mark(4, mark)
        page = client.get(address).text
        seen.append(page.split('id="next-thing">')[1].split("</h2>")[0].strip())
    client.post(f"{address}/close")
    page = client.get(address).text
    seen.append(page.split('id="next-thing">')[1].split("</h2>")[0].strip())
    assert seen == [
        "Starts in 5 hours",
        "Mark who is here: 1 to go",
        "Now: Bukola learns the rules, until 8.20 pm",
        "Write your notes, then close the register",
        "All done",
    ]


def test_a_helper_sees_names_and_the_register_and_nothing_else(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    evening.people[0].access_needs = "Captions on"
    client = sign_in(evening.helper)
    page = client.get(f"/tonight/{evening.session.id}").text
    assert "Dawn" in page
    for hidden in ("Captions", "zoom.us", "Hold up one thing", 'name="text"', "Close the register"):
        assert hidden not in page
    assert client.post(f"/tonight/{evening.session.id}/note", data={"text": "x"}).status_code == 403
    assert client.post(f"/tonight/{evening.session.id}/close").status_code == 422


def test_a_helper_of_another_group_finds_nothing(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    stranger = sign_in(an_evening("Pat", group="Thursday group").helper)
    address = f"/tonight/{evening.session.id}"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/marks", data=typed(evening, Dawn="present")).status_code == 404
    assert stranger.get(f"/cohorts/{evening.cohort.id}/attendance").status_code == 404
    assert stranger.get("/tonight/9999").status_code == 404
    assert stored(evening) == {}


def test_without_scripts_one_form_saves_the_whole_register(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek", "Pat")
    client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}"
    answer = client.post(f"{address}/marks", data=typed(evening, Dawn="present", Marek="apologies"))
    assert (answer.status_code, answer.location) == (303, address)
    assert stored(evening) == {"Dawn": "present", "Marek": "apologies"}
    client.post(f"{address}/marks", data=typed(evening, Dawn="late") | {"fill": "present"})
    assert stored(evening) == {"Dawn": "late", "Marek": "apologies", "Pat": "present"}


def test_without_scripts_another_ones_mark_is_kept_and_asked_about_while_the_rest_is_saved(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    address = f"/tonight/{evening.session.id}/marks"
    loaded_before = typed(evening, Dawn="present", Marek="present")
    sign_in(evening.second).post(address, data=typed(evening, Dawn="absent"))
    first = sign_in(evening.facilitator)
    page = first.post(address, data=loaded_before).text
    assert stored(evening) == {"Dawn": "absent", "Marek": "present"}
    assert "Bill of Tuesday group marked Dawn “Absent” at 10 am. You chose “Present”." in page
    first.post(address, data=typed(evening, Dawn="present"))
    assert stored(evening)["Dawn"] == "present"


def test_what_one_did_not_touch_does_not_undo_what_another_marked(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    address = f"/tonight/{evening.session.id}/marks"
    evening.mark(4, Attendance.PRESENT, evening.people[0])
    loaded_before = typed(evening, Marek="present")
    sign_in(evening.second).post(address, data=typed(evening, Dawn="left_early"))
    answer = sign_in(evening.facilitator).post(address, data=loaded_before)
    assert answer.status_code == 303
    assert stored(evening) == {"Dawn": "left_early", "Marek": "present"}


def test_a_tapped_mark_is_answered_with_what_is_now_known(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    person, client = evening.people[0].id, sign_in(evening.facilitator)
    address = f"/tonight/{evening.session.id}/marks"
    tap = {f"mark-{person}": "late", f"was-{person}": "", f"seen-{person}": ""}
    saved = client.post(address, data=tap, headers=JSON).json
    assert saved["conflicts"] == []
    assert saved["saved"][0]["attendance"] == "late"
    other = tap | {f"mark-{person}": "absent"}
    asked_about = sign_in(evening.second).post(address, data=other, headers=JSON).json
    assert asked_about["saved"] == []
    conflict = asked_about["conflicts"][0]
    assert (conflict["attendance"], conflict["seen"]) == ("late", saved["saved"][0]["seen"])
    broken = client.post(address, data={f"mark-{person}": "asleep"}, headers=JSON)
    assert (broken.status_code, "out of date" in broken.json["problem"]) == (422, True)


def test_a_note_written_at_once_by_two_loses_neither(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    address = f"/tonight/{evening.session.id}/note"
    sign_in(evening.second).post(address, data={"text": "Sound was poor.", "seen": ""})
    answer = sign_in(evening.facilitator).post(address, data={"text": "Went well.", "seen": ""})
    assert answer.status_code == 422
    assert "Sound was poor." in answer.text
    assert "Went well." in answer.text


def test_the_page_and_a_save_take_few_queries_however_many_take_part(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    counts = []
    for group, names in (("Monday group", "ABCDEF"), ("Tuesday group", "ABCDEFGHIJKL")):
        evening = an_evening(*names, group=group)
        evening.mark(3, Attendance.ABSENT)
        evening.mark(4, Attendance.ABSENT)
        client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}"
        set_clock(evening.session.ends_at + MINUTE)
        with counted_queries() as page:
            assert client.get(address).status_code == 200
        everybody = {person.known_as: "present" for person in evening.people}
        form = typed(evening, **everybody)
        with counted_queries() as save:
            assert client.post(f"{address}/marks", data=form).status_code == 303
        counts.append((asked(page), asked(save)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 10, page
    assert counts[0][1] <= 20, save


def test_filling_the_register_in_takes_few_queries_too(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening(*"ABCDEFGHIJKL")
    client, address = sign_in(evening.facilitator), f"/tonight/{evening.session.id}/marks"
    form = typed(evening, A="absent") | {"fill": "present"}
    with counted_queries() as save:
        client.post(address, data=form)
    assert len(stored(evening)) == 12
    assert asked(save) <= 20, save


def test_a_coordinator_sees_the_number_on_the_call_card_and_it_is_written_down(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    address = f"/tonight/{evening.session.id}/call/{evening.people[0].id}"
    coordinator = sign_in(builders.account(Role.COORDINATOR))
    assert evening.people[0].phone in coordinator.get(address).text
    assert evening.people[0].phone not in sign_in(evening.facilitator).get(address).text
    assert sign_in(evening.helper).get(address).status_code == 403
    seen = db.session.scalars(select(AuditEntry.action))
    assert list(seen).count("saw call card") == 1
    assert coordinator.post(address, data={"note": "Well."}).status_code == 422
    reached = {"outcome": "reached", "note": " "}
    assert coordinator.post(address, data=reached).status_code == 422
    reached["note"] = "All is well."
    assert coordinator.post(address, data=reached).location.endswith("/missed")


def test_the_picture_of_attendance_opens(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    evening.mark(3, Attendance.LATE)
    page = sign_in(evening.helper).get(f"/cohorts/{evening.cohort.id}/attendance").text
    assert '<span class="visually-hidden">Late</span>' in page


def test_every_week_of_the_programme_has_a_guide_that_fills_the_session() -> None:
    for number in range(1, 11):
        guide = session_guide("together", f"week-{number:02}")
        assert guide is not None
        assert guide.parts[-1].until == 90
        assert all(part.more for part in guide.parts)
    assert session_guide("together", "week-99") is None
