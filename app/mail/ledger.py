"""What became of each mail of a batch, written in windows, so that a crash doubts only one.

At most a window of mails is on the wire or unwritten at any time.
"""

from __future__ import annotations

import time
from collections import defaultdict

from flask import current_app
from sqlalchemy import update

from app.foundation import clock, edge
from app.foundation.db import db
from app.mail import batches
from app.mail.batches import Lease
from app.mail.models import Delivery, MailingState, SendState, SuppressionReason
from app.mail.registry import Reader
from app.mail.suppression import suppress
from app.mail.verdicts import Verdict

LONGEST_WINDOW = 1.0
"""Seconds after which a window is written although it is not full, so that a slow relay's mail
is seen to move, and pausing acts at once."""


class Ledger:
    """The unwritten verdicts of one batch; `standing` is the mailing's state at the last write."""

    def __init__(self, lease: Lease) -> None:
        self.standing = MailingState.SENDING
        self._lease = lease
        self._size: int = current_app.config["ACK_WINDOW"]
        self._pause: float = current_app.config["MAIL_PAUSE_SECONDS"]
        self._verdicts: dict[int, Verdict] = {}
        self._refused: dict[str, str] = {}
        self._opened = time.monotonic()

    def note(self, reader: Reader, verdict: Verdict) -> None:
        """Keep a verdict, and write the window when it is full; raises LeaseLost."""
        if verdict.suppress:
            self._refused[reader.email] = verdict.reason
        self._verdicts[reader.person_id] = verdict
        if len(self._verdicts) >= self._size or time.monotonic() - self._opened > LONGEST_WINDOW:
            self.write()
            if self._pause:
                time.sleep(self._pause)

    def skip(self, reasons: dict[int, str]) -> None:
        """Write that these people get nothing, and why; raises LeaseLost."""
        for person_id, reason in reasons.items():
            self._verdicts[person_id] = Verdict(SendState.SKIPPED, reason)
        self.write()

    def write(self) -> None:
        """Commit the window; raises LeaseLost, and then nothing of it was written."""
        if self._verdicts:
            with edge.step():
                self.standing = batches.hold(self._lease)
                self._mark()
            self._verdicts.clear()
            self._refused.clear()
        self._opened = time.monotonic()

    def _mark(self) -> None:
        alike: dict[Verdict, list[int]] = defaultdict(list)
        for person_id, verdict in self._verdicts.items():
            alike[verdict].append(person_id)
        for verdict, people in alike.items():
            self._mark_alike(verdict, people)
        for email, words in self._refused.items():
            suppress(email, SuppressionReason.BOUNCED, words)

    def _mark_alike(self, verdict: Verdict, people: list[int]) -> None:
        values: dict[str, object] = {"state": verdict.state, "reason": verdict.reason}
        if verdict.state == SendState.SENT:
            values["sent_at"] = clock.now()
        if verdict.in_doubt:
            values["in_doubt"] = True
        if verdict.due_at is not None:
            values |= {"due_at": verdict.due_at, "tries": Delivery.tries + 1}
        marked = update(Delivery).where(
            Delivery.mailing_id == self._lease.mailing_id,
            Delivery.person_id.in_(people),
            Delivery.state == SendState.WAITING,
        )
        db.execute(marked.values(values).execution_options(synchronize_session=False))
