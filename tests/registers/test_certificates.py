"""A certificate says nothing that a neighbour may not read."""

import io
from datetime import datetime

import pytest
from flask import Flask
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader
from sqlalchemy import select

from programme.access.links import link_key
from programme.access.rules import Purpose
from programme.app import ROOT
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.paper import NotPrinted, print_apart
from programme.foundation.web import Refusal
from programme.messages.rules import revealing_words
from programme.registers.certificates import certificate_of, print_for, tidy_name
from programme.registers.papers import Certificate, print_certificates
from tests.conftest import set_clock
from tests.evening import SignIn, an_evening

CERTIFICATE = Certificate(
    title="Ten weeks together",
    dates="15 September 2026 to 17 November 2026",
    from_whom="Tuesday Post",
    facilitators="Priya and Bill",
)


def test_certificates_are_tagged_one_page_each_and_discreet_in_words_and_properties() -> None:
    maker = Flask("maker", template_folder=str(ROOT / "templates"))
    names = ["Dawn", "Wilhelmina Żółć-Featherstonehaugh of Upper Alder", "نور"]
    with maker.app_context():
        printed = print_certificates(CERTIFICATE, names)
    reader = PdfReader(io.BytesIO(printed))
    words = [page.extract_text() for page in reader.pages]
    report = validate_pdf_bytes(printed, profile=ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    assert len(words) == 3
    assert "Dawn" in words[0]
    assert "15 September 2026 to 17 November 2026" in words[0]
    properties = " ".join(str(value) for value in (reader.metadata or {}).values())
    assert "Dawn" not in properties
    assert revealing_words(" ".join(words) + properties) == []
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificates"


def test_a_page_that_cannot_be_printed_says_so_without_the_words(tmp_path) -> None:  # type: ignore[no-untyped-def]
    outside = '<html lang="en"><title>x</title><img src="file:///etc/passwd" alt="Dawn"></html>'
    with pytest.raises(NotPrinted) as caught:
        print_apart(outside, assets=tmp_path, css="")
    assert "Dawn" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_only_who_completed_has_one_and_their_name_is_typed_and_not_kept(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn, marek = evening.enrolments
    dawn.stage = Stage.COMPLETED
    db.session.commit()
    cohort, by = evening.cohort, evening.viewer()
    for wrong, why in (
        ({}, "Choose for whom"),
        ({marek.id: "Marek"}, "is for who completed"),
        ({dawn.id: " "}, "Type the name"),
        ({dawn.id: "x" * 61}, "too long"),
        ({dawn.id: "Dawn", 9999: "Nobody"}, "Choose for whom"),
    ):
        with pytest.raises(Refusal, match=why):
            print_for(cohort, wrong, with_facilitators=False, by=by, at=at)
    facilitator = sign_in(evening.facilitator)
    assert "Known as Dawn" in (facilitator.get(f"/cohorts/{cohort.id}/completion").text)
    form = {f"name-{dawn.id}": "Dawn Alder", f"name-{marek.id}": " "}
    answer = facilitator.post(f"/cohorts/{cohort.id}/certificates.pdf", data=form)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert "Dawn Alder" in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    entry = db.session.scalars(select(AuditEntry).filter_by(action="printed certificates")).one()
    assert entry.details == {"enrolments": [dawn.id]}


def test_a_participant_asks_for_their_own_once_they_completed(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    key = link_key(Purpose.MY_GROUP, evening.enrolments[0].id)
    browser = app.test_client()
    assert "My certificate" not in browser.get(f"/g/{key}").text
    assert browser.post(f"/g/{key}/certificate.pdf", data={"name": "Dawn"}).status_code == 422
    evening.enrolments[0].stage = Stage.COMPLETED
    set_clock(evening.cohort.sessions[-1].ends_at)
    assert "My certificate" in browser.get(f"/g/{key}").text
    refused = browser.post(f"/g/{key}/certificate.pdf", data={"name": " "})
    assert (refused.status_code, "Type the name" in refused.text) == (422, True)


def test_a_public_name_that_gives_something_away_is_not_printed(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = an_evening("Dawn")
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(
        app.config, "SETTINGS", type("Other", (), {"public_name": "Prison Families"})()
    )
    with pytest.raises(Refusal, match="cannot say"):
        certificate_of(evening.cohort, with_facilitators=False)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    said = certificate_of(evening.cohort, with_facilitators=True)
    assert said.dates == "15 September 2026 to 17 November 2026"
    assert "Priya of Tuesday group" in said.facilitators


def test_a_name_is_tidied_of_signs_that_cannot_be_printed() -> None:
    assert tidy_name("  Dawn\u202e \x00 Alder ") == "Dawn Alder"
