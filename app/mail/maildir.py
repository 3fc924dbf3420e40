"""A Maildir instead of a relay, for the demo and for tests; and the reader of its pages.

A message's file is named for its Message-ID and recipient, so that the same one sent twice lands
in the same file.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from app.mail.mime import Attachment
from app.mail.wire import Envelope, Fate, Key, MayLeave, Outcome, TransportDown, always

_NAME = re.compile(r"[0-9a-f]{40}")
_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r\n[ \t]+)?([^\r\n]+)", re.I | re.M)
_STALE_SECONDS = 36 * 3600  # what the Maildir format grants a half-written message


class NoSuchMessage(LookupError):
    """There is no message of this name."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A line in the list of messages; `sender` and `to` are as people read them."""

    name: str
    subject: str
    sender: str
    to: str
    recipient: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class StoredMessage(Summary):
    """A whole message; `html` is untrusted and empty where the message has none."""

    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]


class MaildirTransport:
    """Delivers into a Maildir, which it makes where there is none."""

    in_flight: tuple[Key, ...] = ()  # a message is in the folder or it is not

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(
        self, envelopes: Iterable[Envelope], may_leave: MayLeave = always
    ) -> Iterator[Outcome]:
        self._open()
        for envelope in envelopes:
            if not may_leave(envelope.key):
                continue
            try:
                name = self._deliver(envelope)
            except OSError as error:
                raise TransportDown(f"{self.folder}: {error.strerror}") from error
            yield Outcome(envelope.key, Fate.SENT, code=250, text=name)

    def close(self) -> None:
        """Nothing stays open between two messages."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> None:
        try:
            for room in ("tmp", "new", "cur"):
                (self.folder / room).mkdir(parents=True, exist_ok=True, mode=0o700)
            _sweep(self.folder / "tmp")
        except OSError as error:
            raise TransportDown(f"{self.folder}: {error.strerror}") from error

    def _deliver(self, envelope: Envelope) -> str:
        """Write beside, then rename: a reader never sees half a message, also after a crash."""
        name = _name(envelope)
        draft = self.folder / "tmp" / f"{name}.{os.getpid()}.{time.monotonic_ns()}"
        with draft.open("xb") as file:
            file.write(_envelope_headers(envelope) + envelope.data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / "new" / name)
        return name


def list_messages(folder: Path, recipient: str | None = None, limit: int = 50) -> list[Summary]:
    """The newest messages first, of one recipient or of all."""
    found: list[Summary] = []
    for file in _files(folder):
        if len(found) >= limit:
            break
        with file.open("rb") as opened:
            message = BytesHeaderParser(policy=default).parse(opened)
        if recipient is None or str(message["Delivered-To"]).casefold() == recipient.casefold():
            found.append(Summary(*_summary(file.name, message)))
    return found


def read_message(folder: Path, name: str) -> StoredMessage:
    """One message of `list_messages`; raises NoSuchMessage."""
    if not _NAME.fullmatch(name):
        raise NoSuchMessage(name)
    try:
        raw = (folder / "new" / name).read_bytes()
    except FileNotFoundError:
        raise NoSuchMessage(name) from None
    message = BytesParser(policy=default).parsebytes(raw)
    return StoredMessage(
        *_summary(name, message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers=tuple((key, str(value)) for key, value in message.items()),
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
    )


def _files(folder: Path) -> list[Path]:
    try:
        entries = [entry for entry in os.scandir(folder / "new") if _NAME.fullmatch(entry.name)]
    except FileNotFoundError:
        return []
    entries.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    return [Path(entry) for entry in entries]


def _sweep(drafts: Path) -> None:
    """Remove what a crash left half-written long ago."""
    for draft in drafts.iterdir():
        if time.time() - draft.stat().st_mtime > _STALE_SECONDS:
            draft.unlink(missing_ok=True)


def _name(envelope: Envelope) -> str:
    head = envelope.data.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(head)
    identity = found[1].strip() if found else envelope.data
    return hashlib.sha256(identity + b"\0" + envelope.recipient.encode()).hexdigest()[:40]


def _envelope_headers(envelope: Envelope) -> bytes:
    """What a server that delivers a mail writes on top of it."""
    lines = f"Return-Path: <{envelope.sender}>\r\nDelivered-To: {envelope.recipient}\r\n"
    return lines.encode("ascii")


def _summary(name: str, message: EmailMessage) -> tuple[str, str, str, str, str, datetime | None]:
    subject, sender, to = (str(message[key] or "") for key in ("Subject", "From", "To"))
    return name, subject, sender, to, str(message["Delivered-To"] or ""), _date(message)


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        filename=part.get_filename() or "",
        content_type=str(part["Content-Type"]),
        content=content if isinstance(content, bytes) else b"",
    )
