"""How far from UTC a time says that it is."""

import re
from datetime import timedelta

_HOURS = {
    "z": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "bst": 1.0, "west": 1.0, "cet": 1.0, "mez": 1.0,
    "cest": 2.0, "mesz": 2.0, "eet": 2.0, "eest": 3.0, "est": -5.0, "edt": -4.0, "cst": -6.0,
    "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
}  # fmt: skip
_NAMES = "|".join(sorted(_HOURS, key=len, reverse=True))
_SHIFT = r"(?P<sign>[+\-−])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?"
ZONE = re.compile(
    rf"[(\[]?\s?(?:(?<![a-z])(?P<name>{_NAMES})(?![a-z])\s?(?:{_SHIFT})?"
    rf"|(?<=[\d\s(\[])(?P<bare>{_SHIFT.replace('?P<', '?P<bare_')}))\s?[)\]]?\s?$",
    re.IGNORECASE,
)
_LONGEST = 90


def zone_at_end(text: str) -> tuple[str, timedelta | None]:
    """`18:57 (GMT+1)` is `18:57` and an hour; without a zone, the text and None."""
    found = ZONE.search(text) if len(text) <= _LONGEST else None
    if found is None:
        return text, None
    return text[: found.start()].rstrip(" ,"), _offset(found)


def _offset(found: re.Match[str]) -> timedelta:
    kind = "" if found["name"] else "bare_"
    base = _HOURS[found["name"].lower()] if found["name"] else 0.0
    if not found[f"{kind}sign"]:
        return timedelta(hours=base)
    size = timedelta(hours=int(found[f"{kind}hours"]), minutes=int(found[f"{kind}minutes"] or 0))
    return timedelta(hours=base) + (size if found[f"{kind}sign"] == "+" else -size)
