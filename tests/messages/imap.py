"""A small IMAP server over TLS that knows what a reader of a folder asks, and misbehaves."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Imap:
    """Mails by their number, and the flags that each has. What is asked is kept."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)
    permanent: str = r"\Seen \*"
    password: str = "pass"
    drops_at: str = ""
    port: int = 0

    def put(self, raw: bytes) -> int:
        number = len(self.mails) + 1
        self.mails[number], self.flags[number] = raw, set()
        return number


class Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        self.wfile.write(b"* OK here\r\n")
        while line := self.rfile.readline():
            tag, _, asked = line.decode().strip().partition(" ")
            imap: Imap = self.server.imap
            imap.asked.append(asked)
            if imap.drops_at and imap.drops_at in asked:
                return
            answer = self.answer(imap, asked)
            self.wfile.write(answer + f"{tag} {self.how(imap, asked)}\r\n".encode())
            if asked.startswith("LOGOUT"):
                return

    def how(self, imap: Imap, asked: str) -> str:
        is_wrong = asked.startswith("LOGIN") and f'"{imap.password}"' not in asked
        is_unknown = asked.startswith("SELECT") and '"INBOX' not in asked
        return "NO not that" if is_wrong or is_unknown else "OK done"

    def answer(self, imap: Imap, asked: str) -> bytes:
        if asked.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if asked.startswith("SELECT"):
            text = f"* {len(imap.mails)} EXISTS\r\n* OK [PERMANENTFLAGS ({imap.permanent})] ok\r\n"
            return text.encode()
        if asked.startswith("UID SEARCH"):
            unwanted = "$Handled" if "UNKEYWORD $Handled" in asked else r"\Seen"
            found = [str(n) for n, flags in imap.flags.items() if unwanted not in flags]
            return f"* SEARCH {' '.join(found)}\r\n".encode()
        if fetch := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0.(\d+)>\)", asked):
            number, size = int(fetch[1]), int(fetch[2])
            imap.fetched.append(number)
            raw = imap.mails[number][:size]
            head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n"
            return head.encode() + raw + b")\r\n"
        if store := re.match(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", asked):
            imap.flags[int(store[1])].add(store[2])
        return b"* BYE\r\n" if asked.startswith("LOGOUT") else b""


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    imap: Imap

    def get_request(self):  # type: ignore[no-untyped-def]
        plain, address = super().get_request()
        plain.settimeout(10)
        return self.context.wrap_socket(plain, server_side=True), address

    def handle_error(self, request: object, address: object) -> None:
        """A reader that does not trust us hangs up."""


@contextmanager
def serving(certificate: Path) -> Iterator[Imap]:
    server = Server(("127.0.0.1", 0), Talk)
    server.imap = Imap(port=server.server_address[1])
    server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.context.load_cert_chain(certificate)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.imap
    server.shutdown()
    server.server_close()
    thread.join()
