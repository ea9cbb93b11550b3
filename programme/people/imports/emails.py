"""E-mail addresses, checked without asking the network."""

import re

from email_validator import EmailNotValidError, validate_email

from programme.people.imports.found import ASK, Found, is_nothing, notice, problem, shown

_BETWEEN = re.compile(r"[\s;,|<>()\[\]]+|(?<![^\s])/|/(?![^\s])")
_LONGEST = 2_000


def read_email(text: str) -> Found[str | None]:
    if is_nothing(text):
        return Found(None)
    good = _good_addresses(text)
    if not good:
        return problem(None, f"the e-mail address {shown(text)} is not complete. {ASK}")
    if len(good) > 1:
        return notice(good[0], f"there is more than one e-mail address. {good[0]} is taken.")
    return Found(good[0])


def _good_addresses(text: str) -> list[str]:
    parts = _BETWEEN.split(text[:_LONGEST])
    found = (_tidy(part) for part in parts if "@" in part)
    return list(dict.fromkeys(address for address in found if address))


def _tidy(text: str) -> str | None:
    bare = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).strip("'\".:,‘’“”")
    try:
        # The test flag lets a demonstration use names under .test; nothing is looked up.
        checked = validate_email(bare, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()
