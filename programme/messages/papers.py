"""Letters as PDF, on A4 folded twice for an envelope with a window (DL, 110 by 220 mm).

The window shows what lies 20 to 110 mm from the left and, as the paper slides, 44 to 90 mm
from the top. Nothing but name and address stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from programme.foundation.drawing import LEGIBLE, POINT, broken, can_draw, empty_pdf, write
from programme.foundation.settings import Settings
from programme.messages.models import Message
from programme.messages.rendering import Text
from programme.messages.templates import LINK, fill, load_template
from programme.people.addresses import Address, address_of

if TYPE_CHECKING:
    from fpdf import FPDF

LEFT, RIGHT = 22.0, 188.0
WINDOW_TOP, WINDOW_HEIGHT, WINDOW_WIDTH = 56.0, 23.0, 76.0
"""Where the address is seen however the paper lies in the envelope."""
FOLDS = (99.0, 198.0)
TEXT_TOP, BOTTOM, NEXT_PAGE_TOP = 106.0, 277.0, 25.0
SIZE, LARGE_SIZE, SMALL = 12.0, 18.0, 9.5
"""Points."""
LEADING, ADDRESS_LEADING = 1.5, 1.2
ADDRESS_SIZES = [size / 2 for size in range(24, 13, -1)]
SQUARE = 30.0
"""The side of a QR code with its quiet margin."""
KEY_GROUP = 4


@dataclass(frozen=True)
class Paper:
    """One letter, ready to be drawn. `links`: whole personal addresses, in their order."""

    address: Address
    text: Text
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]
    how_to_open: str
    head: tuple[str, ...]
    foot: str
    size: float


@dataclass(frozen=True)
class Drawn:
    """A PDF, which letters are in it, and which could not be drawn."""

    pdf: bytes
    drawn: tuple[int, ...]
    undrawn: tuple[int, ...]


def paper_of(message: Message, text: Text, ours: Settings) -> Paper:
    """What is drawn of a message: its text, with each link named and set apart.

    Raises:
        TemplateError: a text of ours is missing.
    """
    person = message.participant
    assert person is not None
    opening = load_template(message.language, "letter-link")
    foot = load_template(message.language, "letter-foot")
    values = {"public_name": ours.public_name, "phone": ours.office_phone}
    links = [link for link in LINK.findall(text.body) if link.startswith(ours.link_base)]
    body = _naming(text.body, links, opening.subject)
    return Paper(
        address=address_of(person, person.household),
        text=text,
        paragraphs=tuple(filter(None, body.split("\n"))),
        foot=fill(foot.body, values),
        links=tuple(links),
        how_to_open=opening.body,
        head=(ours.public_name, ours.return_address, ours.office_phone),
        size=LARGE_SIZE if person.large_print else SIZE,
    )


def draw_letters(papers: Mapping[int, Paper], at: datetime) -> Drawn:
    """All letters in one file that says of itself only that it holds letters."""
    drawn: list[int] = []
    with empty_pdf("Letters", LEGIBLE, at) as pdf:
        for number, paper in papers.items():
            if _can_draw(pdf, paper):
                _Sheet(pdf, paper).draw()
                drawn.append(number)
        pdf_bytes = bytes(pdf.output()) if drawn else b""
    undrawn = tuple(number for number in papers if number not in drawn)
    return Drawn(pdf_bytes, tuple(drawn), undrawn)


def typed(link: str) -> tuple[str, str]:
    """A link as somebody types it: the part that is always the same, and the key in groups."""
    start, _, key = link.partition("://")[2].rpartition("/")
    groups = [key[place : place + KEY_GROUP] for place in range(0, len(key), KEY_GROUP)]
    return f"{start}/", "-".join(groups)


def _naming(body: str, links: list[str], name: str) -> str:
    """The text with each link replaced by words that say where it is."""
    for number, link in enumerate(links, start=1):
        body = body.replace(link, f"{name} ({number})" if len(links) > 1 else name, 1)
    return body


def _can_draw(pdf: "FPDF", paper: Paper) -> bool:
    words = (*paper.paragraphs, *paper.head, paper.how_to_open, paper.foot)
    return can_draw(pdf, (*paper.address.for_a_label(), *words))


class _Sheet:
    """A letter being drawn, from the top down. `y` is where the next line begins, in mm."""

    def __init__(self, pdf: "FPDF", paper: Paper) -> None:
        self.pdf, self.paper, self.y = pdf, paper, TEXT_TOP

    def draw(self) -> None:
        self.pdf.add_page()
        self._head()
        self._address()
        self._folds()
        for paragraph in self.paper.paragraphs:
            self._paragraph(paragraph, self.paper.size)
        for number, link in enumerate(self.paper.links, start=1):
            self._link(link, f"({number})" if len(self.paper.links) > 1 else "")
        self._paragraph(self.paper.foot, max(self.paper.size - 2, SMALL))

    def _head(self) -> None:
        name, *others = self.paper.head
        self.pdf.set_font(size=14)
        write(self.pdf, LEFT, 22, name)
        self.pdf.set_font(size=SMALL)
        for number, line in enumerate(others):
            write(self.pdf, LEFT, 28 + number * SMALL * POINT * 1.4, line)

    def _address(self) -> None:
        """In the largest letters with which every line is in the window."""
        lines = self.paper.address.for_a_label()
        for size in ADDRESS_SIZES:
            self.pdf.set_font(size=size)
            step = size * POINT * ADDRESS_LEADING
            fitted = lines if size > ADDRESS_SIZES[-1] else broken(self.pdf, lines, WINDOW_WIDTH)
            widest = max(self.pdf.get_string_width(line) for line in fitted)
            if widest <= WINDOW_WIDTH and len(fitted) * step <= WINDOW_HEIGHT:
                break
        for number, line in enumerate(fitted):
            write(self.pdf, LEFT, WINDOW_TOP + size * POINT + number * step, line)

    def _folds(self) -> None:
        self.pdf.set_draw_color(160)
        for fold in FOLDS:
            self.pdf.line(4, fold, 8, fold)

    def _paragraph(self, words: str, size: float) -> None:
        for line in self._broken(words, size, RIGHT - LEFT):
            self._line(line, size)
        self.y += size * POINT * 0.8

    def _line(self, words: str, size: float, left: float = LEFT) -> None:
        step = size * POINT * LEADING
        if self.y + step > BOTTOM:
            self._next_page()
        self.pdf.set_font(size=size)
        write(self.pdf, left, self.y + size * POINT, words)
        self.y += step

    def _broken(self, words: str, size: float, width: float) -> tuple[str, ...]:
        self.pdf.set_font(size=size)
        return broken(self.pdf, [words], width)

    def _link(self, link: str, number: str) -> None:
        """The square, and beside it how to open it and the address in groups to type."""
        if self.y + SQUARE * 1.5 > BOTTOM:
            self._next_page()
        top, left = self.y, LEFT + SQUARE + 4
        _draw_square(self.pdf, link, LEFT, top)
        how = f"{number} {self.paper.how_to_open}".strip()
        lines = [*self._broken(how, self.paper.size, RIGHT - left), *typed(link)]
        for line in lines:
            for each in self._pieces(line, RIGHT - left):
                self._line(each, self.paper.size, left)
        self.y = max(self.y, top + SQUARE) + 6

    def _pieces(self, line: str, width: float) -> list[str]:
        """A long address is broken after a hyphen."""
        pieces = broken(self.pdf, [line.replace("-", "- ")], width) if "-" in line else (line,)
        return [piece.replace("- ", "-") for piece in pieces]

    def _next_page(self) -> None:
        self.pdf.add_page()
        self.y = NEXT_PAGE_TOP


def _draw_square(pdf: "FPDF", link: str, left: float, top: float) -> None:
    import segno

    matrix = segno.make(link, error="m", micro=False).matrix
    side = SQUARE / (len(matrix) + 8)
    pdf.set_fill_color(0)
    for row, cells in enumerate(matrix):
        for column, is_dark in enumerate(cells):
            if is_dark:
                pdf.rect(left + column * side, top + row * side, side, side, style="F")
