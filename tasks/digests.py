"""Background work of digests."""

from __future__ import annotations

from app.digests import rota, subjects
from app.foundation import edge
from tasks.celery_app import celery


@celery.task(name="digests.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """See to it that each series which is on has its next issue scheduled, and decide the tests
    of subjects whose time came."""
    for name in rota.EVERY:
        with edge.step():
            rota.arrange(name)
    subjects.settle_due()
