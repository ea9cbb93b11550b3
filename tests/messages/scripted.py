"""A mail server that does what it is told to, however wrong that is."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from socketserver import StreamRequestHandler, ThreadingTCPServer

HANG, DROP, GARBAGE, ENDLESS, TOO_LONG = "hang", "drop", "garbage", "endless", "too long"
GREETING, END = "greeting", "END"
VERBS = (GREETING, "EHLO", "AUTH", "MAIL", "RCPT", "DATA", END, "RSET", "QUIT")
GOOD = {
    GREETING: "220 mail.example.org",
    "EHLO": "250-mail.example.org\r\n250 AUTH PLAIN",
    "HELO": "250 mail.example.org",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}
LONGEST_WAIT = 5


@dataclass
class Script:
    """What to do at a verb instead of what is right: an answer, or one of the words above.

    `only_for`: only towards this recipient. `greylist`: the seconds for which a recipient is
    told to come back, counted by `clock`. Keeps what it took, as recipient and Message-ID.
    """

    wrong: dict[str, str] = field(default_factory=dict)
    only_for: str = ""
    takes_it_first: bool = False
    offers_tls: bool = False
    certificate: ssl.SSLContext | None = None
    greylist: float = 0
    clock: Callable[[], float] = lambda: 0.0
    port: int = 0
    took: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    said: list[str] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)


class _Conversation(StreamRequestHandler):
    server: "_Server"
    recipient = ""

    def handle(self) -> None:
        self.script = self.server.script
        self.script.connections += 1
        with suppress(OSError, ConnectionError, StopIteration):
            self.request.settimeout(LONGEST_WAIT)
            self.answer(GREETING)
            while line := self.rfile.readline():
                self.follow(line.decode("ascii", "replace").strip())

    def follow(self, line: str) -> None:
        verb = line.split(" ")[0].upper()
        self.script.said.append(verb)
        if verb == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
        if verb == "HELO" and "EHLO" in self.script.wrong:
            self.answer("EHLO")
        elif self.answer(verb).startswith("354"):
            self.take()
        elif verb == "STARTTLS" and self.script.certificate:
            self.encrypt()
        elif verb == "QUIT":
            raise StopIteration

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise StopIteration
            lines.append(line)
        message_id = message_from_bytes(b"".join(lines))["Message-ID"]
        is_wrong = self.is_wrong(END)
        if not is_wrong or self.script.takes_it_first:
            self.script.took.append((self.recipient, message_id))
        self.answer(END)

    def is_wrong(self, verb: str) -> bool:
        is_meant = self.recipient == self.script.only_for or verb == "RSET"
        return verb in self.script.wrong and (not self.script.only_for or is_meant)

    def answer(self, verb: str) -> str:
        said = self.script.wrong[verb] if self.is_wrong(verb) else self.right(verb)
        if said == HANG:
            self.rfile.readline()  # until the other side has had enough
            raise StopIteration
        if said == DROP:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raise StopIteration
        while said == ENDLESS:
            self.wfile.write(b"250-and so on\r\n" * 50)
        if said == TOO_LONG:
            self.wfile.write(b"250 " + b"x" * 20_000)
        said = "?!\0 what" if said == GARBAGE else said
        self.wfile.write(said.encode() + b"\r\n")
        return said

    def right(self, verb: str) -> str:
        if verb == "EHLO" and self.script.offers_tls:
            return "250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN"
        if verb == "RCPT" and self.is_greylisted():
            return "450 4.7.1 greylisted, come back later"
        return GOOD.get(verb, "250 OK")

    def is_greylisted(self) -> bool:
        first = self.script.seen.setdefault(self.recipient, self.script.clock())
        return self.script.clock() - first < self.script.greylist

    def encrypt(self) -> None:
        assert self.script.certificate
        self.request = self.script.certificate.wrap_socket(self.request, server_side=True)
        self.connection = self.request
        self.setup()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50
    script: Script

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class RunningServer:
    """The script on a port of loopback, until `stop`."""

    def __init__(self, script: Script) -> None:
        self.server = _Server(("127.0.0.1", 0), _Conversation)
        self.server.script = script
        script.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
