"""Phone numbers as people and spreadsheets write them, to E.164."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from programme.people.imports.found import ASK, Found, is_nothing, notice, problem, shown

_BETWEEN = re.compile(r"\s*(?:[/;,|&\n]|\bor\b|\band\b|\bneu\b)\s*", re.IGNORECASE)
_ROUNDED = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_LETTER_O = re.compile(r"(?<![A-Za-z])[oO]+(?=[0-9])|(?<=[0-9])[oO]+(?![A-Za-z])")
_EXTENSION = re.compile(r"(?:ext\.?|x|extension)\s*[0-9]{1,6}\s*$", re.IGNORECASE)
_REMARK = re.compile(r"((?:[0-9][^0-9A-Za-z]{0,4}){9,})[A-Za-z].*")  # `… (after 6)`
_FEWEST_DIGITS = 7
_LONGEST = 60


def read_phone(text: str) -> Found[str | None]:
    if is_nothing(text):
        return Found(None)
    parts = list(_numbers_in(text))
    good = [number for part in parts if (number := normalise_phone(part))]
    if not good:
        return problem(None, _why_not(text))
    return _choice(sorted(dict.fromkeys(good), key=is_landline), len(parts) - len(good))


def normalise_phone(text: str) -> str | None:
    """`07700 900 101`, `7700900101` and `+44 (0)7700 900101` are all `+447700900101`."""
    if len(text) > _LONGEST:
        return None
    return _as_e164(_dialled(_with_noughts(_EXTENSION.sub("", text))))


def _with_noughts(text: str) -> str:
    return _LETTER_O.sub(lambda found: "0" * len(found.group()), text)


def is_landline(number: str) -> bool:
    if number.startswith("+44"):
        return not number.startswith("+447")
    return phonenumbers.number_type(phonenumbers.parse(number)) == PhoneNumberType.FIXED_LINE


def _numbers_in(text: str) -> Iterator[str]:
    """Two numbers in one cell, but not `07700/900101`."""
    parts = [part for part in _BETWEEN.split(text) if part]
    digits = [sum(letter.isdigit() for letter in part) for part in parts]
    if len(parts) > 1 and all(count < _FEWEST_DIGITS for count in digits):
        yield text
        return
    yield from (part for part, count in zip(parts, digits, strict=True) if count >= _FEWEST_DIGITS)


def _dialled(text: str) -> str:
    """Digits, with a plus when the number says its country."""
    if rounded := _ROUNDED.fullmatch(text.strip()):
        return _unrounded(*rounded.groups(default=""))
    text = _REMARK.sub(r"\1", text.strip())
    text = re.sub(r"(?<=[0-9])\.0+$", "", text).replace("(0)", "")
    digits = re.sub(r"[^0-9]", "", text)
    if "+" in text:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _unrounded(first: str, rest: str, power: str) -> str:
    """A number shown as 7.700900101E+09 is whole; of 7.7009E+09 the end is lost."""
    digits = first + rest
    return digits if len(digits) == int(power) + 1 else ""


def _as_e164(dialled: str) -> str | None:
    if dialled.startswith("+") and not dialled.startswith("+44"):
        return _abroad(dialled)
    national = _national(dialled)
    if re.fullmatch(r"[1-37][0-9]{9}", national):
        return f"+44{national}"
    return _abroad(f"+44{national}") if dialled and dialled[0] in "+0" else None


def _national(dialled: str) -> str:
    digits = dialled.removeprefix("+44")
    if digits == dialled and len(digits) >= 12 and digits.startswith("44"):
        digits = digits[2:]
    return digits.removeprefix("0")


def _abroad(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _choice(numbers: list[str], unread: int) -> Found[str | None]:
    if len(numbers) > 1:
        others = ", ".join(map(_as_written, numbers[1:]))
        return notice(
            numbers[0],
            f"there is more than one phone number. {_as_written(numbers[0])} is taken;"
            f" {others} is not.",
        )
    if unread:
        return notice(numbers[0], "there is a second phone number, which is not complete.")
    return Found(numbers[0])


def _as_written(number: str) -> str:
    parsed = phonenumbers.parse(number)
    is_home = parsed.country_code == 44
    form = PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def _why_not(text: str) -> str:
    digits = sum(letter.isdigit() for letter in text)
    if _ROUNDED.fullmatch(text.strip()):
        return f"the spreadsheet has shortened the phone number to {shown(text)}. {ASK}"
    if not digits:
        return f"“{shown(text)}” is not a phone number. {ASK}"
    if digits > 11:
        return f"the phone number {shown(text)} has too many digits. {ASK}"
    return f"the phone number {shown(text)} is not complete. {ASK}"
