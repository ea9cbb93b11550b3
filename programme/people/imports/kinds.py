"""What sort of file this is, by its first bytes: its name may say anything."""

from enum import StrEnum

from programme.people.imports.unreadable import MAX_BYTES, UnreadableFile


class Kind(StrEnum):
    WORKBOOK = "workbook"
    TEXT = "text"


_ASK = "ask for the list as XLSX or CSV."
_SAVE_AGAIN = "open it in a spreadsheet program and save it as XLSX."
_OTHERS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF",), f"This is a PDF, not a spreadsheet: {_ASK}"),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM\x00", b"II*\x00", b"MM\x00*"),
        f"This is a picture, not a spreadsheet: {_ASK}",
    ),
    ((b"{\\rtf",), f"This is a text document, not a spreadsheet: {_ASK}"),
    (
        (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ"),
        "This is a packed archive: unpack it and send the spreadsheet in it.",
    ),
    ((b"\x7fELF", b"MZ\x90"), f"This is a program, not a spreadsheet: {_ASK}"),
    ((b"BEGIN:V",), f"This is a contact card or calendar, not a spreadsheet: {_ASK}"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def kind_of(data: bytes) -> Kind:
    """Raises UnreadableFile for everything that is neither a workbook nor text."""
    _refuse_size(data)
    if data.startswith(b"PK"):
        return Kind.WORKBOOK
    if data.startswith(_OLD_OFFICE):
        raise UnreadableFile(_why_old_office(data))
    _refuse_others(data)
    return Kind.TEXT


def _refuse_size(data: bytes) -> None:
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("This file is empty: save it again with the families in it.")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"This file is larger than {MAX_BYTES // 1024 // 1024} MB:"
            " keep only the sheet with the families, and send it again."
        )


def _why_old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "This file is locked with a password: save it without one, and send it again."
    return f"This is a file of an old spreadsheet or text program (.xls, .doc): {_SAVE_AGAIN}"


def _refuse_others(data: bytes) -> None:
    for beginnings, sentence in _OTHERS:
        if data.startswith(beginnings):
            raise UnreadableFile(sentence)
    if data.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<":
        what = (
            "a spreadsheet saved as XML" if b"urn:schemas-microsoft-com" in data else "a web page"
        )
        raise UnreadableFile(f"This is {what}, which we do not read: {_SAVE_AGAIN}")
