"""DKIM (RFC 6376): signing finished messages, loaded where a key is set.

Headers and body are signed in their relaxed form. The headers that readers see, and those of the
one-click unsubscribe (RFC 8058 asks for it), are signed once more than they occur, so that nobody
can add another.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from flask import current_app

from app.foundation import clock
from app.mail.dkim_keys import Key, keys_of
from app.mail.signing import Sign

ONCE_MORE = (
    *("from", "to", "reply-to", "subject", "date", "message-id", "content-type"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)
AS_THEY_ARE = ("mime-version", "content-transfer-encoding", "list-id", "auto-submitted")

_SPACES = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")


def signer() -> Sign:
    """What signs our mail with the keys of the settings; raises BadKey."""
    keys = keys_of(current_app.config)
    return lambda message: signed(message, keys)


def signed(message: bytes, keys: Sequence[Key]) -> bytes:
    """The message with a signature of each key before it."""
    head, _, body = message.partition(b"\r\n\r\n")
    fields = _fields(head + b"\r\n")
    digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
    return b"".join([*(_signature(key, fields, digest) for key in keys), message])


def _signature(key: Key, fields: dict[bytes, list[bytes]], body_digest: str) -> bytes:
    names, covered = _covered(fields)
    header = (
        f"DKIM-Signature: v=1; a={key.algorithm}-sha256; c=relaxed/relaxed;\r\n"
        f" d={key.domain}; s={key.selector}; t={int(clock.now().timestamp())};\r\n"
        f" h={_folded(names)};\r\n"
        f" bh={body_digest};\r\n"
        " b="
    ).encode("ascii")
    name, _, value = header.partition(b":")
    made = key.sign(covered + _relaxed(name, value))
    text = base64.b64encode(made)
    lines = [text[start : start + 72] for start in range(0, len(text), 72)]
    return header + b"\r\n ".join(lines) + b"\r\n"


def _covered(fields: dict[bytes, list[bytes]]) -> tuple[list[str], bytes]:
    """The names to sign, and what they stand for; the last of a name is taken first."""
    names: list[str] = []
    lines: list[bytes] = []
    for name in (*ONCE_MORE, *AS_THEY_ARE):
        found = fields.get(name.encode(), [])
        lines += reversed(found)
        names += [name] * (len(found) + (name in ONCE_MORE))
    return names, b"".join(line + b"\r\n" for line in lines)


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    """The relaxed lines of a head, by name."""
    fields: dict[bytes, list[bytes]] = {}
    for line in _FOLDS.sub(b"", head).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(name.strip().lower(), []).append(_relaxed(name, value))
    return fields


def _relaxed(name: bytes, value: bytes) -> bytes:
    value = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip()
    return name.strip().lower() + b":" + value


def _relaxed_body(body: bytes) -> bytes:
    """Runs of spaces are one, none at the end of a line, no empty lines at the end."""
    if b"  " in body or b"\t" in body:
        body = _SPACES.sub(b" ", body)
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def _folded(names: Sequence[str]) -> str:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 70:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines)[:-1]
