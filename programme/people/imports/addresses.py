"""Addresses in one cell or in several columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from programme.people.imports.fields import Field
from programme.people.imports.found import ASK, Found, is_nothing, notice, problem, shown
from programme.people.imports.places import COUNTIES, COUNTRIES, STREET_END
from programme.people.postcodes import take_postcode, tidy_postcode

_BETWEEN = re.compile(r"\s*[,;\n]\s*")
_FIGURES = str.maketrans("OIL", "011")
_HALF_POSTCODE = re.compile(r"(?:^|\s)([A-Z]{1,2}[0-9][A-Z0-9]?(?:\s+[0-9][A-Z]?)?)$")
_LONGEST_LINE = 80
_ONLY_NUMBER = re.compile(r"\d{1,4}[A-Za-z]?(?:\s*-\s*\d{1,4}[A-Za-z]?)?")


@dataclass(frozen=True, slots=True)
class Address:
    """`lines` stand above the town: a flat, a house and street, a village."""

    lines: tuple[str, ...] = ()
    town: str = ""
    county: str = ""
    postcode: str | None = None


def read_address(cells: Mapping[Field, str]) -> Found[Address]:
    """Problems are all about the postcode; whether an address is needed is not asked here."""
    lines = [_given(cells, field) for field in (Field.ADDRESS1, Field.ADDRESS2, Field.ADDRESS3)]
    town, county = _given(cells, Field.TOWN), _given(cells, Field.COUNTY)
    pieces = pieces_of(_given(cells, Field.FULL_ADDRESS))
    written = _given(cells, Field.POSTCODE)
    texts = [*lines, *pieces, town, county]
    texts, found = _take_postcode(texts, is_half_wanted=not written)
    postcode = _postcode(written or found)
    *texts, town, county = [_bare(text) for text in texts]
    lines = _with_numbers_joined(texts)
    address = _arranged(lines, town, county, is_whole=bool(pieces))
    address = replace(address, postcode=postcode.value)
    return Found(address, postcode.problems, postcode.notices)


def pieces_of(text: str) -> list[str]:
    """`27, Mill Lane, Banbury`: a number alone belongs to the street after it."""
    return _with_numbers_joined([part.strip(" .") for part in _BETWEEN.split(text)])


def _with_numbers_joined(texts: list[str]) -> list[str]:
    pieces: list[str] = []
    for piece in filter(None, texts):
        if pieces and _ONLY_NUMBER.fullmatch(pieces[-1]):
            piece = f"{pieces.pop()} {piece}"
        pieces.append(piece)
    return pieces


def _given(cells: Mapping[Field, str], field: Field) -> str:
    text = cells.get(field, "")
    return "" if is_nothing(text) and not _ONLY_NUMBER.fullmatch(text) else text.strip()


def _bare(text: str) -> str:
    line = re.sub(r"\s*\n\s*", ", ", text).strip(" ,;.")
    return re.sub(r"^(\d{1,4}[A-Za-z]?), +(?=[^\W\d_])", r"\1 ", line)


def _take_postcode(texts: list[str], *, is_half_wanted: bool) -> tuple[list[str], str]:
    """The texts without the postcode that one of them holds, and that postcode."""
    for position in reversed(range(len(texts))):
        rest, postcode = take_postcode(texts[position])
        if postcode:
            return [*texts[:position], rest, *texts[position + 1 :]], postcode
    return _take_half_postcode(texts) if is_half_wanted else (texts, "")


def _take_half_postcode(texts: list[str]) -> tuple[list[str], str]:
    """`Plymouth PL4 8` at the very end of an address."""
    position = max((at for at, text in enumerate(texts) if text), default=0)
    found = _HALF_POSTCODE.search(texts[position]) if position else None
    if not found:
        return texts, ""
    rest = texts[position][: found.start()]
    return [*texts[:position], rest, *texts[position + 1 :]], found[1]


def _postcode(text: str) -> Found[str | None]:
    if not text:
        return Found(None)
    if tidy := tidy_postcode(text) or take_postcode(text)[1]:
        return Found(tidy)
    if likely := tidy_postcode(_respelt(text)):
        return notice(likely, f"the postcode {shown(text, 12)} was read as {likely}.")
    return problem(None, _why_not(text))


def _respelt(text: str) -> str:
    """With the letter O where a letter belongs and the figure 0 where a figure does."""
    letters = re.sub(r"\W", "", text).upper()
    outward, figure, inward = letters[:-3], letters[-3:-2], letters[-2:]
    start = outward[:2].replace("0", "O") + outward[2:].replace("O", "0").replace("I", "1")
    return start + figure.translate(_FIGURES) + inward.replace("0", "O")


def _why_not(text: str) -> str:
    if len(re.sub(r"\W", "", text)) < 5 or _HALF_POSTCODE.search(text.upper()):
        return f"the postcode {shown(text, 12)} is not complete. {ASK}"
    return f"{shown(text, 24)} is not the shape of a postcode. {ASK}"


def _arranged(lines: list[str], town: str, county: str, *, is_whole: bool) -> Address:
    """Takes town and county off the end of an address that was all in one cell."""
    if is_whole:
        lines = _without_country(lines)
        if not county and len(lines) > 2 and lines[-1].casefold() in COUNTIES:
            county = lines.pop()
        if not town:
            lines, town = _take_town(lines)
    while len(lines) > 1 and lines[-1].casefold() in {town.casefold(), county.casefold()}:
        lines.pop()
    return Address(tuple(lines), town, county)


def _without_country(lines: list[str]) -> list[str]:
    return lines[:-1] if len(lines) > 1 and lines[-1].casefold() in COUNTRIES else lines


def _take_town(lines: list[str]) -> tuple[list[str], str]:
    if len(lines) > 1 and not any(letter.isdigit() for letter in lines[-1]):
        return lines[:-1], lines[-1]
    if len(lines) == 1 and (found := _street_and_town(lines[0])):
        return [found["street"]], found["town"]
    return lines, ""


def _street_and_town(line: str) -> re.Match[str] | None:
    return STREET_END.fullmatch(line) if len(line) <= _LONGEST_LINE else None
