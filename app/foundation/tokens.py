"""The one door to chance, and signed links.

`new` makes secrets for single use, of which the database keeps only `digest`. `sign` makes the
links that stand in a million mails and need no row: each purpose has a key of its own, so that a
link for one thing opens nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import lru_cache

from flask import current_app

BLOCK = 64
"""Bytes that SHA-256 hashes at a time."""


def new() -> str:
    """A secret of 256 bits for a link or a cookie."""
    return secrets.token_urlsafe(32)


def random_bytes(size: int) -> bytes:
    """Bytes that nobody can guess, such as the salt of a file."""
    return secrets.token_bytes(size)


def new_code() -> str:
    """Six digits that a person can type from one screen to another."""
    return f"{secrets.randbelow(10**6):06}"


def between(least: float, most: float) -> float:
    """A number by chance, so that what waits does not wake all at once."""
    return least + (most - least) * secrets.randbelow(10**6) / 10**6


def digest(secret: str) -> str:
    """What the database keeps of a secret of full strength."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(purpose: str, text: str) -> str:
    """A keyed hash for short or guessable text, such as an address or a six-digit code."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


class Mac:
    """HMAC-SHA256 (RFC 2104) under one key, for whoever makes a million of them.

    What does not depend on the message is hashed once; `hmac.digest` does it each time, and looks
    its algorithm up as well, which takes three times as long.
    """

    def __init__(self, key: bytes) -> None:
        block = key if len(key) <= BLOCK else hashlib.sha256(key).digest()
        padded = block.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def digest(self, message: bytes) -> bytes:
        """The 32 bytes that `hmac.digest(key, message, "sha256")` gives."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


def sign(purpose: str, *ids: int) -> str:
    """A short token that carries `ids` and can only be read for the same purpose."""
    return signer(purpose)(*ids)


def signer(purpose: str) -> Callable[..., str]:
    """`sign` for one purpose, for whoever makes a million of them."""
    mac = Mac(_key(purpose))

    def sign_ids(*ids: int) -> str:
        payload = ".".join([format(number, "x") for number in ids])
        tag = mac.digest(payload.encode())[:15]
        return f"{payload}.{base64.urlsafe_b64encode(tag).decode()}"

    return sign_ids


def read(purpose: str, token: str) -> tuple[int, ...] | None:
    """The ids of a token made by `sign`, or None for anything else."""
    payload, _, _ = token.rpartition(".")
    try:
        ids = tuple(int(part, 16) for part in payload.split("."))
    except ValueError:
        return None
    if not hmac.compare_digest(sign(purpose, *ids).encode(), token.encode()):
        return None
    return ids


def _key(purpose: str) -> bytes:
    return _key_from(current_app.config["SECRET_KEY"], purpose)


@lru_cache(maxsize=64)
def _key_from(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"whereas:{purpose}".encode(), hashlib.sha256)
