"""E-mail, by the charity's own mail server."""

import re
import smtplib
import ssl
from contextlib import suppress

from programme.foundation.settings import Settings
from programme.messages.composing import compose, domain_of
from programme.messages.conversation import Conversation, SecureConversation
from programme.messages.transport import (
    CameBack,
    Letter,
    NotNow,
    Refused,
    Unanswered,
    Unreachable,
)

SECONDS_TO_WAIT = 20
SECONDS_FOR_THE_LAST_ANSWER = 180
"""Servers look through a mail before they take it; giving up early means a second copy
(RFC 5321, 4.5.3.2.6). All waits together stay below a sender's lease."""
SECONDS_TO_SAY_GOODBYE = 3
BROKEN_OFF_AT_MOST = 2
"""One letter may be what a server breaks off at; at two in a row it is the server."""
TLS_PORT = 465
YES, GO_ON, LATER, NO = 2, 3, 4, 5
"""How answers begin (RFC 5321, 4.2.1)."""
CLOSING = 421
UNCLEAR = "The mail server did not say whether it took it."
LEADING_DOT = re.compile(rb"(?m)^\.")
BROKEN = (smtplib.SMTPException, OSError)
NO_SUCH_ADDRESS = re.compile(rb"\s*5\.(?:1\.\d+|2\.1)\b")
"""How an answer begins that is about the address itself (RFC 3463)."""


class BrokenOff(NotNow):
    """The server stopped making sense before it had the whole mail."""


class SmtpTransport:
    """Sends through the charity's mail server, on one connection for as long as it holds.

    What is wrong up to our own address is wrong for every letter (`Unreachable`); from the
    recipient on, for this letter only.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: Conversation | None = None
        self.broken_off = 0
        """At how many letters in a row."""

    def send(self, letter: Letter) -> str:
        mail = compose(letter, self.settings).as_bytes()
        server = self._begin()
        try:
            hand_over(server, letter.to, mail)
        except (BrokenOff, Unanswered):
            self.broken_off += 1
            self._hang_up()
            raise
        except (Refused, NotNow):
            self._begin_anew()
            raise
        self.broken_off = 0
        return ""

    def close(self) -> None:
        server, self.server = self.server, None
        if server:
            with suppress(*BROKEN):
                server.wait_for(SECONDS_TO_SAY_GOODBYE)
                server.quit()
            server.close()

    def _begin(self) -> Conversation:
        """A server that has taken our address as the sender. A connection that was open for a
        while may have been closed there, or had its fill: then once more on a new one."""
        if self.broken_off >= BROKEN_OFF_AT_MOST:
            raise Unreachable("The mail server breaks off.")
        with suppress(*BROKEN):
            if self.server:
                return self._introduce(self.server)
        self._hang_up()
        try:
            self.server = connect(self.settings)
            return self._introduce(self.server)
        except BROKEN as error:
            self._hang_up()
            raise explain(error) from error

    def _introduce(self, server: Conversation) -> Conversation:
        code, answer = server.mail(self.settings.sending_address)
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
        return server

    def _begin_anew(self) -> None:
        """After a refusal the next letter begins with a clean sheet."""
        self.broken_off = 0
        with suppress(*BROKEN):
            if self.server and self.server.rset()[0] == 250:
                return
        self._hang_up()

    def _hang_up(self) -> None:
        server, self.server = self.server, None
        if server:
            server.close()


def connect(settings: Settings) -> Conversation:
    """A connection that is encrypted and signed in, as the settings say."""
    kind = SecureConversation if settings.smtp_port == TLS_PORT else Conversation
    server = kind(
        settings.smtp_host,
        settings.smtp_port,
        local_hostname=domain_of(settings),
        timeout=SECONDS_TO_WAIT,
    )
    try:
        if settings.smtp_starttls and settings.smtp_port != TLS_PORT:
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def hand_over(server: Conversation, to: str, mail: bytes) -> None:
    """Recipient and content, to a server that knows the sender.

    Raises:
        Refused: not this one.
        NotNow: not this one now, or (BrokenOff) nobody knows why.
        Unanswered: it had the whole mail, and did not say whether it took it.
    """
    try:
        _expect(YES, *server.rcpt(to))
        _expect(GO_ON, *server.docmd("DATA"))
    except BROKEN as error:
        raise BrokenOff("The mail server breaks off.") from error
    _expect(YES, *_last_answer(server, mail))


def _last_answer(server: Conversation, mail: bytes) -> tuple[int, bytes]:
    try:
        server.send(LEADING_DOT.sub(b"..", mail) + b".\r\n")
        server.wait_for(SECONDS_FOR_THE_LAST_ANSWER)
        code, said = server.getreply()
        server.wait_for(SECONDS_TO_WAIT)
    except BROKEN as error:
        raise Unanswered(UNCLEAR) from error
    if code // 100 not in (YES, LATER, NO):
        raise Unanswered(UNCLEAR)
    return code, said


def _expect(kind: int, code: int, said: bytes) -> None:
    if code // 100 == kind:
        return
    if code // 100 == NO and NO_SUCH_ADDRESS.match(said):
        raise CameBack("The mail server says that there is no such address.")
    if code // 100 == NO:
        raise Refused(f"The mail server refused it ({code}).")
    if code // 100 == LATER and code != CLOSING:
        raise NotNow(f"The mail server wants us to try later ({code}).")
    raise BrokenOff("The mail server breaks off.")


def explain(error: Exception) -> Unreachable:
    """What went wrong, in words that name nobody: answers of servers often quote the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable("The mail server's certificate is not to be trusted.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unreachable("The mail server does not offer what the settings ask for.")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unreachable(f"The mail server answered {error.smtp_code}.")
    return Unreachable("The mail server does not answer.")
