"""The edge of a transaction: one for each request and for each step of a task.

`finish` commits and then wakes the queue; nothing else in the program commits. What must be kept
although a request was refused (the count of failed log-ins, the audit) is registered with
`whatever_happens` and runs in the transaction that is committed in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, cast

from flask import current_app, g
from sqlalchemy import ClauseElement, Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from app.foundation import queue
from app.foundation.db import database, db, is_postgresql


class Conflict(Exception):
    """Somebody else was faster: a constraint failed when the work was committed."""


def whatever_happens(work: Callable[[], None]) -> None:
    """Do `work` in this transaction, or in one of its own if this one is rolled back."""
    g.setdefault("whatever_happens", []).append(work)


def finish(*, keep: bool) -> None:
    """End the transaction of this app context: commit it and wake the queue, or roll it back."""
    if not keep:
        db.rollback()
        queue.forget()
    for work in g.pop("whatever_happens", []):
        work()
    if db.info["read_only"]:
        db.flush()  # which refuses
        g.pop("session").close()
        return
    try:
        db.commit()
    except IntegrityError as error:
        db.rollback()
        queue.forget()
        raise Conflict(str(error.orig)) from error
    queue.wake()


def abandon() -> None:
    """Roll back after a fault, keeping what must be kept."""
    try:
        finish(keep=False)
    except (Conflict, OperationalError):
        current_app.logger.exception("what should be kept of a refused request was lost")


@contextmanager
def step() -> Iterator[Session]:
    """One step of a task: a transaction that is committed at the end or rolled back.

    The session is emptied afterwards, so that the next step reads the facts anew.
    """
    try:
        yield db
    except BaseException:
        db.rollback()
        queue.forget()
        db.close()
        raise
    finish(keep=True)
    db.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A step of a task that only reads: on SQLite it keeps nobody from writing."""
    outer = g.pop("session", None)
    g.session = database().session(read_only=True)
    try:
        yield db
    finally:
        g.pop("session").close()
        if outer is not None:
            g.session = outer


class Statement:
    """A statement compiled for the current app's database, to be run many times."""

    def __init__(self, statement: ClauseElement) -> None:
        dialect = database().engine.dialect
        compiled = cast("SQLCompiler", statement.compile(dialect=dialect))
        self.sql = compiled.string
        self._order: Sequence[str] | None = compiled.positiontup
        self._converters = {
            name: converter
            for name, bind in compiled.binds.items()
            if (converter := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        constants = {name: b.value for name, b in compiled.binds.items() if not b.required}
        self._constants = self._converted(constants)

    def arguments(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """The values for the driver, together with those that the statement came with."""
        given = self._constants | self._converted(values)
        return [given[name] for name in self._order] if self._order else given

    def _converted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self._converters[name](value) if name in self._converters else value
            for name, value in values.items()
        }


class Prepared:
    """Runs statements, each a transaction of its own, over a connection that is kept.

    They go straight to the driver, which costs a fifth of a step.
    """

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection.dbapi_connection

    def __call__(self, statement: Statement, **values: Any) -> Sequence[Any]:
        """Run it; rows and what is in them come as the driver gives them."""
        with closing(self._driver.cursor()) as cursor:
            cursor.execute(statement.sql, statement.arguments(values))
            rows: Sequence[Any] = cursor.fetchall()
        return rows


@contextmanager
def prepared() -> Iterator[Prepared]:
    """Keep a connection during the block; the driver commits each statement that it runs.

    PostgreSQL keeps its plans for the block only: one that it had made while a table was small,
    and kept for the connection, cost six times as much when the table had grown.
    """
    with database().reading.connect() as connection:
        if is_postgresql():
            connection.exec_driver_sql("DISCARD PLANS")
        yield Prepared(connection)
