"""Background work of digests."""

from __future__ import annotations

from datetime import timedelta

from app.digests import quiet, rota, subjects, welcome
from app.foundation import edge, queue
from tasks.celery_app import celery

A_DAY = timedelta(hours=23)


@celery.task(name="digests.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Schedule the next issue of each series that is on, and the welcome of new members; decide
    the tests of subjects whose time came."""
    for name in rota.EVERY:
        with edge.step():
            rota.arrange(name)
    with edge.step():
        welcome.arrange()
    subjects.settle_due()


@celery.task(name="digests.look_for_quiet")  # type: ignore[untyped-decorator]
def look_for_quiet() -> None:
    """Look once a day for alliances in which nothing happens, and for those that woke."""
    last = queue.last_beat("digests.look_for_quiet")
    if last is not None and last < A_DAY:
        return
    with edge.step():
        quiet.end_spells()
        quiet.put_to_rest()
    with edge.reading():
        waiting = quiet.due()
    for alliance_id in waiting:
        with edge.step():
            quiet.notice(alliance_id)
    with edge.step():
        queue.beat("digests.look_for_quiet")
