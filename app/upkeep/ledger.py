"""What a restored backup must not undo: erasures, unsubscriptions, addresses not to e-mail.

They are written to a file beside the backups within a minute; a restore replays what came after
the backup. The file names nobody: it has numbers and the keyed hashes of addresses.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts import erasure, roles
from app.accounts.models import AuditEntry
from app.foundation import clock, edge
from app.foundation.db import db, upsert
from app.mail.models import Suppression, SuppressionReason
from app.people import actions as people
from app.people.actions import Agreement
from app.people.models import Person, Purpose, Standing, Unsubscription

NAME = "ledger.jsonl"
OVERLAP = timedelta(minutes=10)
"""How far back each look goes, for what was committed later than it was dated."""
TAIL = 1_000_000
"""How many bytes are read from the end at first."""
LOOKED = "looked"
"""An entry that only says when it was looked, written once it is quiet: after a long list came in,
each look would go back to its lines until the next entry."""

Entry = Mapping[str, Any]


def write(folder: Path) -> int:
    """Append what is not there yet, durably; how many entries. Doubled it does no harm."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).touch(mode=0o600)
    with (folder / NAME).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _tail(file)
        last = _newest(known)
        new = [line for line in _lines(last and last - OVERLAP) if line not in known]
        marker = [] if new or not _is_quiet(known, last) else [_line(_entry(LOOKED, clock.now()))]
        file.write(b"".join(line + b"\n" for line in (*new, *marker)))
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def replay(folder: Path, since: datetime) -> int:
    """Do again what was done after `since`, each in a step of its own; how many entries.

    An entry that was replayed, or whose person the backup does not know, changes nothing.
    """
    entries = [entry for entry in _entries(folder) if _at(entry) >= since - OVERLAP]
    for entry in entries:
        with edge.step():
            _again(entry)
    return len(entries)


def _tail(file: Any) -> dict[bytes, Entry]:
    """The last lines, as far back as a look could find an entry that stands there already.

    What a stop left half written at the end goes.
    """
    size = file.seek(0, os.SEEK_END)
    length = TAIL
    while True:
        start = max(0, size - length)
        file.seek(start)
        lines = file.read().splitlines(keepends=True)[1 if start else 0 :]
        if lines and not lines[-1].endswith(b"\n"):
            size -= len(lines.pop())
            file.truncate(size)
        known = {line.rstrip(b"\n"): json.loads(line) for line in lines}
        last = _newest(known)
        first = next(iter(known.values()), None)
        if not start or (first and last and _at(first) < last - 2 * OVERLAP):
            return known
        length *= 4


def _newest(known: Mapping[bytes, Entry]) -> datetime | None:
    return max(map(_at, known.values()), default=None)


def _is_quiet(known: dict[bytes, Entry], last: datetime | None) -> bool:
    """Whether nothing came for so long that no look need go back to the last entries any more."""
    quiet = last is not None and clock.now() - last > OVERLAP
    return quiet and next(reversed(known.values()))["kind"] != LOOKED


def _entries(folder: Path) -> Iterator[Entry]:
    file = folder / NAME
    if file.exists():
        with file.open("rb") as lines:
            whole = (line for line in lines if line.endswith(b"\n"))
            yield from (entry for entry in map(json.loads, whole) if entry["kind"] != LOOKED)


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry["at"])


def _lines(since: datetime | None) -> Sequence[bytes]:
    entries = [*_erased(since), *_unsubscribed(since), *_suppressed(since)]
    entries.sort(key=lambda entry: str(entry["at"]))
    return [_line(entry) for entry in entries]


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, sort_keys=True).encode()


def _erased(since: datetime | None) -> Iterator[Entry]:
    query = (
        select(Person.id, Person.created_at, AuditEntry.at)
        .join(AuditEntry, AuditEntry.object_id == Person.id)
        .where(AuditEntry.area == "accounts", AuditEntry.action == "erased")
    )
    for person, created, at in db.execute(query.where(AuditEntry.at >= since) if since else query):
        yield _entry("erased", at, person=person, created=created.isoformat())


def _unsubscribed(since: datetime | None) -> Iterator[Entry]:
    query = select(
        Unsubscription.person_id, Person.created_at, Unsubscription.purpose, Unsubscription.at
    ).join(Person, Person.id == Unsubscription.person_id)
    for person, created, purpose, at in db.execute(
        query.where(Unsubscription.at >= since) if since else query
    ):
        yield _entry(
            "unsubscribed", at, person=person, created=created.isoformat(), purpose=purpose.value
        )


def _suppressed(since: datetime | None) -> Iterator[Entry]:
    query = select(Suppression)
    for found in db.scalars(query.where(Suppression.at >= since) if since else query):
        yield _entry(
            "suppressed",
            found.at,
            digest=found.digest,
            masked=found.masked,
            reason=found.reason.value,
        )


def _entry(kind: str, at: datetime, **facts: Any) -> Entry:
    return {"kind": kind, "at": at.isoformat(), **facts}


def _again(entry: Entry) -> None:
    if entry["kind"] == "suppressed":
        _suppress_again(entry)
        return
    person = db.get(Person, entry["person"])
    if person is None or person.created_at != datetime.fromisoformat(entry["created"]):
        return  # came after the backup
    if entry["kind"] == "erased":
        _erase_again(person)
    elif person.standing != Standing.ERASED:
        purpose = Purpose(entry["purpose"])
        people.unsubscribe(person.id, Agreement(purpose, "", "replayed after a restore"))


def _erase_again(person: Person) -> None:
    if person.standing == Standing.ERASED:
        return
    try:
        erasure.erase(person)
    except roles.LastAdministrator:
        current_app.logger.warning(
            "person %s was erased after the backup, but is its only administrator: appoint another "
            "with `flask accounts create-admin`, and erase them then",
            person.id,
        )


def _suppress_again(entry: Entry) -> None:
    db.execute(
        upsert(Suppression)
        .values(
            digest=entry["digest"],
            masked=entry["masked"],
            reason=SuppressionReason(entry["reason"]),
            detail="",
            at=_at(entry),
        )
        .on_conflict_do_nothing()
    )
