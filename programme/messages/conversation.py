"""The standard library's side of SMTP, made to listen for so long and no longer."""

import smtplib
from typing import Any

LONGEST_ANSWER = 100
"""Lines. Servers tell what they can do in about twenty."""


class _Listener:
    """Reads lines, so many to an answer: a server that never ends would hold everything up."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.lines = 0

    def readline(self, most: int) -> bytes:
        self.lines += 1
        if self.lines > LONGEST_ANSWER:
            raise OSError("The answer does not end.")
        line: bytes = self.file.readline(most)
        return line

    def close(self) -> None:
        self.file.close()


class Conversation(smtplib.SMTP):
    """A connection to a mail server."""

    sock: Any
    file: Any

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Listener(self.sock.makefile("rb"))
        self.file.lines = 0
        return super().getreply()

    def wait_for(self, seconds: float) -> None:
        """How long to wait for each answer from now on."""
        self.sock.settimeout(seconds)


class SecureConversation(smtplib.SMTP_SSL, Conversation):
    """One that is encrypted from its first word."""
