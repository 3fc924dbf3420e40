"""The edge of a transaction: one for each request and for each step of a task.

`finish` commits and then wakes the queue; nothing else in the program commits. What must be kept
although a request was refused (the count of failed log-ins, the audit) is registered with
`whatever_happens` and runs in the transaction that is committed in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app, g
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.foundation import queue
from app.foundation.db import database, db


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
