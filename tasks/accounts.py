"""Background work of accounts."""

from __future__ import annotations

from app.accounts import sweeping
from app.foundation import edge, queue
from tasks.celery_app import celery


@celery.task(name="accounts.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remind once, then forget whoever never confirmed, and old secrets."""
    for work in (sweeping.remind, sweeping.forget_unconfirmed, sweeping.forget_old):
        with edge.step():
            work()
    with edge.step():
        queue.beat("accounts.sweep")


@celery.task(name="accounts.approvals")  # type: ignore[untyped-decorator]
def tell_of_approvals() -> None:
    """Tell staff each morning what waits for them."""
    with edge.step():
        sweeping.tell_of_approvals()
