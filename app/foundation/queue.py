"""Handing work to Celery, after the commit and by name, with ids only.

The database is the queue: every due thing is a row, and the sweep finds it within seconds. The
broker only wakes a worker sooner, so a broker that is away costs a log line and nothing else.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import celery
import celery.exceptions
from flask import g, has_request_context
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.crier import Crier
from app.foundation.db import Base, db, upsert

WAKE_UP_SECONDS = 30
_log = logging.getLogger(__name__)


class Heartbeat(Base):
    """When a kind of background work last ran; /readyz and /metrics read it."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def after_commit(task: str, *ids: int) -> None:
    """Wake a worker for `task` once the transaction is committed."""
    g.setdefault("wake_up_calls", []).append((task, ids))


def forget() -> None:
    g.pop("wake_up_calls", None)


def wake() -> None:
    """Publish what was asked for since the last commit; for a request, beside its answer."""
    calls = dict.fromkeys(g.pop("wake_up_calls", []))
    if calls and has_request_context():
        _crier.cry(calls)
        return
    for task, ids in calls:
        publish(task, *ids)


def publish(task: str, *ids: int) -> None:
    """Wake a worker; a broker that is away is only logged. A call that nobody took in time is
    dropped, so that calls do not pile up before the sweep while all workers are busy."""
    try:
        celery.current_app.tasks[task].apply_async(
            args=ids, retry=False, ignore_result=True, expires=WAKE_UP_SECONDS
        )
    except (OSError, celery.exceptions.OperationalError) as error:
        _log.warning("broker away, the sweep will find it: %s %s", task, error)


_crier = Crier(publish)


def beat(name: str) -> None:
    """Note that a kind of background work ran just now."""
    statement = upsert(Heartbeat).values(name=name, at=clock.now())
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[Heartbeat.name], set_={"at": statement.excluded.at}
        )
    )


def last_beat(name: str) -> timedelta | None:
    """How long ago a kind of background work ran; None if never."""
    heartbeat = db.get(Heartbeat, name)
    return clock.now() - heartbeat.at if heartbeat else None
