"""From bytes to text, whatever program wrote them."""

import codecs
import re

from programme.people.imports.unreadable import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _as_windows_reads(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)  # five bytes that cp1252 leaves open: browsers read them so too


_WINDOWS = [_as_windows_reads(byte) for byte in range(256)]
_WINDOWS_BYTES = {letter: byte for byte, letter in enumerate(_WINDOWS)}
_TO_WINDOWS = {byte: letter for byte, letter in enumerate(_WINDOWS) if byte != ord(letter)}
_NAME_LETTERS = set("áàâäãåæçéèêëíìîïñóòôöøœúùûüýÿßšžðþ")
_NAME_CAPITALS = {letter.upper() for letter in _NAME_LETTERS if len(letter.upper()) == 1}
_SIGNS = set("£€–— ½°´…“”‘’")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")


def decode(data: bytes) -> str:
    """The file's text; raises UnreadableFile when no encoding makes text of it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if encoding_without_mark := _unmarked_utf16(data):
        return _strictly(data, encoding_without_mark)
    if b"\x00" in data:
        raise _no_text()
    return _utf8(data) or _one_byte_text(data)


def mend_mojibake(text: str) -> str:
    """`ChloÃ«` becomes `Chloë`: UTF-8 that a program had read as cp1252 and saved again."""
    return _BEYOND_ASCII.sub(lambda found: _once_more(found.group()), text)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text() from error


def _no_text() -> UnreadableFile:
    return UnreadableFile(
        "This file is neither a spreadsheet nor text: ask for the list as XLSX or CSV."
    )


def _unmarked_utf16(data: bytes) -> str | None:
    """In mostly English text every second byte of UTF-16 is zero."""
    sample = data[:4096]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > len(sample) * 0.3 and first < len(sample) * 0.02:
        return "utf-16-le"
    if first > len(sample) * 0.3 and second < len(sample) * 0.02:
        return "utf-16-be"
    return None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _one_byte_text(data: bytes) -> str:
    windows = data.decode("latin-1").translate(_TO_WINDOWS)
    mac = data.decode("mac_roman")
    return mac if _likelihood(mac) > _likelihood(windows) else windows


def _likelihood(text: str) -> int:
    """How well the letters beyond ASCII sit in names: `Chloë` well, `ChloÎ` badly."""
    padded = f" {text} "
    triples = zip(padded, padded[1:], padded[2:], strict=False)
    return sum(_fit(*triple) for triple in triples if triple[1] > "\x7f")


def _fit(before: str, letter: str, after: str) -> int:
    if letter in _NAME_LETTERS:
        return -2 if after.isupper() else 2 if before.isalpha() or after.isalpha() else 0
    if letter in _NAME_CAPITALS:
        return -2 if before.islower() else 1
    if letter == "’":
        return 2 if before.isalpha() else 0
    if letter in _SIGNS:
        return -1 if before.isalpha() and after.isalpha() else 0
    return -2


def _once_more(letters: str) -> str:
    try:
        mended = bytes(_WINDOWS_BYTES[letter] for letter in letters).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return letters
    return mended if all(map(_is_western, mended)) else letters


def _is_western(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u206f" or letter == "€"
