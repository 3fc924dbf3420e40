"""Background work of digests."""

from __future__ import annotations

from app.digests import rota, subjects, welcome
from app.foundation import edge
from tasks.celery_app import celery


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
