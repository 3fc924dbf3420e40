"""Background work of to-dos."""

from __future__ import annotations

from app.foundation import edge
from app.work import reminding
from tasks.celery_app import celery


@celery.task(name="work.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remind people of their week and of what is due tomorrow."""
    with edge.step():
        reminding.remind()
