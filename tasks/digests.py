"""Background work of digests."""

from __future__ import annotations

from app.digests import rota
from app.foundation import edge
from tasks.celery_app import celery


@celery.task(name="digests.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """See to it that each series which is on has its next issue scheduled."""
    for name in rota.EVERY:
        with edge.step():
            rota.arrange(name)
