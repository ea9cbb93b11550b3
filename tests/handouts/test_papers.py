"""Ten weeks on paper."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from programme.app import ROOT
from programme.cohorts.programmes import load_programme
from programme.handouts.content import read_week
from programme.handouts.papers import print_week
from programme.handouts.rules import Form
from programme.handouts.sheets import SHEETS, source_hash
from programme.messages.rules import revealing_words

NUMBERS = [session.number for session in load_programme("together").sessions]


@pytest.fixture(scope="module")
def maker() -> Flask:
    return Flask("maker", template_folder=str(ROOT / "templates"))


@pytest.mark.parametrize("form", list(SHEETS))
@pytest.mark.parametrize("number", NUMBERS)
def test_every_form_of_every_week_prints_small_tagged_and_discreet(
    maker: Flask, number: int, form: Form
) -> None:
    with maker.app_context():
        printed = print_week("together", number, "en", form)
    reader = PdfReader(io.BytesIO(printed))
    properties = " ".join(str(value) for value in (reader.metadata or {}).values())
    report = validate_pdf_bytes(printed, profile=ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    assert len(printed) < 300_000
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert revealing_words(properties) == []
    assert 2 <= len(reader.pages) <= (5 if form is not Form.LARGE_PRINT else 10)


def test_large_print_sets_every_word_in_18_points_or_more(maker: Flask) -> None:
    with maker.app_context():
        printed = print_week("together", 3, "en", Form.LARGE_PRINT)
    sizes: set[float] = set()
    for page in PdfReader(io.BytesIO(printed)).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: (
                sizes.add(round(size * abs(tm[3] * cm[3]), 1)) if text.strip() else None
            )
        )
    assert min(sizes) * 0.75 >= 13 or min(sizes) >= 18


def test_words_only_has_no_marks(maker: Flask) -> None:
    with maker.app_context():
        text = print_week("together", 3, "en", Form.TEXT).decode()
    assert text.startswith("Feelings, theirs and yours")
    assert ":::" not in text
    assert "![" not in text


def test_a_changed_word_changes_what_the_file_is_known_by() -> None:
    week = read_week("together", 1, "en")
    assert source_hash("together", week, Form.STANDARD) != source_hash(
        "together", read_week("together", 2, "en"), Form.STANDARD
    )
    assert source_hash("together", week, Form.STANDARD) != source_hash(
        "together", week, Form.LARGE_PRINT
    )


def test_the_command_prints_without_an_instance_or_secrets(tmp_path: Path) -> None:
    out = tmp_path / "week.pdf"
    words = ["handout", "--week", "2", "--form", "low-ink", "--out", str(out)]
    subprocess.run(
        [sys.executable, "-m", "programme", *words],
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert out.read_bytes().startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == [out]


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "programme", "handout", "--week", "77", "--out", "x.pdf"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
