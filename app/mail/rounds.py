"""A round: some people of a batch, asked again whether they should get it, then written to.

The question is one statement, put immediately before sending; its answer is good for a moment.
Rounds grow while the relay is quick, so that asking costs little, and shrink when it is slow.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from flask import current_app

from app.foundation import clock, edge, tokens
from app.foundation.edge import Prepared
from app.mail import journal, registry, shared, weekly_cap
from app.mail.batches import Lease
from app.mail.headers import BadHeader
from app.mail.journal import Journal
from app.mail.leases import LeaseLost
from app.mail.ledger import Entry, Ledger
from app.mail.masking import masked_words
from app.mail.models import MailingState, SendState
from app.mail.reasons import Reason
from app.mail.registry import Composer, Reader
from app.mail.shared import Shared
from app.mail.traffic import Candidate, NotYet, Traffic
from app.mail.verdicts import Verdict, later, outcomes_of, put_off, verdict_of
from app.mail.wire import BadAddress, Envelope, Fate, Key, Outcome, Transport, TransportDown

FRESH_SECONDS = 0.5
LONGEST_WAIT = 1.0
"""Seconds that a worker waits for its turn; where it takes longer, it does something else."""
OUR_OWN = frozenset({"", Reason.NIGHT, Reason.TURN, Reason.FULL, Reason.MEANWHILE})
"""Why copies wait without that a server put them off."""
NOTHING = Verdict(SendState.SKIPPED, Reason.NOTHING.value)
MOMENT = (5.0, 15.0)
"""Seconds after which somebody is asked about again who gets another mail just now."""


@dataclass(frozen=True, slots=True)
class Round:
    """The people to write to now, how often each was put off, and who writes to them.

    `asked` is when the question was put, `made` when their copies could be written.
    """

    readers: dict[int, Reader]
    tries: dict[int, int]
    compose: Composer
    asked: float
    made: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Seconds that writing to them takes so far."""
        return time.monotonic() - self.made

    @property
    def is_short(self) -> bool:
        """Whether so little time went by that the next of them needs no new round."""
        return self.age < FRESH_SECONDS

    @property
    def is_fresh(self) -> bool:
        """Whether what was asked may still be relied upon."""
        return time.monotonic() - self.asked < FRESH_SECONDS


@contextmanager
def in_hand(lease: Lease, traffic: Traffic) -> Iterator[BatchInHand]:
    """A batch that we hold, during the block."""
    with edge.reading():
        common = shared.of(lease.mailing_id)
    with edge.prepared() as run, journal.opened(lease.batch_id, lease.attempt) as log:
        yield BatchInHand(lease, common, run, log, traffic)


