"""What a command says when its database or disk fails it: one sentence and status 1."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from app.foundation import revisions
from app.foundation.db import Database

UNUSABLE = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})
"""What the driver of SQLite tells as an error of no special kind."""
GOES_ON = "Nothing is half done: when that is mended, the same command goes on."


@contextmanager
def told_plainly(load: Callable[[], Flask]) -> Iterator[None]:
    """End a command of the app with a sentence where what it rests on fails.

    Faults of our own stay faults.
    """
    try:
        yield
    except DBAPIError as error:
        if _is_unusable(error):
            said = f"could not be used: {words(error)}. {GOES_ON}"
        elif misfit := _misfit(_database(load)):
            said = f"does not fit. {misfit}"
        else:
            raise
        place = _database(load).engine.url.render_as_string(hide_password=True)
        raise click.ClickException(f"The database {place} {said}") from error
    except OSError as error:
        if error.strerror is None or error.errno == errno.EPIPE:
            raise
        raise click.ClickException(f"{_named(error)}{error.strerror}. {GOES_ON}") from error


def words(error: DBAPIError) -> str:
    """What the database said, in one line and without the statement."""
    return " ".join(str(error.orig).split()).rstrip(".")


def is_full(error: DBAPIError) -> bool:
    """Whether the database's disk has no room left."""
    said = getattr(error.orig, "sqlite_errorname", ""), getattr(error.orig, "sqlstate", "")
    return said[0] == "SQLITE_FULL" or said[1] == "53100"


def _is_unusable(error: DBAPIError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    if name == "SQLITE_ERROR":  # of the statement: a table that is not there, for example
        return False
    return isinstance(error, OperationalError) or name in UNUSABLE


def _misfit(database: Database) -> str:
    try:
        with database.reading.connect() as connection:
            return str(revisions.misfit(connection) or "")
    except DBAPIError:
        return ""  # what went wrong is something else


def _database(load: Callable[[], Flask]) -> Database:
    return cast(Database, load().extensions["database"])


def _named(error: OSError) -> str:
    return f"{error.filename}: " if error.filename is not None else ""
