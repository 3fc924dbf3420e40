"""Servers' words without the addresses that they repeat: shown to staff and kept for ever."""

from __future__ import annotations

import re

from app.foundation import text

LONGEST = 500
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


def masked_words(words: str, email: str) -> str:
    """A server's words without the address, which they often repeat, and any other."""
    local, _, _domain = email.partition("@")
    words = _ADDRESS.sub(lambda found: text.mask_email(found[0]), text.one_line(words))
    if len(local) > 2:
        words = re.sub(re.escape(local), f"{local[:1]}…", words, flags=re.IGNORECASE)
    return words[:LONGEST]
