"""Where mails to us lie: a folder reached by IMAP over TLS, or a Maildir on this machine.

Each gives what is new, and is told what was dealt with. What was dealt with just before a
crash is given again.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from programme.foundation.clock import real_now
from programme.foundation.settings import Settings

SECONDS_TO_WAIT = 20
LONGEST_MAIL = 1024 * 1024
"""Bytes that are read of one mail. What matters stands at its beginning."""
AT_ONCE = 200
LOOKS_BACK = timedelta(days=14)
"""How far, so that what a mailbox held before it was ours is left alone."""
HANDLED = "$Handled"


class NotOpen(Exception):
    """The mailbox cannot be read; the message says why, and names nobody."""


class Mailbox(Protocol):
    """Something that holds mails."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Each mail not dealt with yet, up to a batch: what to call it by, and its beginning."""

    def done(self, name: str) -> None:
        """Say that a mail was dealt with."""

    def close(self) -> None:
        """Let go of whatever is open."""


def open_mailbox(settings: Settings) -> Mailbox | None:
    """The mailbox of the settings, or None when there is none.

    Raises:
        NotOpen: it does not open.
    """
    if settings.bounce_maildir:
        return Maildir(Path(settings.bounce_maildir))
    return ImapFolder(settings) if settings.bounce_host else None


class Maildir:
    """A folder with `new` and `cur`, into which a mail server delivers."""

    def __init__(self, folder: Path) -> None:
        self.new, self.cur = folder / "new", folder / "cur"
        if not self.new.is_dir() or not self.cur.is_dir():
            raise NotOpen("The folder in `bounce_maildir` is no Maildir.")

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        names = sorted(path.name for path in self.new.iterdir() if path.is_file())
        for name in names[:AT_ONCE]:
            with (self.new / name).open("rb") as file:
                beginning = file.read(LONGEST_MAIL)
            yield name, beginning

    def done(self, name: str) -> None:
        (self.new / name).rename(self.cur / f"{name.partition(':')[0]}:2,S")

    def close(self) -> None:
        pass


class ImapFolder:
    """A folder of a mailbox. Mails are flagged when they were dealt with, and stay."""

    def __init__(self, settings: Settings) -> None:
        try:
            self.server = imaplib.IMAP4_SSL(
                settings.bounce_host,
                settings.bounce_port,
                ssl_context=ssl.create_default_context(),
                timeout=SECONDS_TO_WAIT,
            )
        except (OSError, imaplib.IMAP4.error) as error:
            raise NotOpen("The mailbox does not answer.") from error
        try:
            self._open(settings)
        except BaseException:
            self.server.shutdown()
            raise

    def _open(self, settings: Settings) -> None:
        folder = re.sub(r'(["\\])', r"\\\1", settings.bounce_folder)
        try:
            self.server.login(settings.bounce_user, settings.bounce_password)
            _checked(self.server.select(f'"{folder}"'))
        except (OSError, imaplib.IMAP4.error) as error:
            raise NotOpen("The mailbox does not let us in.") from error
        may_name_flags = any(rb"\*" in (told or b"") for told in self._told("PERMANENTFLAGS"))
        self.flag = HANDLED if may_name_flags else r"\Seen"

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        since = (real_now() - LOOKS_BACK).strftime("%d-%b-%Y")
        criteria = ("UNKEYWORD", HANDLED) if self.flag == HANDLED else ("UNSEEN",)
        found = self._ask("SEARCH", *criteria, "SINCE", since)
        numbers = b" ".join(part for part in found if part).decode("ascii", "replace").split()
        for number in numbers[:AT_ONCE]:
            yield number, self._beginning(number)

    def done(self, name: str) -> None:
        self._ask("STORE", name, "+FLAGS.SILENT", f"({self.flag})")

    def close(self) -> None:
        try:
            self.server.logout()
        except (OSError, imaplib.IMAP4.error):
            self.server.shutdown()

    def _beginning(self, number: str) -> bytes:
        """Without marking it as seen."""
        told = self._ask("FETCH", number, f"(BODY.PEEK[]<0.{LONGEST_MAIL}>)")
        return b"".join(part[1] for part in told if isinstance(part, tuple))

    def _ask(self, command: str, *words: str) -> list[Any]:
        try:
            return _checked(self.server.uid(command, *words))
        except (OSError, imaplib.IMAP4.error) as error:
            raise NotOpen("The mailbox stopped answering.") from error

    def _told(self, about: str) -> list[bytes | None]:
        return list(self.server.response(about)[1])


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error("The server said no.")
    return answer[1]
