"""A backup: every row of one moment in one file, while people go on writing.

The file is JSON lines. The first says what it is; then each table is announced and its rows
follow; the last one counts and hashes them, so that a file that was cut off is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from app.foundation import clock, revisions, tokens
from app.foundation.db import Base, database, is_postgresql
from app.upkeep import rows, sealed
from app.upkeep.rows import Tally

FORMAT = 1
PROGRAM = "whereas"


def write(path: Path, key: str) -> dict[str, Tally]:
    """Write a backup to `path`, encrypted if there is a key; what each table holds.

    The database may be older than the program and lack tables: an upgrade begins with a backup.
    What stands at `path` is replaced when the new file is complete, and not before.
    """
    with sealed.writing(path, key) as out, one_moment() as connection:
        _line(out, head(connection))
        tables = rows.reflected(connection, [t.name for t in Base.metadata.sorted_tables])
        names = [t.name for t in Base.metadata.sorted_tables if t.name in tables]
        tallies = {name: _write_table(out, connection, tables[name]) for name in names}
        _line(out, {"end": {name: tally.as_json() for name, tally in tallies.items()}})
    return tallies


def fingerprint() -> str:
    """Tells whether two installations have the same SECRET_KEY, and nothing else about it."""
    return tokens.keyed_digest("backup", "fingerprint")


@contextmanager
def one_moment() -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever others write meanwhile."""
    words = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if is_postgresql() else "BEGIN"
    with database().beginning(words).connect() as connection:
        yield connection


def head(connection: Connection) -> dict[str, Any]:
    """What a file says of itself: whose it is, of which version, of when."""
    return {
        "program": PROGRAM,
        "format": FORMAT,
        "revision": revisions.standing(connection),
        "at": clock.now().isoformat(),
        "secret": fingerprint(),
    }


def _write_table(out: GzipFile, connection: Connection, table: Table) -> Tally:
    _line(out, {"table": table.name, "columns": [c.name for c in rows.stored_columns(table)]})
    tally = Tally()
    for line in rows.lines(connection, table):
        tally.add(line)
        out.write(line + b"\n")
    return tally


def _line(out: GzipFile, content: dict[str, Any]) -> None:
    out.write(json.dumps(content).encode() + b"\n")
