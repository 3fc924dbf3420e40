"""A round: about fifty people of a batch, asked again whether they should get it, then written to.

The question is one statement, put immediately before sending; its answer is good for a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, case, null, select

from app.foundation import clock, edge
from app.foundation.db import UTCDateTime, db
from app.foundation.edge import Prepared
from app.mail import ledger, registry
from app.mail.batches import Lease, is_ours, waiting_in
from app.mail.headers import BadHeader
from app.mail.leases import LeaseLost
from app.mail.ledger import Entry, Ledger
from app.mail.letters import Stationery
from app.mail.models import Batch, Delivery, Mailing, MailingState, SendState, Suppression
from app.mail.reasons import Reason
from app.mail.registry import Composer, Kind, Reader
from app.mail.verdicts import Domains, Verdict, later, outcomes_of, verdict_of
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


@contextmanager
def in_hand(lease: Lease) -> Iterator[BatchInHand]:
    """A batch that we hold, during the block."""
    with edge.reading():
        mailing = db.get_one(Mailing, lease.mailing_id)
        kind = registry.kind_of(mailing)
        question = _question(mailing, lease, kind)
    with edge.prepared(question) as ask, ledger.opened(lease) as book:
        yield BatchInHand(mailing, kind, ask, book)


class BatchInHand:
    """The rounds of a batch, one after the other."""

    def __init__(self, mailing: Mailing, kind: Kind, ask: Prepared, book: Ledger) -> None:
        self._mailing = mailing
        self._kind = kind
        self._ask = ask
        self._ledger = book
        self._stationery = Stationery(mailing)
        self._domains = Domains()

    def send_round(self, transport: Transport) -> bool:
        """Write to the next fifty; False when nobody is left or the mailing stopped.

        Raises LeaseLost, and TransportDown after what was told before is written.
        """
        upcoming = self._next()
        if upcoming is None:
            return False
        try:
            with outcomes_of(transport, self._envelopes(upcoming)) as outcomes:
                for outcome in outcomes:
                    self._note(upcoming, outcome)
        except TransportDown:
            self._ledger.write()
            raise
        except LeaseLost:
            raise
        except Exception:
            for key in transport.in_flight:
                self._note(upcoming, Outcome(key, Fate.DOUBT))
            self._ledger.write()
            raise
        self._ledger.write()
        return self._ledger.standing == MailingState.SENDING

    def _next(self) -> Round | None:
        """Who is next, after those were skipped who should not get it after all."""
        while True:
            rows = self._ask(now=clock.now())
            wanted = [row[1:] for row in rows if row[0] is None]
            found = self._round(wanted) if wanted else None
            for refusal, person_id, *_rest in rows:
                if refusal is not None:
                    self._ledger.note(Entry(person_id, Verdict(SendState.SKIPPED, refusal)))
            if found is not None or not rows:
                return found
            self._ledger.write()

    def _round(self, rows: Sequence[Sequence[Any]]) -> Round:
        make = self._stationery.reader
        readers = {row[0]: make(*row[:4]) for row in rows}
        tries = {row[0]: row[4] for row in rows}
        with edge.reading():
            compose = self._kind.composer(self._mailing, [*readers.values()])
        return Round(readers, tries, compose)

    def _envelopes(self, upcoming: Round) -> Iterator[Envelope]:
        """The round's mail, until it is all there, too long ago, or the mailing stopped."""
        now = clock.now()
        for reader in upcoming.readers.values():
            if self._ledger.standing != MailingState.SENDING or not upcoming.is_fresh:
                return
            refusal = self._domains.refusal(reader.email)
            if refusal:
                self._put_off(upcoming, reader, refusal)
                continue
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
            self._put_off(upcoming, reader, "The copy could not be written")
        else:
            self._judge(reader, Verdict(SendState.SKIPPED, Reason.NOTHING.value))
        return None

    def _note(self, upcoming: Round, outcome: Outcome) -> None:
        reader = upcoming.readers[int(outcome.key)]
        self._domains.note(reader.email, outcome)
        tries = upcoming.tries[reader.person_id]
        self._judge(reader, verdict_of(outcome, tries, self._mailing.expires_at))

    def _put_off(self, upcoming: Round, reader: Reader, words: str) -> None:
        tries = upcoming.tries[reader.person_id]
        self._judge(reader, later(words, tries, self._mailing.expires_at))

    def _judge(self, reader: Reader, verdict: Verdict) -> None:
        self._ledger.note(Entry(reader.person_id, verdict, reader.email))


def _question(mailing: Mailing, lease: Lease, kind: Kind) -> Select[Any]:
    """Who is next in a batch that is ours and may be sent, and why not after all."""
    return (
        select(
            _refusal(mailing, kind),
            Delivery.person_id,
            Person.name,
            Address.email,
            Person.language,
            Delivery.tries,
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
