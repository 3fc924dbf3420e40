"""Background work of alliances."""

from __future__ import annotations

from app.alliances import actions
from app.foundation import edge
from tasks.celery_app import celery


@celery.task(name="alliances.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Forget wishes to join that nobody confirmed."""
    with edge.step():
        actions.forget_unconfirmed()
