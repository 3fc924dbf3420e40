"""Background work of mail."""

from __future__ import annotations

from tasks.celery_app import celery


@celery.task(name="mail.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what is due."""


@celery.task(name="mail.work")  # type: ignore[untyped-decorator]
def work() -> None:
    """Send what is due."""
