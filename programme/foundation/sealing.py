"""Sealed fields: text that only this charity's key can read, bound to the column it stands in."""

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed value that no key of this charity opens, or that stands in the wrong column."""


class Keyring:
    """The charity's keys. The first seals; every one can open, so that keys can be changed."""

    def __init__(self) -> None:
        self._ciphers: dict[int, AESGCMSIV] = {}
        self._current = 0
        self._index_key = b""

    def load(self, keys: list[str], index_key: str) -> None:
        """Take the keys, newest first, as the settings hold them (any strong text).

        Raises:
            ValueError: two keys cannot be told apart by their first byte (one pair in 256).
        """
        derived = [_derive(key, b"seal") for key in dict.fromkeys(keys)]
        self._ciphers = {_key_id(key): AESGCMSIV(key) for key in derived}
        if len(self._ciphers) < len(derived):
            raise ValueError("Choose another `sealing_key`: this one looks like an older one.")
        self._current = _key_id(derived[0])
        self._index_key = _derive(index_key, b"index")

    @property
    def older_marks(self) -> list[bytes]:
        """What a value begins with that was sealed under a key other than the newest."""
        return [bytes([key_id]) for key_id in self._ciphers if key_id != self._current]

    def seal(self, text: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, text, place.encode())
        return bytes([self._current]) + nonce + sealed

    def open(self, sealed: bytes, place: str) -> bytes:
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise Unreadable(f"{place} was sealed with a key that is not in the settings.")
        nonce, text = sealed[1 : NONCE_BYTES + 1], sealed[NONCE_BYTES + 1 :]
        try:
            return cipher.decrypt(nonce, text, place.encode())
        except InvalidTag as error:
            raise Unreadable(f"{place} cannot be opened: it was altered or moved.") from error

    def blind(self, purpose: str, value: str) -> str:
        """A fingerprint of `value` to look it up by, useless without the key (22 characters)."""
        message = f"{purpose}\0{value}".encode()
        digest = hmac.digest(self._index_key, message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


keyring = Keyring()


def blind(purpose: str, value: str | None) -> str | None:
    """The blind index of `value`, or None for nothing."""
    return keyring.blind(purpose, value) if value else None


class Sealed(TypeDecorator[str]):
    """Text sealed with AES-GCM-SIV (RFC 8452); `place` is "table.column" and is authenticated."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring.seal(value.encode(), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring.open(bytes(value), self.place).decode()


class SealedBytes(TypeDecorator[bytes]):
    """A file sealed like `Sealed`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring.seal(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring.open(bytes(value), self.place)


def _derive(key: str, use: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=use).derive(key.encode())


def _key_id(derived: bytes) -> int:
    return hashlib.sha256(derived).digest()[0]
