"""The cipher of encrypted files, loaded where a key is set: AES-256-GCM, keyed by scrypt."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt


class Cipher:
    """Seals the numbered chunks of one file and opens them again."""

    def __init__(self, key: str, salt: bytes) -> None:
        self._aead = AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(key.encode()))

    def seal(self, number: int, chunk: bytes, *, last: bool) -> bytes:
        return self._aead.encrypt(_nonce(number), chunk, _mark(last))

    def opened(self, number: int, box: bytes, *, last: bool) -> bytes | None:
        """What was sealed under this number and mark; None if something else was."""
        try:
            return self._aead.decrypt(_nonce(number), box, _mark(last))
        except InvalidTag:
            return None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)


def _mark(last: bool) -> bytes:
    return b"last" if last else b""
