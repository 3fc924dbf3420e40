"""Which mails of a batch are on the wire, in a file beside the database.

The rows learn of acknowledgements in windows (ledger). A process that is killed leaves this file
behind, so that whoever frees its batch knows what was acknowledged and doubts only what was on the
wire just then. Where the whole machine died the system may not have kept all that was written, so
that a file speaks for the time until the machine starts again; after that the window is doubted.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from app.mail.models import Batch, SendState

KEPT_SECONDS = 86_400.0
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_LEAVES, _SENT, _SETTLED = b">", b"+", b"-"
_LINE = re.compile(rb"[>+-]\d{1,19}")


@dataclass(frozen=True)
class Found:
    """What a process that is gone wrote down: people by what became of their copies."""

    sent: frozenset[int]
    on_the_wire: frozenset[int]


class Journal:
    """Written line by line, each in the system's hands before the next mail leaves.

    What became of a mail is written together with the line of the next one, or by `flush`.
    """

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._unwritten = b""

    def leaves(self, person_id: int) -> None:
        """A person's copy goes to the wire now."""
        self._unwritten += b">%d\n" % person_id
        self.flush()

    def settled(self, person_id: int, state: SendState) -> None:
        """What became of a person's copy is known."""
        self._unwritten += b"%b%d\n" % (_SENT if state is SendState.SENT else _SETTLED, person_id)

    def flush(self) -> None:
        """Write what is known before anything else that may take its time."""
        if self._descriptor is not None and self._unwritten:
            os.write(self._descriptor, self._unwritten)
        self._unwritten = b""


@contextmanager
def opened(batch_id: int, attempt: int) -> Iterator[Journal]:
    """The journal of a batch during the block; what it says stays until `forget`."""
    file = _file(batch_id, attempt)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        current_app.logger.warning("no journal of mails: %s", error)
        yield Journal(None)
        return
    with os.fdopen(descriptor, "wb", buffering=0):
        journal = Journal(descriptor)
        try:
            yield journal
        finally:
            journal.flush()


def begin(batch_id: int, attempt: int) -> None:
    """Lay the empty journal down: who is killed before the first mail leaves no doubt.

    What another database left under the same number says nothing of this one.
    """
    forget(batch_id, attempt)
    with opened(batch_id, attempt):
        pass


def forget(batch_id: int, attempt: int) -> None:
    """The rows know everything: the batch was given back."""
    with suppress(OSError):
        _file(batch_id, attempt).unlink()


def found(batch: Batch) -> Found | None:
    """What the process that had a batch last left behind.

    None if it was on another machine, or the file cannot be read.
    """
    try:
        *lines, _unfinished = _file(batch.id, batch.attempt).read_bytes().split(b"\n")
    except OSError:
        return None
    if not all(map(_LINE.fullmatch, lines)):
        return None
    people: dict[bytes, set[int]] = {_LEAVES: set(), _SENT: set(), _SETTLED: set()}
    for line in lines:
        people[line[:1]].add(int(line[1:]))
    settled = people[_SENT] | people[_SETTLED]
    return Found(frozenset(people[_SENT]), frozenset(people[_LEAVES] - settled))


def tidy() -> None:
    """Remove the files that nobody came for."""
    with suppress(OSError):
        for file in _folder().iterdir():
            if time.time() - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink(missing_ok=True)


def _file(batch_id: int, attempt: int) -> Path:
    return _folder() / f"{batch_id}-{attempt}-{_boot()}"


@cache
def _boot() -> str:
    """Which start of the machine this is; the same for all where systems do not tell."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return "any"


def _folder() -> Path:
    folder: Path = current_app.config["VAR_DIR"]
    return folder / "journal"
