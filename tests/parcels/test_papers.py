"""Label sheets, measured in millimetres by reading the PDF's own coordinates."""

import io
import subprocess
import sys
from datetime import date, datetime
from time import process_time

import pytest
from pypdf import PdfReader

from programme.foundation.web import Refusal
from programme.parcels.papers import PADDING, STOCKS, Labels, Sheet, Stock, labels
from programme.parcels.print_job import Addressed
from programme.people.addresses import Address

NOW = datetime.fromisoformat("2026-10-06T09:00:00+00:00")
MM = 25.4 / 72
PAGE_HEIGHT = 297.0


def row(number: int = 1, **others: object) -> Addressed:
    plain = {
        "name": "Dawn Example",
        "lines": ("14 Alder Close",),
        "town": "Liverpool",
        "postcode": "L8 1TJ",
        "country": "GB",
    }
    return Addressed(
        parcel_id=number,
        reference=f"R{number}",
        due_on=date(2026, 10, 27),
        booklets=1,
        weight_grams=340,
        address=Address(**(plain | others)),
    )


Placed = tuple[int, float, float, float, str]


def placed(printed: Labels) -> list[Placed]:
    """Every text of a PDF: page, millimetres from left and top to its baseline, points, words."""
    found: list[Placed] = []
    for number, page in enumerate(PdfReader(io.BytesIO(printed.pdf)).pages):

        def note(text, _cm, tm, _font, size, number=number):  # type: ignore[no-untyped-def]
            if text.strip():
                left, top = tm[4] * MM, PAGE_HEIGHT - tm[5] * MM
                found.append((number, left, top, size, text.strip()))

        page.extract_text(visitor_text=note)
    return found


def test_the_sheets_are_as_the_makers_say() -> None:
    small, large = STOCKS["L7160"], STOCKS["L7163"]
    assert (small.count, large.count) == (21, 14)
    for stock in (small, large):
        right_edge = stock.left + (stock.columns - 1) * stock.across + stock.width
        assert right_edge + stock.left == pytest.approx(210, abs=0.05)
        bottom_edge = stock.top + stock.rows * stock.down
        assert bottom_edge + stock.top == pytest.approx(297, abs=0.05)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_every_label_lies_where_the_sheet_has_it(stock: Stock) -> None:
    printed = labels([row(n) for n in range(stock.count + 1)], Sheet(stock=stock), NOW)
    names = [text for text in placed(printed) if text[4] == "Dawn Example"]
    assert [page for page, *_ in names] == [0] * stock.count + [1]
    for place, (_, left, _, _, _) in enumerate(names[: stock.count]):
        column = place % stock.columns
        assert left == pytest.approx(stock.left + column * stock.across + PADDING, abs=0.02)
    first, below = names[0], names[stock.columns]
    assert below[2] - first[2] == pytest.approx(38.1, abs=0.02)
    assert names[stock.count][1:3] == pytest.approx(first[1:3], abs=0.02)


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_every_line_stays_inside_its_label(stock: Stock) -> None:
    long = row(2, name="N" * 60, lines=("The Old Mill House at the Far End of the Lane",) * 5)
    for _, left, baseline, size, _ in placed(labels([row(), long], Sheet(stock=stock), NOW)):
        _, top = stock.corner(0)
        assert baseline - size * MM >= top
        assert baseline + size * MM * 0.3 <= top + stock.height
        assert left >= stock.left


def test_printing_begins_at_the_label_asked_for_and_is_nudged() -> None:
    plain = placed(labels([row()], Sheet(start=5), NOW))[0]
    nudged = placed(labels([row()], Sheet(start=5, right=1.5, down=-2), NOW))[0]
    stock = STOCKS["L7160"]
    assert plain[1] == pytest.approx(stock.left + stock.across + PADDING, abs=0.02)
    assert stock.top + stock.down < plain[2] < stock.top + 2 * stock.down
    assert nudged[1] - plain[1] == pytest.approx(1.5, abs=0.02)
    assert nudged[2] - plain[2] == pytest.approx(-2, abs=0.02)


def test_a_sheet_begun_in_the_middle_goes_on_with_a_whole_one() -> None:
    texts = placed(labels([row(n) for n in range(3)], Sheet(start=20), NOW))
    assert [page for page, *_, text in texts if text == "Dawn Example"] == [0, 0, 1]


def test_the_address_stands_in_its_order_with_the_town_in_capitals() -> None:
    texts = [text for *_, text in placed(labels([row()], Sheet(), NOW))]
    assert texts == ["Dawn Example", "14 Alder Close", "LIVERPOOL", "L8 1TJ"]


def test_a_long_address_is_shrunk_and_nothing_is_lost() -> None:
    lines = tuple(f"{n} The Extremely Long Name of a House that Nobody Can Say" for n in range(6))
    texts = placed(labels([row(lines=lines)], Sheet(), NOW))
    assert all(size < 8 for *_, size, _ in texts)
    said = " ".join(text for *_, text in texts)
    assert all(line in said for line in lines)


@pytest.mark.parametrize("name", ["Nguyễn Thị Hồng", "Erzsébet Kőszegi", "Zoë Łuk", "Олена"])
def test_letters_of_many_languages_are_drawn(name: str) -> None:
    assert placed(labels([row(name=name)], Sheet(), NOW))[0][4] == name


@pytest.mark.parametrize("name", ["فاطمة", "漢字"])
def test_what_cannot_be_drawn_is_left_out_and_named(name: str) -> None:
    printed = labels([row(1, name=name), row(2)], Sheet(), NOW)
    assert printed.left_out == ("R1: write this label by hand.",)
    with pytest.raises(Refusal, match="by hand"):
        labels([row(1, name=name)], Sheet(), NOW)


def test_the_properties_of_the_file_say_nothing() -> None:
    reader = PdfReader(io.BytesIO(labels([row()], Sheet(), NOW).pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Labels"
    assert set(reader.metadata) <= {"/Title", "/Producer", "/CreationDate"}
    assert "Dawn" not in str(reader.metadata)


def test_a_thousand_labels_take_under_two_seconds_of_the_processor() -> None:
    rows = [row(n, name=f"Dawn Example {n}") for n in range(1000)]
    began = process_time()
    printed = labels(rows, Sheet(), NOW)
    assert process_time() - began < 2
    assert len(PdfReader(io.BytesIO(printed.pdf)).pages) == 48


def test_drawing_labels_loads_no_scientific_library() -> None:
    code = (
        "import sys; from tests.parcels.test_papers import NOW, row;"
        "from programme.parcels.papers import Sheet, labels;"
        "before = 'fpdf' in sys.modules; labels([row()], Sheet(), NOW);"
        "print(before, 'fpdf' in sys.modules, 'numpy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False True False"
