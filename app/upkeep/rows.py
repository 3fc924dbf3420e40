"""Rows of any table as lines of JSON and back, the same from SQLite and from PostgreSQL.

Tables are read off the database, not off the models, so that a backup of an older version can be
laid into its own schema before that is migrated. Instants are written in UTC without a zone.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Time,
    select,
)

CHUNK = 2000
"""Rows in memory at once."""
WHOLE = 2**256

Reader = Callable[[Any], Any]


@dataclass
class Tally:
    """How many rows a table has, and a sum of their hashes that does not depend on their order."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % WHOLE

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": f"{self.total:064x}"}


def reflected(connection: Connection, names: Iterable[str]) -> dict[str, Table]:
    """These tables as the database has them; those that it does not have are left out."""
    metadata = MetaData()
    wanted = set(names)
    with warnings.catch_warnings():  # only columns matter here, not indexes of expressions
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based")
        metadata.reflect(connection, only=lambda name, _: name in wanted, resolve_fks=False)
    return {name: metadata.tables[name] for name in sorted(wanted & metadata.tables.keys())}


def stored_columns(table: Table) -> Sequence[Column[Any]]:
    """The columns that hold facts; what the database computes by itself is left to it."""
    return [column for column in table.columns if column.computed is None]


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"a column holds a {type(value).__name__}, which no backup can keep")


def _instant(value: datetime) -> str:
    utc = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat()


_ENCODER = json.JSONEncoder(default=plain, ensure_ascii=False, separators=(",", ":"))


def lines(
    connection: Connection, table: Table, names: Sequence[str] | None = None
) -> Iterator[bytes]:
    """Each row as one line: a list of its values, of all `stored_columns` or of those named."""
    named = [column.name for column in stored_columns(table)] if names is None else names
    for record in records(connection, table, named):
        yield _ENCODER.encode(record).encode()


def records(
    connection: Connection, table: Table, names: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Each row with the values of these columns."""
    columns = [table.columns[name] for name in names]
    options = {"stream_results": True, "yield_per": CHUNK}
    for row in connection.execute(select(*columns), execution_options=options):
        yield tuple(row)


def nothing(column: Column[Any]) -> Any:
    """What a column holds that must hold something and that a file leaves out."""
    return [] if isinstance(column.type, JSON) else ""


def longer(line: bytes, blanks: Sequence[Any]) -> bytes:
    """A line with more values at its end."""
    return _ENCODER.encode([*json.loads(line), *blanks]).encode()


def readers(table: Table, names: Sequence[str], *, aware: bool) -> Sequence[Reader | None]:
    """What turns a line's values into the table's; None where they can stay as they are."""
    return [_reader(table.columns[name], aware=aware) for name in names]


def values(line: bytes, each: Sequence[Reader | None]) -> list[Any]:
    """The values of one line."""
    return [
        raw if raw is None or read is None else read(raw)
        for raw, read in zip(json.loads(line), each, strict=True)
    ]


def _reader(column: Column[Any], *, aware: bool) -> Reader | None:
    kind = column.type
    if isinstance(kind, DateTime):
        return _aware if aware and kind.timezone else datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    if isinstance(kind, LargeBinary):
        return b64decode
    if isinstance(kind, JSON) and aware:
        return _as_json_text
    return None


def _aware(raw: str) -> datetime:
    return datetime.fromisoformat(raw).replace(tzinfo=UTC)


def _as_json_text(value: Any) -> str:
    """PostgreSQL's COPY takes JSON as text."""
    return json.dumps(value, ensure_ascii=False)
