"""E-mail: one recipient, a neutral sender, a text part and a small HTML part."""

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markupsafe import Markup, escape

from programme.foundation import clock
from programme.foundation.settings import Settings
from programme.messages.languages import language_of
from programme.messages.templates import LINK
from programme.messages.transport import (
    Attachment,
    CameBack,
    Letter,
    NotNow,
    Refused,
    Unreachable,
)

SECONDS_TO_WAIT = 20
TLS_PORT = 465
LONG_LINES = SMTP.clone(max_line_length=998)
"""As RFC 5322 allows: in shorter ones a long link in a header would be broken up and encoded."""
REFERENCE = "X-Reference"
"""Holds the key, for what comes back by way of servers that give mails another Message-ID."""
NO_SUCH_ADDRESS = re.compile(rb"\s*5\.(?:1\.\d+|2\.1)\b")
"""How an answer begins that is about the address itself (RFC 3463)."""
PAGE = Markup(
    '<!doctype html><html lang="{lang}" dir="{dir}">'
    '<head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font:17px/1.5 sans-serif;color:#222;max-width:34em">{body}</body></html>'
)


class SmtpTransport:
    """Sends through the charity's mail server, on one connection for as long as it holds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> str:
        mail = compose(letter, self.settings)
        try:
            self.server = self.server or connect(self.settings)
            self.server.send_message(mail, self.settings.sending_address, [letter.to])
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise explain(error) from error
        return ""

    def close(self) -> None:
        server, self.server = self.server, None
        if server:
            server.close()


def connect(settings: Settings) -> smtplib.SMTP:
    """A connection that is encrypted and signed in, as the settings say."""
    kind = smtplib.SMTP_SSL if settings.smtp_port == TLS_PORT else smtplib.SMTP
    server = kind(
        settings.smtp_host,
        settings.smtp_port,
        local_hostname=_domain(settings),
        timeout=SECONDS_TO_WAIT,
    )
    try:
        if settings.smtp_starttls and settings.smtp_port != TLS_PORT:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


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
    mail["Message-ID"] = f"<{letter.key}@{_domain(settings)}>"
    mail["Date"] = format_datetime(clock.now())
    mail["Auto-Submitted"] = "auto-generated"
    mail[REFERENCE] = letter.key
    if letter.stop_url:
        by_mail = f"mailto:{settings.sending_address}?subject=STOP"
        mail["List-Unsubscribe"] = f"<{letter.stop_url}>, <{by_mail}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.body)
    mail.add_alternative(as_html(letter), subtype="html")
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
    paragraphs = (_paragraph(each) for each in letter.body.split("\n\n"))
    return PAGE.format(
        lang=letter.language,
        dir=language_of(letter.language).direction,
        title=letter.subject,
        body=Markup("").join(paragraphs),
    )


def explain(error: Exception) -> Refused | NotNow:
    """What went wrong, in words that name nobody: answers of servers often quote the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _about_the_address(code, said)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unreachable("The mail server does not offer what the settings ask for.")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unreachable(f"The mail server answered {error.smtp_code}.")
    return Unreachable("The mail server does not answer.")


def _about_the_address(code: int, said: bytes) -> Refused | NotNow:
    if 500 <= code < 600 and NO_SUCH_ADDRESS.match(said):
        return CameBack("The mail server says that there is no such address.")
    return _by_code(code)


def _by_code(code: int) -> Refused | NotNow:
    if 500 <= code < 600:
        return Refused(f"The mail server refused it ({code}).")
    return NotNow(f"The mail server wants us to try later ({code}).")


def _paragraph(text: str) -> Markup:
    shown = Markup("<br>").join(escape(line) for line in text.split("\n"))
    linked = LINK.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', shown)
    return Markup("<p>{}</p>").format(Markup(linked))  # noqa: S704 - escaped above


def _domain(settings: Settings) -> str:
    return settings.sending_address.rpartition("@")[2]
