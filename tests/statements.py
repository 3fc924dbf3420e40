"""Counting SQL: a page's number of statements is asserted, with one row and with thirty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
"""What frames a transaction, which SQLite sends as statements and PostgreSQL does not."""


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The statements that any engine of this process executes within the block.

    with count_statements() as statements:
        client.get("/events/")
    assert len(statements) <= 4
    """
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(FRAME):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def plans() -> Iterator[list[str]]:
    """How the database goes about each query of the block, in its own words.

    with plans() as found:
        search.find("kenya")
    assert "ix_library_entry_words" in found[0]
    """
    found: list[str] = []

    def explain(
        connection: Connection, cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            prefix = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
            cursor.execute(prefix + statement, parameters)
            found.append("\n".join(str(row) for row in cursor.fetchall()))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
