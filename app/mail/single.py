"""Single messages: claimed by the window, so that what has no answer may be on the wire."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, select, update

from app.foundation import clock, edge, text
from app.foundation.db import db
from app.mail import leases, rounds
from app.mail.bounces import note_refusal
from app.mail.headers import BadHeader
from app.mail.leases import lease_end
from app.mail.letters import envelope_of, message_key
from app.mail.masking import masked_words
from app.mail.models import OVER, WORDLESS, Message, SendState
from app.mail.reasons import Reason
from app.mail.suppression import holds_for, suppressed_among
from app.mail.traffic import GIVE_UP, Traffic
from app.mail.verdicts import Verdict, outcomes_of, put_off, verdict_of, when_relay_may_be_back
from app.mail.wire import BadAddress, Envelope, Fate, Key, Outcome, Transport, TransportDown
from app.people.models import BULK, Purpose, Unsubscription


def due() -> ColumnElement[bool]:
    """Messages that may be taken now."""
    return and_(Message.state == SendState.WAITING, Message.due_at <= clock.now())


def free_lost() -> int:
    """Free messages whose lease ran out: each may have left, so each is in doubt and goes again."""
    freed = db.execute(
        update(Message)
        .where(Message.state == SendState.SENDING, leases.is_over(Message.lease_until))
        .values(state=SendState.WAITING, in_doubt=True)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(freed)


def send_window(transport: Transport, traffic: Traffic) -> bool:
    """Send the next few messages that are due; False if there were none.

    Raises TransportDown after what was not sent has been given back.
    """
    window = _Window(traffic)
    if not window.messages:
        return False
    with leases.renewed(window.renew):
        try:
            window.send(transport)
        finally:
            window.mark()
    return True


class _Window:
    """A few messages in our hands; those without a verdict in the end were not sent."""

    def __init__(self, traffic: Traffic) -> None:
        self.verdicts: dict[int, Verdict] = {}
        self._traffic = traffic
        self._again_at: datetime | None = None
        self._asked = time.monotonic()
        with edge.step():
            self.messages = {message.id: message for message in _claim()}
            for message_id, reason in _refusals(self.messages.values()).items():
                self.verdicts[message_id] = Verdict(SendState.SKIPPED, reason.value)

    def renew(self, until: datetime) -> None:
        for message in self.messages.values():
            db.execute(update(Message).where(_is_ours(message)).values(lease_until=until))

    def send(self, transport: Transport) -> None:
        try:
            with outcomes_of(transport, self._envelopes(), self._may_leave) as outcomes:
                for outcome in outcomes:
                    self._note(outcome)
        except TransportDown as down:
            self._again_at = when_relay_may_be_back()
            self._traffic.relay_is_away(str(down), self._again_at)
            raise
        except Exception:
            for key in transport.in_flight:
                self._note(Outcome(key, Fate.DOUBT))
            raise

    def mark(self) -> None:
        """Write what became of each; what was not sent is given back and does not count."""
        with edge.step():
            for message in self.messages.values():
                verdict = self.verdicts.get(message.id)
                values = _not_sent(self._again_at) if verdict is None else _after(verdict)
                marked = update(Message).where(_is_ours(message)).values(values)
                db.execute(marked.execution_options(synchronize_session=False))
                if verdict is not None and verdict.bounce:
                    note_refusal(message.email, verdict, message_key(message.id))

    def _envelopes(self) -> Iterator[Envelope]:
        now = clock.now()
        for message in self.messages.values():
            if message.id in self.verdicts or self._rests(message):
                continue
            try:
                yield envelope_of(message, now)
            except (BadHeader, BadAddress) as error:
                words = masked_words(str(error), message.email)
                self.verdicts[message.id] = Verdict(SendState.FAILED, words)

    def _may_leave(self, key: Key) -> bool:
        """Whether a message may go to the wire; what was asked too long ago is asked again.

        One that may not is given back, and whoever takes it next finds out why.
        """
        if time.monotonic() - self._asked < rounds.FRESH_SECONDS:
            return True
        taken = self.messages[int(key)]
        with edge.reading():
            message = db.scalars(select(Message).where(_is_ours(taken))).one_or_none()
            return message is not None and not _refusals([message])

    def _rests(self, message: Message) -> bool:
        """Whether the receiver must be left alone: the message waits, and fails after days."""
        trouble = self._traffic.resting(message.email)
        if trouble is None:
            return False
        if trouble.until < message.created_at + GIVE_UP:
            self.verdicts[message.id] = put_off(trouble.words, trouble.until)
        else:
            self.verdicts[message.id] = Verdict(SendState.FAILED, trouble.words)
        return True

    def _note(self, outcome: Outcome) -> None:
        message = self.messages[int(outcome.key)]
        self._traffic.note(message.email, outcome)
        self.verdicts[message.id] = verdict_of(outcome, message.email, message.attempt - 1)


def _claim() -> Sequence[Message]:
    """Take the messages that are due first: a window, so that a crash doubts no more."""
    messages = db.scalars(
        select(Message)
        .where(due())
        .order_by(Message.due_at, Message.id)
        .limit(current_app.config["ACK_WINDOW"])
        .with_for_update(skip_locked=True)
    ).all()
    for message in messages:
        message.state = SendState.SENDING
        message.attempt += 1
        message.lease_until = lease_end()
    return messages


def _is_ours(message: Message) -> ColumnElement[bool]:
    return and_(
        Message.id == message.id,
        Message.attempt == message.attempt,
        Message.state == SendState.SENDING,
    )


def _refusals(messages: Collection[Message]) -> dict[int, Reason]:
    """Which of these must not go after all. Mail about the account survives unsubscribing."""
    emails = {message.email: text.canonical_email(message.email) for message in messages}
    suppressed = suppressed_among(emails.values())
    bulk = [message for message in messages if message.purpose in BULK]
    unwanted = _unwanted(bulk)
    reasons = {m.id: Reason.UNSUBSCRIBED for m in bulk if (m.person_id, m.purpose) in unwanted}
    for message in messages:
        if not message.email:
            reasons[message.id] = Reason.ERASED
        elif holds_for(suppressed.get(emails[message.email]), message.kind):
            reasons[message.id] = Reason.DO_NOT_EMAIL
    return reasons


def _unwanted(bulk: Sequence[Message]) -> frozenset[tuple[int | None, Purpose]]:
    """The pairs of person and purpose among these that were unsubscribed."""
    if not bulk:
        return frozenset()
    people = {message.person_id for message in bulk if message.person_id is not None}
    rows = db.execute(
        select(Unsubscription.person_id, Unsubscription.purpose).where(
            Unsubscription.person_id.in_(people)
        )
    )
    return frozenset((person_id, purpose) for person_id, purpose in rows)


def _after(verdict: Verdict) -> dict[str, Any]:
    """What is written of a message; one that is over goes nowhere again and loses its words."""
    values: dict[str, Any] = {"state": verdict.state, "reason": verdict.reason}
    if verdict.state in OVER:
        values |= WORDLESS
    if verdict.state == SendState.SENT:
        values["sent_at"] = clock.now()
    if verdict.in_doubt:
        values["in_doubt"] = True
    if verdict.due_at is not None:
        values["due_at"] = verdict.due_at
    if not verdict.counts:
        values["attempt"] = Message.attempt - 1
    return values


def _not_sent(again_at: datetime | None) -> dict[str, Any]:
    """Back in the queue as if it had not been taken; so late trouble waits no longer than early."""
    return {
        "state": SendState.WAITING,
        "attempt": Message.attempt - 1,
        "due_at": again_at or clock.now(),
    }
