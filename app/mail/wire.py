"""The contract between the mail engine and whatever takes mail away.

A transport is given envelopes and tells, one by one, what became of them. It knows no database:
who calls it commits what it tells, in windows, while more mail goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

Key = int | str

_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


class BadAddress(ValueError):
    """An address that cannot stand in an SMTP command: not ASCII, or with spaces or controls."""


class BadMailUrl(ValueError):
    """A mail address of the operator's settings that names no usable transport."""


class TransportDown(Exception):
    """Mail cannot be handed over now. Whatever had no outcome before this was not sent."""


class Fate(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    DOUBT = "doubt"  # all of it was sent, the answer was never seen


class Stage(StrEnum):
    """Which part of the transaction was answered; only RCPT speaks about the recipient alone."""

    CONNECTION = "connection"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail for one recipient; `data` is a whole RFC 5322 message with CRLF, not dot-stuffed.

    `sender` may be empty, which is the null sender of bounces. `dotless` promises that no line
    begins with a dot, which spares a transport looking for one.
    """

    key: Key
    sender: str
    recipient: str
    data: bytes
    dotless: bool = False

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.recipient):
            raise BadAddress(f"{self.recipient!r} cannot be a recipient")
        if self.sender and not _ADDRESS.fullmatch(self.sender):
            raise BadAddress(f"{self.sender!r} cannot be a sender")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the envelope with this key, in the server's own words.

    `code` is SMTP's, or 0 where the connection broke before the server said one.
    """

    key: Key
    fate: Fate
    stage: Stage = Stage.BODY
    code: int = 0
    text: str = ""


MayLeave = Callable[[Key], bool]
"""Asked immediately before the whole of a mail leaves; one that may not has no outcome."""


def always(_key: Key) -> bool:
    """Whatever was handed over may leave."""
    return True


class Transport(Protocol):
    """Takes mail away: a relay, or a folder. One thread uses it at a time."""

    @property
    def in_flight(self) -> tuple[Key, ...]:
        """Keys that may have been sent, but of which `send` has not told the outcome.

        Empty when `send` ends or raises TransportDown, for it tells a doubt as an outcome. It
        matters only to a caller that left `send` half-way, by an exception or by closing it.
        """

    def send(
        self, envelopes: Iterable[Envelope], may_leave: MayLeave = always
    ) -> Iterator[Outcome]:
        """Send each envelope once and yield its outcome as soon as it is known, in order.

        `envelopes` is read one ahead, while the server works. An error of its own is raised after
        what was read before it has an outcome. Raises TransportDown when nothing can be sent.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
