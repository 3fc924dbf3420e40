"""Background work of events."""

from __future__ import annotations

from tasks.celery_app import celery


@celery.task(name="events.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what is due."""
