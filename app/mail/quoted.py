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
_DOTS = re.compile(rb"^(\.{1,24})(?=(.?))", re.M)
_LONGEST = 75  # one less than allowed, so that a line can be continued with "="
# Stands for itself in quoted-printable and in HTML, at any place: most names, cities and links.
_LITERAL = re.compile(r"[!#-%(-\-/-;?-~](?:[ !#-%(-;?-~]{0,73}[!#-%(-;?-~])?")


class Quoted(bytes):
    """Quoted-printable text of CRLF lines of at most 76 characters, the last 75.

    None of them begins with a dot, which SMTP would want doubled.
    """

    __slots__ = ()


def literal(text: str) -> Quoted | None:
    """Short text that needs no encoding, neither here nor in HTML; None for any other."""
    return Quoted(text.encode("ascii")) if _LITERAL.fullmatch(text) else None


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
    while encoded.startswith(b".") or b"\n." in encoded:
        encoded = _DOTS.sub(_hidden, encoded)
    return Quoted(encoded.replace(b"\n", b"\r\n"))


def _hidden(dots: re.Match[bytes]) -> bytes:
    """Dots at the start of a line, encoded; what follows them goes on in the next."""
    return b"=2E" * len(dots[1]) + (b"=\n" if dots[2] else b"")


def join(parts: Iterable[Quoted]) -> Quoted:
    """One text of several: soft line breaks stand between them, which readers do not see."""
    return Quoted(b"=\r\n".join(parts))
