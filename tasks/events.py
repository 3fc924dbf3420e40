"""Background work of events."""

from __future__ import annotations

from app.events import editions, forgetting, sign_ups
from app.foundation import edge
from tasks.celery_app import celery


@celery.task(name="events.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Free seats that nobody confirmed, open the coming days, and forget names in time."""
    with edge.reading():
        due = sign_ups.release_due()
    for event_id in due:
        with edge.step():
            sign_ups.release(event_id)
    with edge.step():
        editions.open_coming()
        sign_ups.forget_unconfirmed()
        forgetting.forget_names()