class BatchInHand:
    """The rounds of a batch, one after the other, in the order of people."""

    def __init__(
        self, lease: Lease, common: Shared, run: Prepared, log: Journal, traffic: Traffic
    ) -> None:
        self._lease = lease
        self._shared = common
        self._mailing = common.mailing
        self._run = run
        self._journal = log
        self._ledger = Ledger(lease, common, run, log)
        self._traffic = traffic
        self._not_before: datetime | None = None
        self._after = 0
        self._last: int | None = None

    def send_round(self, transport: Transport) -> bool:
        """Write to the next people; False when nobody is left or the mailing stopped.

        Raises LeaseLost, NotYet, and TransportDown after what was told before is written.
        """
        upcoming = self._next()
        if upcoming is None:
            return False
        try:
            mail = self._envelopes(upcoming)
            with outcomes_of(transport, mail, partial(self._may_leave, upcoming)) as outcomes:
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
        self._traffic.settle()
        self._traffic.pace.took(upcoming.age)
        return self._ledger.standing == MailingState.SENDING

    def _next(self) -> Round | None:
        """Who is next, after those were skipped who should not get it after all."""
        while self._last is None or self._after < self._last:
            size = self._traffic.pace.size
            asked = time.monotonic()
            rows = self._ask(self._after, size)
            self._last = rows[-1][1] if rows and len(rows) < size else None
            wanted = [row[1:] for row in rows if row[0] is None]
            admitted = self._admitted(wanted)
            found = self._round(admitted, asked) if admitted else None
            empty = self._empty([row[1:] for row in rows if row[0] in registry.KEEPS_A_COPY])
            for refusal, person_id, *_rest, words in rows:
                if refusal is not None:
                    verdict = NOTHING if person_id in empty else self._refused(refusal, words)
                    self._ledger.note(Entry(person_id, verdict))
            self._ledger.write()
            if found is not None or not rows:
                return found
            if self._not_before is not None:
                self._wait(self._not_before)
            else:
                self._after = rows[-1][1]
        return None  # the last question told that nobody comes after them

    def _empty(self, rows: Sequence[Sequence[Any]]) -> Collection[int]:
        """Who of those whose copy is kept back would have nothing to read in it."""
        if not rows:
            return ()
        kept = self._round(rows, time.monotonic())
        return {number for number, reader in kept.readers.items() if self._is_empty(kept, reader)}

    def _is_empty(self, kept: Round, reader: Reader) -> bool:
        try:
            return kept.compose(reader) is None
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # as when it is sent: one person's copy must not hold up the others
            current_app.logger.exception("no copy of mailing %s", self._mailing.id)
            return False

    def _admitted(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Whom of these the receivers, the hour and the rates let us write to now."""
        if self._traffic.is_free(self._mailing):
            return rows
        round_ = [Candidate(row[0], row[2], *row[5:]) for row in rows]
        admitted = self._traffic.admit(self._mailing, round_)
        for person_id, verdict in admitted.put_off.items():
            self._ledger.note(Entry(person_id, verdict))
        self._not_before = admitted.not_before
        return [row for row in rows if row[0] in admitted.people]

    def _wait(self, until: datetime) -> None:
        """Wait here where more may leave in a moment; raises NotYet where it takes longer."""
        self._not_before = None
        seconds = (until - clock.now()).total_seconds()
        if seconds > LONGEST_WAIT:
            raise NotYet(until)
        time.sleep(max(0.0, seconds))

    def _ask(self, after: int, size: int) -> Sequence[Sequence[Any]]:
        now = clock.now()
        return self._run(
            self._shared.question,
            batch_id=self._lease.batch_id,
            batch_attempt=self._lease.attempt,
            after=after,
            size=size,
            now=now,
            week_ago=now - weekly_cap.WEEK,
        )

    def _may_leave(self, upcoming: Round, key: Key) -> bool:
        """Whether a copy may go to the wire; what was asked too long ago is asked again."""
        person_id = int(key)
        if not upcoming.is_fresh:
            self._journal.flush()
            answer = self._ask(person_id - 1, 1)
            if not answer or tuple(answer[0][:2]) != (None, person_id):
                self._after = min(self._after, person_id - 1)
                return False
        self._journal.leaves(person_id)
        return True

    def _round(self, rows: Sequence[Sequence[Any]], asked: float) -> Round:
        make = self._shared.stationery.reader
        readers = {row[0]: make(*row[:4]) for row in rows}
        tries = {row[0]: row[4] for row in rows}
        with edge.reading():
            compose = self._shared.kind.composer(self._mailing, [*readers.values()])
        return Round(readers, tries, compose, asked)

    def _envelopes(self, upcoming: Round) -> Iterator[Envelope]:
        """The round's mail, until it is all there, too long ago, or the mailing stopped."""
        now = clock.now()
        for reader in upcoming.readers.values():
            if self._ledger.standing != MailingState.SENDING or not upcoming.is_short:
                return
            self._after = reader.person_id
            held = self._traffic.held(self._mailing, reader.email)
            if held is not None:
                self._judge(reader, held)
                continue
            envelope = self._envelope(upcoming, reader, now)
            if envelope is not None:
                yield envelope

    def _envelope(self, upcoming: Round, reader: Reader, now: datetime) -> Envelope | None:
        try:
            copy = upcoming.compose(reader)
            if copy is not None:
                return self._shared.stationery.envelope(reader, copy, now)
        except (BadHeader, BadAddress) as error:
            words = masked_words(str(error), reader.email)
            self._judge(reader, Verdict(SendState.FAILED, words))
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one person's copy must not hold up the others
            current_app.logger.exception("no copy of mailing %s", self._mailing.id)
            self._put_off(upcoming, reader, "The copy could not be written")
        else:
            self._judge(reader, NOTHING)
        return None

    def _note(self, upcoming: Round, outcome: Outcome) -> None:
        reader = upcoming.readers[int(outcome.key)]
        self._traffic.note(reader.email, outcome)
        tries = upcoming.tries[reader.person_id]
        verdict = verdict_of(outcome, reader.email, tries, self._mailing.expires_at)
        self._judge(reader, verdict)

    def _put_off(self, upcoming: Round, reader: Reader, words: str) -> None:
        tries = upcoming.tries[reader.person_id]
        self._judge(reader, later(words, tries, self._mailing.expires_at))

    def _judge(self, reader: Reader, verdict: Verdict) -> None:
        self._ledger.note(Entry(reader.person_id, verdict, reader.email))

    def _refused(self, reason: str, words: str) -> Verdict:
        """What a reason not to send means for a copy that was put off with these words before.

        Who had enough for a week, or gets another mail just now, is asked about again; what a
        server put off until it was too late has failed.
        """
        if reason == Reason.LATE and words not in OUR_OWN:
            return Verdict(SendState.FAILED, words)
        if reason == Reason.ENOUGH:
            return weekly_cap.verdict(self._mailing)
        if reason == Reason.MEANWHILE:
            return put_off(reason, clock.now() + timedelta(seconds=tokens.between(*MOMENT)))
        return Verdict(SendState.SKIPPED, reason)
