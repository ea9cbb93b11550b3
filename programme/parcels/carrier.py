"""Files for the carrier: Royal Mail's Click & Drop import, and a plain table of addresses."""

import unicodedata
from collections.abc import Sequence

from programme.foundation.csv_tables import csv_table
from programme.parcels.print_job import Addressed
from programme.people.addresses import Address

CLICK_AND_DROP = (
    "Order reference",
    "Date",
    "Full name",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "City",
    "County",
    "Postcode",
    "Country",
    "Service Code",
    "Package Format",
    "Weight",
)
PLAIN = (
    "Reference",
    "Send by",
    "Name",
    "Address",
    "Town",
    "Postcode",
    "Country",
    "Weight in grams",
)
ROMAN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "Œ": "OE", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'", "‘": "'"}
    | {"–": "-", "—": "-"}
)


def click_and_drop(rows: Sequence[Addressed]) -> tuple[str, tuple[str, ...]]:
    """The file to import, and a sentence for each parcel that it could not take as written.

    The carrier takes Roman letters only: accents go, and a parcel in another script is left out.
    """
    fitting = [row for row in rows if _is_roman(row.address)]
    warnings = [
        f"{row.reference}: left out, because the carrier takes Roman letters only."
        for row in rows
        if row not in fitting
    ]
    warnings += [
        f"{row.reference}: written without its accents." for row in fitting if _has_accents(row)
    ]
    return csv_table(CLICK_AND_DROP, map(_click_and_drop_row, fitting)), tuple(warnings)


def plain_table(rows: Sequence[Addressed]) -> tuple[str, tuple[str, ...]]:
    """One line for each parcel, as its address is written; there is nothing to warn of."""
    return csv_table(PLAIN, map(_plain_row, rows)), ()


def _click_and_drop_row(row: Addressed) -> list[str]:
    to = row.address
    lines = [*to.lines[:2], ", ".join(to.lines[2:])]
    lines += [""] * (3 - len(lines))
    return [
        row.reference,
        f"{row.due_on:%d/%m/%Y}",
        *map(_roman, (to.name, *lines, to.town)),
        "",
        to.postcode,
        "United Kingdom" if to.country == "GB" else to.country,
        "",
        "",
        f"{row.weight_grams / 1000:.3f}" if row.weight_grams else "",
    ]


def _plain_row(row: Addressed) -> list[str]:
    to = row.address
    weight = str(row.weight_grams) if row.weight_grams else ""
    lines = ", ".join(to.lines)
    due_on = row.due_on.isoformat()
    return [row.reference, due_on, to.name, lines, to.town, to.postcode, to.country, weight]


def _roman(text: str) -> str:
    """Without accents: ễ becomes e, ő becomes o."""
    apart = unicodedata.normalize("NFKD", text.translate(ROMAN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _is_roman(address: Address) -> bool:
    return all(_roman(text).isascii() for text in _texts(address))


def _has_accents(row: Addressed) -> bool:
    return any(_roman(text) != text for text in _texts(row.address))


def _texts(address: Address) -> tuple[str, ...]:
    return (address.name, *address.lines, address.town)
