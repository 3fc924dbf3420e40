"""Background work of events."""

from __future__ import annotations

from app.events import call_mails, calls, editions, forgetting, plans, series, sign_ups, waiting
from app.foundation import edge
from tasks.celery_app import celery


@celery.task(name="events.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Free seats that nobody took, open the coming days, and close and forget what is over."""
    with edge.reading():
        due = waiting.release_due()
    for event_id in due:
        with edge.step():
            waiting.release(event_id)
    with edge.step():
        editions.open_coming()
        sign_ups.forget_unconfirmed()
        forgetting.forget_names()
        plans.close_over()
    _call()
    _repeat()


def _call() -> None:
    """Ask the alliances what they hold on the coming days, and tell their coordinators."""
    with edge.reading():
        waiting = calls.due()
    for edition_id in waiting:
        with edge.step():
            calls.call(edition_id)
    with edge.step():
        call_mails.tell()


def _repeat() -> None:
    """Make the next dates of what comes again."""
    with edge.reading():
        waiting = series.due()
    for series_id in waiting:
        with edge.step():
            series.extend_due(series_id)
