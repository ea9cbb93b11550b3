"""E-mail: one recipient, a neutral sender, a text part and a small HTML part."""

from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

from markupsafe import Markup, escape

from programme.foundation import clock
from programme.foundation.settings import Settings
from programme.messages.languages import language_of
from programme.messages.templates import LINK
from programme.messages.transport import Attachment, Letter, Refused


class Headers(HeaderRegistry):
    """The standard library's kinds of header, each made once. It would make a class anew each
    time that one is set or looked at: 35 times in an e-mail, and a third of all the work."""

    __getitem__ = cache(HeaderRegistry.__getitem__)


LONG_LINES = SMTP.clone(max_line_length=998, header_factory=Headers())
"""As RFC 5322 allows: in shorter ones a long link in a header would be broken up and encoded."""
REFERENCE = "X-Reference"
"""Holds the key, for what comes back by way of servers that give mails another Message-ID."""
PAGE = Markup(
    '<!doctype html><html lang="{lang}" dir="{dir}">'
    '<head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font:17px/1.5 sans-serif;color:#222;max-width:34em">{body}</body></html>'
)


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """The e-mail. Its Message-ID follows from the row, so that a second copy is recognised.

    Raises:
        Refused: the address cannot be one.
    """
    mail = EmailMessage(policy=LONG_LINES)
    name = letter.sender_name or settings.public_name
    try:
        letter.to.encode("ascii")  # few servers take other addresses
        mail["To"] = Address(addr_spec=letter.to)
        mail["From"] = Address(name, addr_spec=settings.sending_address)
        mail["Subject"] = letter.subject
    except (ValueError, IndexError) as error:
        raise Refused("The e-mail address is not complete.") from error
    mail["Message-ID"] = f"<{letter.key}@{domain_of(settings)}>"
    mail["Date"] = format_datetime(clock.now())
    mail["Auto-Submitted"] = "auto-generated"
    mail[REFERENCE] = letter.key
    if letter.stop_url:
        by_mail = f"mailto:{settings.sending_address}?subject=STOP"
        mail["List-Unsubscribe"] = f"<{letter.stop_url}>, <{by_mail}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.body)
    mail.add_alternative(as_html(letter), subtype="html")
    mail.set_boundary(letter.key)  # looking for one that no text holds would take longer
    for each in letter.attachments:
        _attach(mail, each)
    return mail


def _attach(mail: EmailMessage, file: Attachment) -> None:
    kind, *parameters = (part.strip() for part in file.kind.split(";"))
    main, _, sub = kind.partition("/")
    known = dict(part.split("=", 1) for part in parameters)
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name, params=known)


def as_html(letter: Letter) -> str:
    """The same words, with links that can be tapped."""
    paragraphs = "".join(_paragraph(each) for each in letter.body.split("\n\n"))
    return PAGE.format(
        lang=letter.language,
        dir=language_of(letter.language).direction,
        title=letter.subject,
        body=Markup(paragraphs),  # noqa: S704 - escaped below
    )


def _paragraph(text: str) -> str:
    linked = LINK.sub(r'<a href="\g<0>">\g<0></a>', str(escape(text)))
    shown = linked.replace("\n", "<br>")
    return f"<p>{shown}</p>"


def domain_of(settings: Settings) -> str:
    return settings.sending_address.rpartition("@")[2]
