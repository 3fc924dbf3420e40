"""A round: about fifty people of a batch, asked again whether they should get it, then written to.

The question is one statement, put immediately before sending; its answer is good for a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, case, null, select

from app.foundation import clock, edge
from app.foundation.db import UTCDateTime, db
from app.mail import registry
from app.mail.batches import Lease, is_ours, waiting_in
from app.mail.headers import BadHeader
from app.mail.leases import LeaseLost
from app.mail.ledger import Entry, Ledger
from app.mail.letters import Stationery
from app.mail.models import Batch, Delivery, Mailing, MailingState, SendState, Suppression
from app.mail.reasons import Reason
from app.mail.registry import Composer, Kind, Reader
from app.mail.verdicts import Verdict, later, outcomes_of, verdict_of
from app.mail.wire import BadAddress, Envelope, Fate, Outcome, Transport, TransportDown
from app.people.models import Address, Person, Standing, Unsubscription

SIZE = 50
FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """The people to write to now, how often each was put off, and who writes to them."""

    readers: dict[int, Reader]
    tries: dict[int, int]
    compose: Composer
    asked: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        """Whether what was asked may still be relied upon."""
        return time.monotonic() - self.asked < FRESH_SECONDS


class BatchInHand:
    """A batch that we hold: its rounds, one after the other."""

    def __init__(self, lease: Lease, ledger: Ledger) -> None:
        self._ledger = ledger
        with edge.reading():
            self._mailing = db.get_one(Mailing, lease.mailing_id)
            self._kind = registry.kind_of(self._mailing)
            self._question = _question(self._mailing, lease, self._kind)
        self._stationery = Stationery(self._mailing)

    def send_round(self, transport: Transport) -> bool:
        """Write to the next fifty; False when nobody is left or the mailing stopped.

        Raises LeaseLost, and TransportDown after what was told before is written.
        """
        upcoming = self._ask()
        if upcoming is None:
            return False
        try:
            with outcomes_of(transport, self._envelopes(upcoming)) as outcomes:
                for outcome in outcomes:
                    self._note(upcoming, outcome)
        except TransportDown:
            self._ledger.drain()
            raise
        except LeaseLost:
            raise
        except Exception:
            for key in transport.in_flight:
                self._note(upcoming, Outcome(key, Fate.DOUBT))
            self._ledger.drain()
            raise
        self._ledger.drain()
        return self._ledger.standing == MailingState.SENDING

    def _ask(self) -> Round | None:
        """Who is next, after those were skipped who should not get it after all."""
        while True:
            with edge.reading():
                rows = db.execute(self._question, {"now": clock.now()}).all()
                wanted = [row for row in rows if row.refusal is None]
                upcoming = self._round(wanted) if wanted else None
            for row in rows:
                if row.refusal is not None:
                    skipped = Verdict(SendState.SKIPPED, row.refusal)
                    self._ledger.note(Entry(row.person_id, skipped))
            if upcoming is not None or not rows:
                return upcoming
            self._ledger.drain()

    def _round(self, rows: Sequence[Any]) -> Round:
        readers = {
            row.person_id: self._stationery.reader(row.person_id, row.name, row.email, row.language)
            for row in rows
        }
        tries = {row.person_id: row.tries for row in rows}
        return Round(readers, tries, self._kind.composer(self._mailing, [*readers.values()]))

    def _envelopes(self, upcoming: Round) -> Iterator[Envelope]:
        """The round's mail, until it is all there, too long ago, or the mailing stopped."""
        now = clock.now()
        for reader in upcoming.readers.values():
            if self._ledger.standing != MailingState.SENDING or not upcoming.is_fresh:
                return
            envelope = self._envelope(upcoming, reader, now)
            if envelope is not None:
                yield envelope

    def _envelope(self, upcoming: Round, reader: Reader, now: datetime) -> Envelope | None:
        try:
            copy = upcoming.compose(reader)
            if copy is not None:
                return self._stationery.envelope(reader, copy, now)
        except (BadHeader, BadAddress) as error:
            self._judge(reader, Verdict(SendState.FAILED, str(error)))
        except Exception:  # one person's copy must not hold up the others
            current_app.logger.exception("no copy of mailing %s", self._mailing.id)
            words = "The copy could not be written"
            tries = upcoming.tries[reader.person_id]
            self._judge(reader, later(words, tries, self._mailing.expires_at))
        else:
            self._judge(reader, Verdict(SendState.SKIPPED, Reason.NOTHING.value))
        return None

    def _note(self, upcoming: Round, outcome: Outcome) -> None:
        person_id = int(outcome.key)
        verdict = verdict_of(outcome, upcoming.tries[person_id], self._mailing.expires_at)
        self._judge(upcoming.readers[person_id], verdict)

    def _judge(self, reader: Reader, verdict: Verdict) -> None:
        self._ledger.note(Entry(reader.person_id, verdict, reader.email))


def _question(mailing: Mailing, lease: Lease, kind: Kind) -> Select[Any]:
    """Who is next in a batch that is ours and may be sent, and why not after all."""
    return (
        select(
            Delivery.person_id,
            Delivery.tries,
            Person.name,
            Person.language,
            Address.email,
            _refusal(mailing, kind).label("refusal"),
        )
        .select_from(Delivery)
        .join(Batch, is_ours(lease))
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .join(Person, Person.id == Delivery.person_id)
        .outerjoin(Address, Address.id == Person.address_id)
        .where(
            waiting_in(lease.mailing_id, lease.number),
            Delivery.due_at <= _now(),
            Mailing.state == MailingState.SENDING,
        )
        .order_by(Delivery.due_at, Delivery.person_id)
        .limit(SIZE)
    )


def _refusal(mailing: Mailing, kind: Kind) -> Any:
    """The reason not to send to a person, or NULL."""
    suppressed = select(Suppression.digest).where(Suppression.digest == Address.digest)
    unsubscribed = select(Unsubscription.person_id).where(
        Unsubscription.person_id == Person.id, Unsubscription.purpose == mailing.purpose
    )
    own = kind.refusal(mailing)
    return case(
        (Mailing.expires_at <= _now(), Reason.LATE.value),
        (Person.standing == Standing.ERASED, Reason.ERASED.value),
        (Person.standing == Standing.UNCONFIRMED, Reason.UNCONFIRMED.value),
        (Person.standing != Standing.ACTIVE, Reason.DISABLED.value),
        (Address.email.is_(None), Reason.NO_ADDRESS.value),
        (Address.confirmed_at.is_(None), Reason.UNCONFIRMED.value),
        (suppressed.exists(), Reason.DO_NOT_EMAIL.value),
        (unsubscribed.exists(), Reason.UNSUBSCRIBED.value),
        else_=null() if own is None else own,
    )


def _now() -> Any:
    return bindparam("now", type_=UTCDateTime())
