"""The mail engine: `sweep` finds what is due, `work` sends it. Both may run twice, anywhere.

The rows are the queue. A mailing is expanded once (expansion), its batches change hands under a
lease (batches), go out in rounds (rounds) and are marked in windows (ledger); single messages go
first, between the rounds too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select

from app.foundation import clock, edge, queue
from app.foundation.db import db
from app.mail import batches, expansion, journal, leases, single
from app.mail.batches import Lease
from app.mail.leases import LeaseLost
from app.mail.models import Batch, Mailing, Message
from app.mail.rounds import in_hand
from app.mail.smtp import Limits
from app.mail.traffic import NotYet, Traffic, flowing
from app.mail.transports import open_transport
from app.mail.verdicts import wait_after, when_relay_may_be_back
from app.mail.wire import Transport, TransportDown

WORK_SECONDS = 15.0
"""How long a worker sends before it looks up, so that the sweep gets its turn."""
LOOK_SECONDS = 1.0
"""How long a message may wait behind a batch of the same worker."""


@dataclass(frozen=True)
class Due:
    """How much may be sent now."""

    batches: int
    messages: int

    def __bool__(self) -> bool:
        return bool(self.batches or self.messages)


def sweep() -> Due:
    """Expand mailings that are due, free what lost its worker, close what is over; count the rest.

    Harmless when doubled or late.
    """
    expansion.expand_due(current_app.config["BATCH_SIZE"])
    with edge.step():
        freed = batches.free_lost() + single.free_lost()
    with edge.step():
        batches.settle_cancelled()
        batches.finish()
        queue.beat("sweep")
    if freed:
        current_app.logger.warning("freed %s pieces of work that lost their worker", freed)
    return due()


def due() -> Due:
    """What may be taken now."""
    with edge.reading():
        waiting = select(func.count()).select_from(Batch).join(Mailing).where(batches.due())
        messages = select(func.count()).select_from(Message).where(single.due())
        return Due(db.scalar(waiting) or 0, db.scalar(messages) or 0)


def work(seconds: float = WORK_SECONDS) -> bool:
    """Send what is due for about that long; whether there is more for somebody to send."""
    until = time.monotonic() + seconds
    with flowing() as traffic, _transport() as transport:
        if traffic.relay_rests or traffic.is_held:
            return False
        try:
            while time.monotonic() < until and not traffic.is_held:
                if not single.send_window(transport, traffic) and not _work_on_batch(
                    transport, traffic, until
                ):
                    return False
        except TransportDown as down:
            current_app.logger.warning("mail has to wait: %s", down)
            return False
    return bool(due())


def _work_on_batch(transport: Transport, traffic: Traffic, until: float) -> bool:
    """Send a batch, or as much of it as there is time for; False if none is due."""
    lease = take()
    if lease is None:
        return False
    with _held(lease, traffic), in_hand(lease, traffic) as batch:
        looked = time.monotonic()
        while batch.send_round(transport) and time.monotonic() < until and not traffic.is_held:
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                while single.send_window(transport, traffic):
                    pass
    return True


def take() -> Lease | None:
    """Take the next batch; its journal lies there before anybody sees that it is taken."""
    with edge.step():
        lease = batches.claim()
        if lease is not None:
            journal.begin(lease.batch_id, lease.attempt)
    return lease


@contextmanager
def _held(lease: Lease, traffic: Traffic) -> Iterator[None]:
    """Hold a batch during the block and give it back, whatever happens there."""
    try:
        with leases.renewed(partial(batches.renew, lease)):
            yield
    except LeaseLost as lost:
        current_app.logger.warning("lost the lease of %s", lost)
    except NotYet as wait:
        _give_back(lease, wait.until)
    except TransportDown as down:
        back_at = when_relay_may_be_back()
        _give_back(lease, back_at)
        traffic.relay_is_away(str(down), back_at)
        raise
    except Exception:
        current_app.logger.exception("batch %s is put off", lease.batch_id)
        _end(lease, partial(batches.give_up, lease, clock.now() + wait_after(0)))
    else:
        _give_back(lease)


def _give_back(lease: Lease, due_at: datetime | None = None) -> None:
    _end(lease, partial(batches.give_back, lease, due_at))


def _end(lease: Lease, end: Callable[[], None]) -> None:
    """Give a batch out of our hands, after which its journal is of no use."""
    try:
        with edge.step():
            end()
        journal.forget(lease.batch_id, lease.attempt)
    except LeaseLost as lost:
        current_app.logger.warning("lost the lease of %s", lost)


def _transport() -> Transport:
    config = current_app.config
    limits = Limits(timeout=config["SMTP_TIMEOUT"])
    return open_transport(
        config["SMTP_URL"], limits, helo=str(urlsplit(config["BASE_URL"]).hostname)
    )
