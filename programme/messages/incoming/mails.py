"""An e-mail that somebody sent us: who, what they wrote themselves, and whether a person did.

Read in the old, forgiving way of the standard library: nothing in a mail may raise. Called
in a limit, all the same, by whoever reads mails one after the other.
"""

import hashlib
import re
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parseaddr
from html.parser import HTMLParser

from programme.messages.incoming.words import LONGEST_TEXT, Heard, plain
from programme.messages.rules import LONGEST_ID
from programme.people.rules import Channel

LONGEST_HEADER, LONGEST_PAGE = 4000, 64 * 1024
QUOTE_BEGINS = re.compile(
    r"""\s*(?: -{2,}\s*(?:original|forwarded)\ message | _{10,}\s*$ | --\ ?$
    | (?:on|am|le|el)\b.{0,200}\b(?:wrote|schrieb|écrit|escribió)\s?:\s*$
    | (?:from|von|de|da):\ .*(?:@|<) | sent\ from\ (?:my|outlook)\b | get\ outlook\ for\b )""",
    re.IGNORECASE | re.VERBOSE,
)
AUTOMATIC = {
    "precedence": ("bulk", "junk", "list", "auto_reply", "auto-reply"),
    "x-autoreply": ("yes",),
    "x-autorespond": ("",),
    "x-auto-reply-from": ("",),
    "list-id": ("",),
    "list-unsubscribe": ("",),
}
"""Headers that only machines set, and how they begin."""


def heard_in(mail: Mail, raw: bytes, ours: str) -> Heard | None:
    """What a person wrote to us; None when it was no person, or ourselves (`ours`)."""
    sender = parseaddr(header(mail, "From"))[1].strip().lower()
    if "@" not in sender or sender == ours.lower() or is_automatic(mail):
        return None
    return Heard(
        channel=Channel.EMAIL,
        provider_id=mail_id(mail, raw),
        sender=sender,
        text=own_words(text_of(mail)),
        subject=header(mail, "Subject")[:LONGEST_ID],
    )


def is_automatic(mail: Mail) -> bool:
    """Whether a machine sent it: an answer from a holiday, a newsletter, a list (RFC 3834)."""
    submitted = header(mail, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if header(mail, "Return-Path").strip() == "<>" or mail.get_content_type() == "multipart/report":
        return True
    return any(
        name in mail and header(mail, name).lower().startswith(beginnings)
        for name, beginnings in AUTOMATIC.items()
    )


def mail_id(mail: Mail, raw: bytes) -> str:
    """The Message-ID, or what stands for it when there is none that can be kept."""
    given = header(mail, "Message-ID").strip()
    if given and given.isascii() and given.isprintable() and len(given) <= LONGEST_ID:
        return given
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def header(mail: Mail, name: str) -> str:
    """One header as text, on one line; empty when it is missing or makes no sense."""
    given = mail.get(name)
    if given is None or len(str(given)) > LONGEST_HEADER:
        return ""
    try:
        text = str(make_header(decode_header(given)))
    except (ValueError, LookupError):
        text = str(given)
    return plain(" ".join(text.split()))


def text_of(mail: Mail) -> str:
    """What the mail says: its first plain part, else its first HTML part without markup."""
    parts = [part for part in mail.walk() if not part.is_multipart() and not part.get_filename()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and (text := _decoded(part)).strip():
                return _without_markup(text) if kind == "text/html" else text
    return ""


def own_words(text: str) -> str:
    """What they wrote themselves: without what they answer to, and without a signature."""
    kept: list[str] = []
    for line in _with_whole_attributions(text).splitlines():
        if line.lstrip().startswith(">"):
            continue
        if QUOTE_BEGINS.match(line):
            if any(kept):
                break
            continue
        kept.append(line.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:LONGEST_TEXT]


def _with_whole_attributions(text: str) -> str:
    """ "On Tuesday, somebody … wrote:" on one line, where it was broken over two."""
    plain_lines = text.replace("\r\n", "\n")
    return re.sub(r"^(on\b[^\n]{0,150})\n([^\n]{0,100}wrote:[ \t]*)$", r"\1 \2", plain_lines,
                  flags=re.IGNORECASE | re.MULTILINE)  # fmt: skip


def _decoded(part: Mail) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return plain(content.decode(part.get_content_charset() or "utf-8", "replace"))
    except LookupError:
        return plain(content.decode("utf-8", "replace"))


def _without_markup(html: str) -> str:
    reader = _Words()
    reader.feed(html[:LONGEST_PAGE])
    reader.close()
    return "".join(reader.words)


class _Words(HTMLParser):
    """The words of a page, a line for each block; without what is quoted."""

    SILENT = frozenset({"blockquote", "head", "script", "style", "title"})
    BLOCKS = frozenset({"br", "div", "li", "p", "tr", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))
