"""What became of each mail of a batch, written in windows, so that a crash doubts only one.

At most a window of mails is on the wire or unwritten at any time. Nearly all were sent, and these
are marked by one prepared statement; the others in a step of their own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, update

from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.edge import Prepared
from app.mail import batches, letters
from app.mail.batches import Lease
from app.mail.bounces import note_refusal
from app.mail.journal import Journal
from app.mail.leases import LeaseLost
from app.mail.models import Delivery, MailingState, SendState
from app.mail.reasons import Reason
from app.mail.shared import Shared
from app.mail.verdicts import SENT, Verdict

LONGEST_WINDOW = 1.0
"""Seconds after which a window is written although it is not full, so that a slow relay's mail
is seen to move, and pausing acts at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A verdict on one person's copy; the address is needed where it refuses for ever."""

    person_id: int
    verdict: Verdict
    email: str = ""


class Ledger:
    """The verdicts of one batch; `standing` is the mailing's state at the last write."""

    def __init__(self, lease: Lease, shared: Shared, run: Prepared, journal: Journal) -> None:
        self.standing = MailingState.SENDING
        self._lease = lease
        self._shared = shared
        self._run = run
        self._journal = journal
        self._window: int = current_app.config["ACK_WINDOW"]
        self._pause: float = current_app.config["MAIL_PAUSE_SECONDS"]
        self._entries: list[Entry] = []
        self._opened = time.monotonic()

    def note(self, entry: Entry) -> None:
        """Keep a verdict, and write the window when it is full; raises LeaseLost."""
        if not entry.verdict.in_doubt:
            self._journal.settled(entry.person_id, entry.verdict.state)
        self._entries.append(entry)
        is_old = time.monotonic() - self._opened > LONGEST_WINDOW
        if len(self._entries) >= self._window or is_old:
            self.write()

    def write(self) -> None:
        """Commit the window; raises LeaseLost, and then only what was sent is written.

        What could not be written is kept, and goes with the next window.
        """
        self._opened = time.monotonic()
        if not self._entries:
            return
        self._journal.flush()
        self._commit(self._entries)
        self._entries = []
        if self._pause:
            time.sleep(self._pause)

    def _commit(self, entries: Sequence[Entry]) -> None:
        alike: dict[Verdict, list[int]] = defaultdict(list)
        for entry in entries:
            alike[entry.verdict].append(entry.person_id)
        sent = alike.pop(SENT, [])
        try:
            if alike:
                self._write_others(alike, [entry for entry in entries if entry.verdict.bounce])
            if sent:
                self._write_sent(sent)
        except LeaseLost:
            self._entries = []
            self._own_up(sent)
            raise

    def _write_sent(self, people: list[int]) -> None:
        numbers = people + people[-1:] * (self._window - len(people))
        named = {f"person_{nth}": number for nth, number in enumerate(numbers)}
        marked = self._run(
            self._shared.mark_sent,
            batch_id=self._lease.batch_id,
            batch_attempt=self._lease.attempt,
            batch_number=self._lease.number,
            now=clock.now(),
            **named,
        )
        if not marked:
            raise LeaseLost(f"batch {self._lease.batch_id}, attempt {self._lease.attempt}")
        self.standing = MailingState(marked[0][0])

    def _own_up(self, people: list[int]) -> None:
        """What was acknowledged arrived, whoever has the batch now, and may go there again."""
        copies = update(Delivery).where(_copies(self._lease, people))
        sent = {"state": SendState.SENT, "reason": "", "sent_at": clock.now()}
        with edge.step():
            for statement in (
                copies.where(_unwritten()).values(sent),
                copies.values(in_doubt=True),
            ):
                db.execute(statement.execution_options(synchronize_session=False))

    def _write_others(self, alike: dict[Verdict, list[int]], refused: Sequence[Entry]) -> None:
        with edge.step():
            self.standing = batches.hold(self._lease)
            for verdict, people in alike.items():
                _mark(self._lease, people, verdict)
            for entry in refused:
                key = letters.copy_key(self._lease.mailing_id, entry.person_id)
                note_refusal(entry.email, entry.verdict, key)


def _mark(lease: Lease, people: list[int], verdict: Verdict) -> None:
    values: dict[str, object] = {"state": verdict.state, "reason": verdict.reason}
    if verdict.in_doubt:
        values["in_doubt"] = True
    if verdict.due_at is not None:
        values |= {"due_at": verdict.due_at, "tries": Delivery.tries + int(verdict.counts)}
    marked = update(Delivery).where(_copies(lease, people), Delivery.state == SendState.WAITING)
    db.execute(marked.values(values).execution_options(synchronize_session=False))


def _copies(lease: Lease, people: list[int]) -> ColumnElement[bool]:
    return and_(
        Delivery.mailing_id == lease.mailing_id,
        Delivery.batch_number == lease.number,
        Delivery.person_id.in_(people),
    )


def _unwritten() -> ColumnElement[bool]:
    """Copies of which nobody wrote that they were sent, or that were left alone just then."""
    return or_(Delivery.state == SendState.WAITING, Delivery.reason == Reason.LEFT.value)
