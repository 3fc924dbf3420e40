"""Header lines that cannot be broken out of: cleaned, encoded (RFC 2047) and folded.

What a person typed loses its control characters; what the program wrote raises instead.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from itertools import groupby

Header = tuple[str, str]

LONGEST_LINE = 78  # what RFC 5322 recommends
LONGEST_WORD = 900  # a word cannot be folded, and 998 is the end of a line
_BYTES_IN_WORD = 45  # base64 makes 60 of them; with its frame an encoded word has at most 75

# Controls, line and paragraph separators, marks that turn the direction of text, half characters.
_UNSAFE = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE_RUN = re.compile(f"[{_UNSAFE}\\s]+")
_UNSAFE_CHARACTER = re.compile(f"[{_UNSAFE}]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_WORD = re.compile(r"[!-~]{1,900}")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")


class BadHeader(ValueError):
    """A header that would break the message: a wrong name, a control character, a bad address."""


def one_line(typed: str) -> str:
    """A name or subject as one line: runs of spaces and control characters become a space."""
    return _UNSAFE_RUN.sub(" ", typed).strip()


@lru_cache(maxsize=4096)
def subject(typed: str) -> bytes:
    """The whole line `Subject: …`."""
    return _line("Subject", one_line(typed))


def mailbox(header: str, address: str, name: str = "") -> bytes:
    """The whole line `To: "Name" <address>` (or `From`, …); raises BadHeader."""
    if not _ADDRESS.fullmatch(address):
        raise BadHeader(f"{address!r} cannot stand in {header}")
    name = one_line(name) if name else ""
    if not name:
        return f"{header}: {address}\r\n".encode("ascii")
    phrase = _phrase(name, room=LONGEST_LINE - len(header) - 2)
    fold = "\r\n " if len(phrase) + len(address) + len(header) + 5 > LONGEST_LINE else " "
    return f"{header}: {phrase}{fold}<{address}>\r\n".encode("ascii")


def plain(name: str, value: str) -> bytes:
    """The whole line of a header that the program wrote; raises BadHeader."""
    if not _NAME.fullmatch(name):
        raise BadHeader(f"{name!r} is no name of a header")
    if _WORD.fullmatch(value) and "=?" not in value:
        return f"{name}: {value}\r\n".encode("ascii")
    if _UNSAFE_CHARACTER.search(value) or not value.strip():
        raise BadHeader(f"{name} would be {value!r}")
    if max(map(len, value.split())) > LONGEST_WORD:
        raise BadHeader(f"{name} has a word that is too long for a line")
    return _line(name, " ".join(value.split()))


@lru_cache(maxsize=64)
def date(moment: datetime) -> bytes:
    """The whole line `Date: …`, in UTC."""
    return f"Date: {format_datetime(moment.astimezone(UTC))}\r\n".encode("ascii")


def _line(name: str, text: str) -> bytes:
    if _is_literal(text):
        return _folded(f"{name}: {text}")
    return f"{name}: {_encoded(text, LONGEST_LINE - len(name) - 2)}\r\n".encode("ascii")


def _is_literal(text: str) -> bool:
    """Whether readers will take the text as it stands, and it can be folded."""
    if not text.isascii() or "=?" in text:
        return False
    return len(text) <= LONGEST_WORD or max(map(len, text.split())) <= LONGEST_WORD


def _folded(line: str) -> bytes:
    """A line broken before words, where it is too long; its first word stays with the name."""
    if len(line) <= LONGEST_LINE:
        return line.encode("ascii") + b"\r\n"
    name, first, *words = line.split(" ")
    lines = [f"{name} {first}"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) <= LONGEST_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _phrase(name: str, room: int) -> str:
    """A display name: bare where it may be, else quoted, else encoded."""
    if not name.isascii() or "=?" in name or len(name) > room - 2:
        mixed = _mixed(name, room)
        return mixed if len(mixed) <= room else _encoded(name, room)
    if _ATOMS.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mixed(name: str, room: int) -> str:
    """Only words of other letters encoded: some programs put a space where an encoded text is
    split, and everybody can read the rest."""
    runs = groupby(name.split(" "), key=_is_atom)
    parts = [(bare, " ".join(words)) for bare, words in runs]
    return " ".join(part if bare else _encoded(part, room) for bare, part in parts)


def _is_atom(word: str) -> bool:
    return "=?" not in word and _ATOMS.fullmatch(word) is not None


def _encoded(text: str, room: int) -> str:
    """RFC 2047 words that split between characters; `room` is left on the first line."""
    words = []
    chunk = b""
    limit = min(_BYTES_IN_WORD, (room - 12) // 4 * 3)
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > limit:
            words.append(chunk)
            chunk, limit = b"", _BYTES_IN_WORD
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(
        f"=?utf-8?B?{binascii.b2a_base64(word, newline=False).decode('ascii')}?=" for word in words
    )
