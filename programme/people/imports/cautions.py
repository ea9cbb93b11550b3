"""What a partner says in the notes that the other columns should have said."""

import re

_NO_POST = re.compile(
    r"\b(do not|don'?t|never|no|not|cannot|can'?t)\s+(to\s+)?(be\s+)?(send\s+|use\s+)?(any\s+|"
    r"by\s+|the\s+)?(post(ed|al|ing)?|mail(ed)?|parcels?|letters?|to\s+(the\s+)?(home|house|address))\b"
    r"|\bcollects?\s+(it\s+|parcel\s+|pack\s+|the\s+\w+\s+)?(from|at)\b|\b(will|to) collect\b"
    r"|\bnothing (by|in the|through the) post\b|\bpeidiwch â phostio\b"
)
_NO_TEXT = re.compile(
    r"\b(do not|don'?t|never|no|not)\s+(send\s+)?(text|texts|texting|sms)\b|\be-?mail only\b"
    r"|\bcalls? only\b|\bonly (e-?mail|call|ring)\b"
)
_SHARED = re.compile(r"\bshare[sd]?\b.{0,20}\bphone|\b(one|same|partner'?s|mum'?s) phone\b")
_SECRET = re.compile(
    r"\b(do(es)?|must|should|is|are)\s?(not|n'?t) (to )?(know|be told|aware)|\bunaware\b|\bsecret\b"
    r"|\bno voice ?mails?\b|\b(do not|don'?t|never) (leave|ring|call|phone|contact)\b"
    r"|\binjunction\b|\brefuge\b|\bnon[- ]?mol"
)


def says_not_to_post(notes: str) -> bool:
    return bool(_NO_POST.search(_plain(notes)))


def says_not_to_text(notes: str) -> bool:
    return bool(_NO_TEXT.search(_plain(notes)))


def says_phone_is_shared(notes: str) -> bool:
    return bool(_SHARED.search(_plain(notes)))


def says_to_be_careful(notes: str) -> bool:
    return bool(_SECRET.search(_plain(notes)))


def _plain(notes: str) -> str:
    return " ".join(notes.casefold().replace("’", "'").split())
