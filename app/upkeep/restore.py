"""Laying a backup into an empty database: all of it, checked by counts and hashes, or nothing.

The schema is first brought to the version of the backup, filled, and then migrated to that of the
program. Until staff look and say so, no mail leaves.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gzip import GzipFile
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Integer, Table, cast, func, inspect, select, table, text
from sqlalchemy.dialects.postgresql import REGCLASS

from app.foundation import revisions
from app.foundation.db import Base, database, foreign_keys_off
from app.foundation.migrate import alembic_config
from app.mail import holding
from app.mail.models import HoldReason
from app.upkeep import backup, rows, sealed
from app.upkeep.rows import Tally
from app.upkeep.sealed import Unreadable


class NotEmpty(Exception):
    """There are rows where a backup was to be restored."""


class Damaged(Exception):
    """What was restored is not what was backed up; nothing of it was kept."""


@dataclass(frozen=True)
class Head:
    """What a backup says of itself."""

    revision: str
    at: datetime
    secret: str


Sections = Iterator[tuple[str, Any, Iterator[bytes]]]
"""Each table with its columns and lines, and in the end "end" with what they must come to."""


def restore(path: Path, key: str) -> tuple[Head, dict[str, Tally]]:
    """Fill the empty database from a backup; what it says of itself, and what each table holds.

    Raises Unreadable, NotEmpty, Damaged; then nothing was changed but the empty schema.
    """
    with sealed.reading(path, key) as source:
        head = _head(source)
        tallies = fill(head, _sections(source))
    return head, tallies


def fill(head: Head, sections: Sections) -> dict[str, Tally]:
    """Fill the empty database with these tables, all of them or nothing; mail is held.

    Raises Unreadable, NotEmpty, Damaged.
    """
    _refuse_foreign(head)
    _make_schema(head.revision)
    with (
        database().writing.connect() as connection,
        foreign_keys_off(connection),
        connection.begin(),
    ):
        tallies = _fill(connection, sections)
        holding.hold(connection, HoldReason.RESTORING)
    command.upgrade(alembic_config(), "head")
    return tallies


def head_of(path: Path, key: str) -> Head:
    """What a backup says of itself. Raises Unreadable."""
    with sealed.reading(path, key) as source:
        return _head(source)


def _head(source: GzipFile) -> Head:
    return head_from(source.readline(10_000))


def head_from(line: bytes) -> Head:
    """What the first line of a file says of it. Raises Unreadable."""
    try:
        found = json.loads(line)
        if found["program"] != backup.PROGRAM:
            raise Unreadable("The file is no backup of this program.")
        if found["format"] > backup.FORMAT:
            raise Unreadable("A newer version of the program made the backup; upgrade first.")
        return Head(found["revision"], datetime.fromisoformat(found["at"]), found["secret"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The file is no backup of this program.") from error


def _refuse_foreign(head: Head) -> None:
    if head.revision not in revisions.known():
        raise Unreadable(
            f"The backup stands at version {head.revision} of the database, which this program "
            "does not know yet; upgrade it first."
        )
    if head.secret != backup.fingerprint():
        raise Unreadable(
            "The backup was made with another SECRET_KEY. Set that one: without it the list of "
            "addresses that we must not e-mail and the links in mails would mean nothing."
        )


def _make_schema(revision: str) -> None:
    """Bring an empty database to a version. Raises NotEmpty."""
    with database().reading.connect() as connection:
        names = set(inspect(connection).get_table_names()) & Base.metadata.tables.keys()
        full = sorted(name for name in names if _count(connection, name))
        standing = revisions.standing(connection)
    if full:
        raise NotEmpty(f"The database is not empty: {', '.join(full[:5])} hold rows.")
    if standing != revision:
        command.downgrade(alembic_config(), "base")
        command.upgrade(alembic_config(), revision)


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0


def _fill(connection: Connection, sections: Sections) -> dict[str, Tally]:
    keys = _dropped_keys(connection)
    found: dict[str, Tally] = {}
    tables = rows.reflected(connection, inspect(connection).get_table_names())
    for name, columns, lines in sections:
        if name == "end":
            _compare(connection, tables, found, columns)
            break
        found[name] = _fill_table(connection, tables[name], columns, lines)
    else:
        raise Unreadable("The backup is cut off: its end is missing.")
    for statement in keys:
        connection.execute(text(statement))
    _count_on(connection, [tables[name] for name in found])
    return found


def _sections(source: GzipFile) -> Sections:
    line = source.readline()
    while line:
        announced = json.loads(line)
        if "end" in announced:
            if source.read(1):  # reading to the end also lets gzip check its sum
                raise Unreadable("The backup goes on after its end; it is not to be trusted.")
            yield "end", announced["end"], iter(())
            return
        follows: list[bytes] = []
        yield announced["table"], announced["columns"], _until_next(source, follows)
        line = follows[0] if follows else b""


def _until_next(source: GzipFile, follows: list[bytes]) -> Iterator[bytes]:
    for line in source:
        if line.startswith(b"{"):
            follows.append(line)
            return
        yield line.rstrip(b"\n")


def _fill_table(
    connection: Connection, into: Table, columns: Sequence[str], lines: Iterator[bytes]
) -> Tally:
    lacking = [c for c in rows.stored_columns(into) if c.name not in columns and not c.nullable]
    blanks = [rows.nothing(column) for column in lacking if column.server_default is None]
    columns = [*columns, *(column.name for column in lacking if column.server_default is None)]
    tally = Tally()

    def counted() -> Iterator[bytes]:
        for line in lines:
            tally.add(line)
            yield rows.longer(line, blanks) if blanks else line

    if connection.dialect.name == "postgresql":
        _copy(connection, into, columns, counted())
    else:
        _insert(connection, into, columns, counted())
    return tally


def _copy(
    connection: Connection, into: Table, columns: Sequence[str], lines: Iterator[bytes]
) -> None:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column) for column in columns)
    each = rows.readers(into, columns, aware=True)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(into.name)} ({names}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(rows.values(line, each))


def _insert(
    connection: Connection, into: Table, columns: Sequence[str], lines: Iterator[bytes]
) -> None:
    each = rows.readers(into, columns, aware=False)
    statement = into.insert()
    while chunk := list(itertools.islice(lines, rows.CHUNK)):
        connection.execute(
            statement, [dict(zip(columns, rows.values(line, each), strict=True)) for line in chunk]
        )


def _compare(
    connection: Connection,
    tables: Mapping[str, Table],
    found: Mapping[str, Tally],
    told: Mapping[str, Any],
) -> None:
    """What the file holds, and what the database holds now, must be what was backed up."""
    if {name: tally.as_json() for name, tally in found.items()} != {
        name: {key: each[key] for key in ("rows", "sha256")} for name, each in told.items()
    }:
        raise Damaged("The backup does not hold what it says it holds; nothing was restored.")
    for name in found:
        tally = Tally()
        for line in rows.lines(connection, tables[name], told[name].get("columns")):
            tally.add(line)
        if tally.total != int(told[name]["sha256"], 16):
            raise Damaged(f"{name} came out differently from what was backed up; nothing was kept.")


def _dropped_keys(connection: Connection) -> Sequence[str]:
    """On PostgreSQL, drop the foreign keys while rows come in any order; how to make them again."""
    if connection.dialect.name != "postgresql":
        return ()
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table_name, name, _definition in found:
        connection.execute(text(f"ALTER TABLE {table_name} DROP CONSTRAINT {name}"))
    return [f"ALTER TABLE {where} ADD CONSTRAINT {name} {what}" for where, name, what in found]


def _count_on(connection: Connection, tables: Sequence[Table]) -> None:
    """On PostgreSQL, let numbers go on after the highest that was restored."""
    if connection.dialect.name != "postgresql":
        return
    for into in tables:
        if "id" in into.columns and isinstance(into.c.id.type, Integer):
            sequence = func.pg_get_serial_sequence(f'"{into.name}"', "id")
            highest = select(func.max(into.c.id)).scalar_subquery()
            going_on = select(func.setval(cast(sequence, REGCLASS), highest))
            connection.execute(going_on.where(sequence.is_not(None), highest.is_not(None)))
