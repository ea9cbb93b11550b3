"""Names as people typed them, without what a meeting service hangs on."""

import re
import unicodedata
from dataclasses import dataclass

from programme.registers.reports.months import folded
from programme.registers.reports.words import is_organiser

_LONGEST = 200
_SUFFIXES = re.compile(
    r"(external|unverified|not verified|guest|me|you|phone|extern\w*|gast|nicht verifiziert|"
    r"nicht uberpruft|invite|non verifie\w*|invitado|externo|sin verificar|no verificado|"
    r"non verificato|ospite|esterno|niezweryfikowan\w*|zewnetrzn\w*|gosc|allanol|gwestai|"
    r"heb ei (ddilysu|wirio)|convidado|nao verificado|niet geverifieerd|anonymous|"
    r"he|him|his|she|her|hers|they|them|theirs|ze|hir|any( pronouns)?|all pronouns)"
)
_PRONOUNS = re.compile(r"[a-z]{1,8}( ?[/|,] ?[a-z]{1,8}){1,3}")
_PRONOUN = {
    "he", "him", "his", "she", "her", "hers", "they", "them", "theirs", "ze", "zir", "hir", "xe",
    "xem", "it", "its", "any", "all", "er", "ihm", "sie", "ihr", "il", "lui", "elle", "el", "ella",
    "on", "ona", "jego", "jej", "fe", "fo", "hi", "nhw", "ey", "em",
}  # fmt: skip
_DEVICE = re.compile(
    r".*\b(i ?phone|i ?pad|i ?pod|mac ?book|chromebook|laptop|tablet|android)\b.*|"
    r"(.+['’]s |my |the )?(galaxy|samsung|sm-\w+|huawei|pixel|moto|oneplus|redmi|xiaomi|nokia|oppo|"
    r"vivo|realme|sony|xperia|lg-\w+|htc|i ?mac|desktop(-\w+)?|pc|windows|kindle|surface|lenovo|"
    r"asus|alcatel|zte|phone|mobile|telephone|telefon|handy|zoom user|zoom room|user|guest|"
    r"call[- ]in user)(?![a-z'])[\w\s.,+()\-/]*"
)
_NUMBER = re.compile(r"\+?[\d\s()•*xX.\-]{5,}")


@dataclass(frozen=True, slots=True)
class Name:
    """`shown` is what a renamed person called themselves in the meeting, where that is another."""

    text: str
    shown: str = ""
    is_staff: bool = False


def name_key(text: str) -> str:
    """The same for the same name, however it is typed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[‘’`´ʼ]", "'", re.sub(r"[‐‑–—]", "-", plain))
    return " ".join(plain.split())


def read_name(text: str, *, is_renaming: bool) -> Name:
    """`Smith, Jordan` stays as written. `New (Original)` is the original where Zoom says so."""
    text = text[:_LONGEST].strip().strip('"').strip()
    bare, is_staff = _without_suffixes(text)
    if not is_renaming:
        return Name(bare, is_staff=is_staff)
    new, original = _last_brackets(bare)
    original, is_also_staff = _without_suffixes(original)
    new, _ = _without_suffixes(new)
    is_staff = is_staff or is_also_staff
    if not new or not original:
        return Name(bare, is_staff=is_staff)
    if is_device(original) and not is_device(new):
        return Name(new, original, is_staff)
    return Name(original, new if name_key(new) != name_key(original) else "", is_staff)


def is_device(text: str) -> bool:
    """What a phone or a service calls itself, or a number that somebody dialled from."""
    return bool(_NUMBER.fullmatch(text) or _DEVICE.fullmatch(folded(text)))


def _without_suffixes(text: str) -> tuple[str, bool]:
    is_staff = False
    while True:
        rest, inside = _last_brackets(text)
        words = [part.strip() for part in re.split(r"[,;]", folded(inside))] if inside else []
        if not rest or not words or not _is_suffix(folded(inside), words):
            return text, is_staff
        is_staff = is_staff or any(map(is_organiser, words))
        text = rest


def _is_suffix(inside: str, words: list[str]) -> bool:
    if _PRONOUNS.fullmatch(inside) and _PRONOUN.issuperset(re.split(r"[^a-z]+", inside)):
        return True
    return all(_SUFFIXES.fullmatch(word) or is_organiser(word) for word in words)


def _last_brackets(text: str) -> tuple[str, str]:
    """What stands before the last brackets, and in them; brackets inside them are counted."""
    plain = text.replace("（", "(").replace("）", ")").rstrip()
    if not plain.endswith(")"):
        return plain, ""
    depth = 0
    for position in range(len(plain) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(plain[position], 0)
        if depth == 0:
            return plain[:position].rstrip(), plain[position + 1 : -1].strip()
    return plain, ""
