"""Background work of alliances."""

from __future__ import annotations

from datetime import timedelta

from app.alliances import actions, duplicates, organization_duplicates
from app.foundation import edge, queue
from tasks.celery_app import celery

A_DAY = timedelta(hours=23)


@celery.task(name="alliances.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Forget wishes to join that nobody confirmed."""
    with edge.step():
        actions.forget_unconfirmed()


@celery.task(name="alliances.find_duplicates")  # type: ignore[untyped-decorator]
def find_duplicates() -> None:
    """Look once a day for records that may be one person, or one organization."""
    last = queue.last_beat("alliances.find_duplicates")
    if last is not None and last < A_DAY:
        return
    with edge.step():
        duplicates.find()
        organization_duplicates.find()
        queue.beat("alliances.find_duplicates")
