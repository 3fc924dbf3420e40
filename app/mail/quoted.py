"""Quoted-printable text (RFC 2045) that can be joined, so that what is common is encoded once.

Encoding costs about 10 µs for each thousand characters; a digest is nearly the same for everybody,
and its parts are encoded once and joined for each person.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable

_CARRIAGE_RETURN = re.compile(r"\r\n?")
_SPACE_AT_END = re.compile(rb"^([^\n]{74,75})(=20|=09)$", re.M)  # b2a_qp makes such lines too long
_LONGEST = 75  # one less than allowed, so that a line can be continued with "="


class Quoted(bytes):
    """Quoted-printable text of CRLF lines of at most 76 characters, the last 75."""

    __slots__ = ()


def quote(text: str) -> Quoted:
    """Encode text; all its line ends become CRLF, half characters a question mark."""
    if "\r" in text:
        text = _CARRIAGE_RETURN.sub("\n", text)
    encoded = binascii.b2a_qp(text.encode("utf-8", "replace"))
    if " \n" in text or "\t\n" in text:
        encoded = _SPACE_AT_END.sub(rb"\1=\n\2", encoded)
    last = len(encoded) - (encoded.rfind(b"\n") + 1)
    if last > _LONGEST:
        cut = -3 if encoded[-3:-2] == b"=" else -1
        encoded = encoded[:cut] + b"=\n" + encoded[cut:]
    return Quoted(encoded.replace(b"\n", b"\r\n"))


def join(parts: Iterable[Quoted]) -> Quoted:
    """One text of several: soft line breaks stand between them, which readers do not see."""
    return Quoted(b"=\r\n".join(parts))
