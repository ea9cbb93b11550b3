"""dispatch-list on the command line."""

import json
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from programme.commands import parcels as command
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.foundation.web import Refusal
from tests.parcels import boxes

DUE = ("--due", "2026-10-27")


@pytest.fixture
def two_parcels(
    app: Flask, settings: Settings, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "read_settings", lambda: settings)
    monkeypatch.setattr(command, "create_app", lambda _settings: app)
    cohort = boxes.a_cohort()
    boxes.packed(boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at), at)
    boxes.parcel_for(boxes.enrolled("Bea", cohort), cohort, at)
    db.session.commit()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.dispatch_list, arguments, standalone_mode=False)


def test_a_table_says_states_and_no_address(two_parcels: None) -> None:
    result = run(*DUE)
    assert "Packed" in result.output
    assert "To confirm" in result.output
    assert "Alder" not in result.output


def test_json_says_states_and_no_address(two_parcels: None) -> None:
    report = json.loads(run(*DUE, "--json").output)
    assert (report["due"], report["ready"], report["all"]) == ("2026-10-27", 1, 2)
    assert {(p["known_as"], p["state"]) for p in report["parcels"]} == {
        ("Ann", "packed"),
        ("Bea", "to_confirm"),
    }
    assert "Alder" not in json.dumps(report)


def test_an_earlier_day_has_none(two_parcels: None) -> None:
    assert run("--due", "2026-10-26").output == "No parcels must go by 26 October 2026.\n"


def test_click_and_drop_goes_to_a_file_and_is_audited(two_parcels: None, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    result = run(*DUE, "--format", "click-and-drop", "--out", str(out))
    assert "The address is not confirmed yet." in result.output
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Order reference,Date,Full name,Address Line 1")
    assert len(lines) == 2
    assert db.session.scalars(select(AuditEntry).filter_by(action="exported list")).one()


def test_a_plain_csv_goes_to_the_terminal(two_parcels: None) -> None:
    assert "14 Alder Close,Liverpool,L8 1TJ" in run(*DUE, "--format", "csv").output


def test_labels_go_to_a_file(two_parcels: None, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"
    assert run(*DUE, "--format", "labels", "--out", str(out)).exception is None
    assert out.read_bytes().startswith(b"%PDF")


def test_mistakes_are_one_sentence(two_parcels: None, tmp_path: Path) -> None:
    labels = (*DUE, "--format", "labels")
    assert isinstance(run(*labels).exception, click.ClickException)
    too_far = run(*labels, "--out", str(tmp_path / "l.pdf"), "--start", "22")
    assert str(too_far.exception) == "L7160 has 21 labels."
    none = run("--due", "2026-01-01", "--format", "csv")
    assert isinstance(none.exception, Refusal)
