"""What a partner says in one column that another should have said."""

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
_PRISON = re.compile(r"\b(hmp|hmyoi|hmp/yoi|yoi|prison)\b")
_INTERPRETER = re.compile(r"\b(interpret\w*|translat\w*)\b")
_NO_INTERPRETER = re.compile(r"\b(no|not|without)\b")
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


def is_a_prison(address: str) -> bool:
    return bool(_PRISON.search(_plain(address)))


def asks_for_an_interpreter(language: str) -> bool:
    plain = _plain(language)
    return bool(_INTERPRETER.search(plain)) and not _NO_INTERPRETER.search(plain)


def _plain(notes: str) -> str:
    return " ".join(notes.casefold().replace("’", "'").split())
