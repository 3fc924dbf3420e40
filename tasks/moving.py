"""Background work of moving in: looking through rows, importing them, carrying consent over."""

from __future__ import annotations

from app.foundation import edge, queue
from app.foundation.db import db
from app.moving import applying, consents, mails, queries, staging
from app.moving.models import ImportRun
from tasks.celery_app import celery

LONG = {"soft_time_limit": 240, "time_limit": 280}


@celery.task(name="moving.judge", **LONG)  # type: ignore[untyped-decorator]
def judge(run_id: int) -> None:
    """Look through the rows of an import, from where it stopped."""
    if queries.take(run_id):
        staging.judge(run_id)


@celery.task(name="moving.apply", **LONG)  # type: ignore[untyped-decorator]
def apply(run_id: int) -> None:
    """Import what was judged, all of it or nothing."""
    if queries.take(run_id):
        with edge.step():
            applying.apply(db.get_one(ImportRun, run_id))


@celery.task(name="moving.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Go on with what stopped, carry over consents whose hour is over, ask whom staff want asked,
    and forget the rows of old imports."""
    with edge.reading():
        stopped = queries.stopped()
        due = consents.due()
        asking = queries.asking()
    for task, run_id in stopped:
        queue.publish(task, run_id)
    for run_id in due:
        with edge.step():
            consents.carry_over_due(run_id)
    for run_id in asking:
        more = True
        while more:
            with edge.step():
                more = mails.ask_some(db.get_one(ImportRun, run_id)) == mails.AT_ONCE
        with edge.step():
            consents.all_asked(run_id)
    with edge.step():
        queries.forget_old_rows()
