"""Concerns: who may raise, read and answer one, and where its text never stands."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select, text

from programme.access.models import Account, Grant, Partner
from programme.access.rules import GRANTS, Permission, Role
from programme.access.viewer import Viewer, staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rendering import render
from programme.safeguarding.models import Concern
from programme.safeguarding.queries import todo
from programme.safeguarding.rules import reads_about_lead, reads_the_rest
from tests import builders
from tests.conftest import set_clock
from tests.evening import TODAY, Evening, SignIn, an_evening

WORDS = "He said that his uncle frightens him."


def lead_and_deputy() -> tuple[Account, Account]:
    return (
        builders.account(Role.SAFEGUARDING_LEAD, name="Lea Dee"),
        builders.account(Role.SAFEGUARDING_DEPUTY, name="Dep Uty"),
    )


def partner_of(evening: Evening) -> Partner:
    return db.session.get_one(Partner, evening.cohort.partner_id)


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def todo_of(app: Flask, viewer: Viewer, at: datetime) -> list[str]:
    with app.test_request_context():
        return [f"{item.tone}: {item.title}" for item in todo(viewer, at)]


def test_a_concern_goes_to_the_lead_who_answers_it(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    lead = sign_in(lead_and_deputy()[0])
    helper = sign_in(evening.helper)
    sent = {"text": WORDS, "participant": evening.people[0].id, "session": ""}
    assert helper.post("/concerns/new", data=sent).location == "/"
    concern = db.session.scalars(select(Concern)).one()
    page = f"/concerns/{concern.id}"
    assert "Dawn" in lead.get("/concerns").text
    assert WORDS not in lead.get("/concerns").text
    assert WORDS in lead.get(page).text
    assert lead.post(page, data={"acted": "yes", "text": ""}).status_code == 422
    assert lead.post(page, data={"text": "Rang."}).status_code == 422
    assert lead.post(page, data={"acted": "no", "text": "Old news."}).location == "/concerns"
    assert lead.post(page, data={"acted": "yes", "text": "Again."}).status_code == 422
    assert "Why nothing was done" in lead.get(page).text
    assert actions()[-4:] == [
        "raised concern",
        "read concern",
        "answered concern",
        "read concern",
    ]


def test_nobody_but_its_reader_opens_a_concern(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening = an_evening("Dawn")
    lead, deputy = lead_and_deputy()
    helper = sign_in(evening.helper)
    helper.post("/concerns/new", data={"text": WORDS})
    helper.post("/concerns/new", data={"text": WORDS, "about_lead": "1"})
    common, about_lead = db.session.scalars(select(Concern.id).order_by(Concern.id)).all()
    readers = {
        name: [sign_in(account).get(f"/concerns/{id_}").status_code for id_ in (common, about_lead)]
        for name, account in {
            "lead": lead,
            "deputy": deputy,
            "raised it": evening.helper,
            "facilitator": evening.facilitator,
            "coordinator": builders.account(Role.COORDINATOR),
        }.items()
    }
    assert readers == {
        "lead": [200, 404],
        "deputy": [404, 200],
        "raised it": [403, 403],
        "facilitator": [403, 403],
        "coordinator": [403, 403],
    }
    assert sign_in(lead).post(f"/concerns/{about_lead}", data={"text": "x"}).status_code == 404
    assert "About the lead" not in sign_in(lead).get("/concerns").text


def test_a_lead_who_is_also_deputy_does_not_read_what_is_about_the_lead() -> None:
    both = {Role.SAFEGUARDING_LEAD, Role.SAFEGUARDING_DEPUTY}
    assert [reads_about_lead(roles) for roles in (both, both - {Role.SAFEGUARDING_LEAD})] == [
        False,
        True,
    ]
    assert reads_the_rest(both)
    assert not reads_the_rest({Role.SAFEGUARDING_DEPUTY})


def test_a_concern_that_nobody_could_read_is_not_swallowed(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    builders.account(Role.SAFEGUARDING_LEAD)
    answer = sign_in(evening.helper).post("/concerns/new", data={"text": WORDS, "about_lead": "1"})
    assert answer.status_code == 422
    assert "There is no safeguarding deputy here yet" in answer.text
    assert WORDS in answer.text
    assert db.session.scalars(select(Concern)).all() == []


def test_nobody_out_of_reach_can_be_named(app: Flask, at: datetime, sign_in: SignIn) -> None:
    evening, other = an_evening("Dawn"), an_evening("Marek", group="Thursday group")
    lead_and_deputy()
    helper = sign_in(evening.helper)
    page = helper.get("/concerns/new").text
    assert "Dawn, Tuesday group" in page
    assert "Marek" not in page
    for field, number in (("participant", other.people[0].id), ("session", other.session.id)):
        assert helper.post("/concerns/new", data={"text": WORDS, field: number}).status_code == 422
    assert db.session.scalars(select(Concern)).all() == []


def test_a_partners_practitioner_names_own_families_only(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    partner = builders.partner("Harbour", is_lead=False)
    evening.people[1].partner_id = partner.id
    page = sign_in(builders.account(Role.PRACTITIONER, partner=partner)).get("/concerns/new").text
    assert "Marek, Tuesday group" in page
    assert "Dawn" not in page


def test_the_words_of_a_concern_stand_sealed_in_its_row_and_nowhere_else(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    lead = sign_in(lead_and_deputy()[0])
    sign_in(evening.helper).post("/concerns/new", data={"text": WORDS})
    lead.post(
        f"/concerns/{db.session.scalars(select(Concern.id)).one()}",
        data={"acted": "yes", "text": f"About this: {WORDS}"},
    )
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        stored = b" ".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in rows
            for value in row
        )
        assert WORDS.encode() not in stored, table.name


def test_a_concern_waits_on_today_of_its_reader_only(app: Flask, at: datetime) -> None:
    lead, deputy = (staff_viewer(account, TODAY) for account in lead_and_deputy())
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1", is_about_lead=True))
    db.session.commit()
    assert todo_of(app, lead, at) == []
    assert todo_of(app, deputy, at) == ["soon: A concern waits for your answer"]
    later = at + timedelta(days=2, minutes=1)
    assert todo_of(app, deputy, later) == ["wrong: A concern waits for your answer"]


def test_when_its_reader_has_left_a_coordinator_is_told_to_name_another(
    app: Flask, at: datetime
) -> None:
    lead = builders.account(Role.SAFEGUARDING_LEAD)
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1"))
    coordinator = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    db.session.commit()
    assert todo_of(app, coordinator, at) == []
    lead.ends_on = TODAY - timedelta(days=1)
    db.session.commit()
    assert todo_of(app, coordinator, at) == [
        "wrong: A concern waits, and there is no safeguarding lead who may read it"
    ]


def test_who_reads_concerns_is_only_the_lead_and_the_deputy() -> None:
    readers = {role for role, given in GRANTS.items() if Permission.READ_CONCERNS in given}
    assert readers == {Role.SAFEGUARDING_LEAD, Role.SAFEGUARDING_DEPUTY}


def test_a_lead_who_becomes_coordinator_too_still_sees_concerns_on_today(
    app: Flask, at: datetime
) -> None:
    lead = builders.account(Role.SAFEGUARDING_LEAD)
    lead.grants.append(Grant(role=Role.COORDINATOR))
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1"))
    db.session.commit()
    set_clock(at)
    assert todo_of(app, staff_viewer(lead, TODAY), at) == ["soon: A concern waits for your answer"]


def test_a_concern_says_when_it_was_and_never_a_day_to_come(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    lead = sign_in(lead_and_deputy()[0])
    helper = sign_in(evening.helper)
    for day, says in (("2026-10-07", "still to come"), ("yesterday", "as a date")):
        refused = helper.post("/concerns/new", data={"text": WORDS, "happened_on": day})
        assert (refused.status_code, says in refused.text) == (422, True)
    helper.post("/concerns/new", data={"text": WORDS, "happened_on": "2026-10-04"})
    number = db.session.scalars(select(Concern.id)).one()
    assert "Sunday 4 October" in lead.get(f"/concerns/{number}").text


def test_the_lead_is_told_by_e_mail_that_something_waits_and_nothing_about_the_lead_is_sent(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    lead, _deputy = lead_and_deputy()
    helper = sign_in(evening.helper)
    passed = helper.post("/concerns/new", data={"text": WORDS, "about_lead": "1"})
    assert "Ring them as well" in helper.get(passed.location).text
    assert db.session.scalars(select(Message)).all() == []
    helper.post("/concerns/new", data={"text": WORDS, "participant": evening.people[0].id})
    (told,) = db.session.scalars(select(Message)).all()
    assert told.account_id == lead.id
    text_of_it = render(told, app.config["SETTINGS"])
    said = f"{text_of_it.subject} {text_of_it.body}".lower()
    assert not any(word in said for word in ("concern", "dawn", "uncle", "safeguarding"))


def test_a_lead_for_one_organisation_only_does_not_count_for_the_others(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    other = builders.partner("Harbour", is_lead=False)
    builders.account(Role.SAFEGUARDING_LEAD, partner=other, name="Lea Harbour")
    sent = {"text": WORDS, "participant": evening.people[0].id}
    assert sign_in(evening.helper).post("/concerns/new", data=sent).status_code == 422
    assert sign_in(evening.helper).post("/concerns/new", data={"text": WORDS}).status_code == 422
    builders.account(Role.SAFEGUARDING_LEAD, partner=partner_of(evening), name="Lea Here")
    assert sign_in(evening.helper).post("/concerns/new", data=sent).status_code == 303


def test_who_stood_in_as_lead_reads_nothing_once_that_is_over(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    lead, deputy = lead_and_deputy()
    deputy.grants.append(Grant(role=Role.SAFEGUARDING_LEAD, last_day=TODAY - timedelta(days=1)))
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1"))
    db.session.commit()
    number = db.session.scalars(select(Concern.id)).one()
    assert sign_in(deputy).get(f"/concerns/{number}").status_code == 404
    assert sign_in(lead).get(f"/concerns/{number}").status_code == 200


def test_what_the_lead_leaves_too_long_is_told_to_coordinators_without_a_word_of_it(
    app: Flask, at: datetime
) -> None:
    lead_and_deputy()
    coordinator = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    late = at + timedelta(days=2, minutes=1)
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1", is_about_lead=True))
    db.session.commit()
    assert todo_of(app, coordinator, late) == []  # whoever is told might ask the lead
    db.session.add(Concern(text=WORDS, raised_at=at, raised_by="account:1"))
    db.session.commit()
    assert todo_of(app, coordinator, at) == []
    assert todo_of(app, coordinator, late) == ["wrong: A concern has waited for more than two days"]
