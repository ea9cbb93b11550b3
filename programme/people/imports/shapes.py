"""What values look like, whatever the heading above them says."""

import re
from collections.abc import Callable, Iterable

from programme.people.imports.children import is_children
from programme.people.imports.dates import read_date
from programme.people.imports.fields import Field
from programme.people.imports.languages import language_codes
from programme.people.imports.phones import normalise_phone
from programme.people.imports.relationships import is_relationship
from programme.people.postcodes import is_postcode

_TOTAL = re.compile(r"(grand |sub[ -]?)?totals?\b|sum\b|count\b|cyfanswm\b|number of (people|rows)")
_COUNT = re.compile(r"[0-9]{1,5}(\.0+)?|=(sum|count\w*|subtotal|rows|max)\(.*")
_FOOTER = re.compile(
    r"(\*|note\b|notes:|printed\b|confidential|page \d|end of|source\b|key\b|official|produced|"
    r"©|exported|generated|last updated|report run|please\b)"
)
_FULL_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:[ ,'’.\-]+[^\W\d_]+){1,4}")
_ONE_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def is_email_like(text: str) -> bool:
    return "@" in text and len(text) < 200


def is_phone_like(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) >= 9 and normalise_phone(text) is not None


def is_date_like(text: str) -> bool:
    return len(text) < 30 and bool(re.search(r"[-/. ]", text)) and read_date(text) is not None


def is_full_name_like(text: str) -> bool:
    return bool(_FULL_NAME.fullmatch(text)) and not language_codes(text)


def is_one_name_like(text: str) -> bool:
    return bool(_ONE_NAME.fullmatch(text)) and len(text) > 1


def is_language_like(text: str) -> bool:
    return bool(language_codes(text)) and len(text) < 40


def is_children_like(text: str) -> bool:
    return is_children(text) and not is_date_like(text) and not is_postcode(text)


def is_address_like(text: str) -> bool:
    words = bool(re.search(r"[^\W\d_]{3}", text))
    return bool(re.search(r"\d", text)) and words and ("," in text or "\n" in text)


SHAPES: dict[Field, Callable[[str], bool]] = {
    Field.EMAIL: is_email_like,
    Field.PHONE: is_phone_like,
    Field.POSTCODE: is_postcode,
    Field.CONSENT_DATE: is_date_like,
    Field.CHILDREN: is_children_like,
    Field.RELATIONSHIP: is_relationship,
    Field.LANGUAGE: is_language_like,
    Field.FULL_NAME: is_full_name_like,
    Field.FULL_ADDRESS: is_address_like,
}


def share(values: Iterable[str], has_shape: Callable[[str], bool]) -> float:
    """Of the values that are not blank; 0 when all are."""
    answers = [has_shape(value[:300]) for value in values if value]
    return sum(answers) / len(answers) if answers else 0.0


def is_personal(cells: tuple[str, ...]) -> bool:
    """Holds an e-mail address, a phone or a postcode, as a row about a person does."""
    tests = (is_email_like, is_phone_like, is_postcode)
    return any(test(cell) for cell in cells if cell for test in tests)


def is_total(cells: tuple[str, ...]) -> bool:
    """`TOTAL, 13`, or nothing but a count."""
    texts = [cell.casefold() for cell in cells if cell]
    if not texts:
        return False
    if all(map(is_count, texts)):
        return len(texts) == 1 or any(text.startswith("=") for text in texts)
    rest = [text for text in texts if not _TOTAL.match(text)]
    return len(rest) < len(texts) and all(map(is_count, rest))


def is_count(text: str) -> bool:
    """A small number, or a formula that counts or adds up."""
    return bool(_COUNT.fullmatch(text.casefold()))


def is_footer(cells: tuple[str, ...]) -> bool:
    """One cell alone that says something of the file and not of a person."""
    texts = [cell for cell in cells if cell]
    if len(texts) != 1 or is_personal(cells):
        return False
    return bool(_FOOTER.match(texts[0].casefold())) or len(texts[0].split()) > 6
