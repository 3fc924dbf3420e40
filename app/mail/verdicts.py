"""What an answer of the wire means for a mail: over, later, or never again to this address."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from app.foundation import clock, tokens
from app.mail.masking import masked_words
from app.mail.models import BounceKind, SendState
from app.mail.refusals import kind_of
from app.mail.wire import Envelope, Fate, MayLeave, Outcome, Stage, Transport, always

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 78  # about three days: half a minute, doubled up to an hour, then hourly
RELAY_WAIT = 35.0  # seconds; with the sweep's interval a relay that is back is used in a minute

_LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mail stands after a try. A waiting one is tried again at `due_at`.

    One that was only put off has not been tried: it does not count.
    `bounce` is what the refusal says of the address, where it was the last word.
    """

    state: SendState
    reason: str = ""
    in_doubt: bool = False
    due_at: datetime | None = None
    bounce: BounceKind | None = None
    counts: bool = True


SENT = Verdict(SendState.SENT)


@contextmanager
def outcomes_of(
    transport: Transport, mail: Iterable[Envelope], may_leave: MayLeave = always
) -> Iterator[Iterator[Outcome]]:
    """What becomes of the mail; a transport that is left half-way is told so at once."""
    with closing(cast("Generator[Outcome]", transport.send(mail, may_leave))) as outcomes:
        yield outcomes


def verdict_of(
    outcome: Outcome, email: str, tries: int, expires_at: datetime | None = None
) -> Verdict:
    """What the outcome of a mail to an address means that was put off `tries` times before."""
    if outcome.fate == Fate.SENT:
        return SENT
    words = masked_words(words_of(outcome), email)
    if outcome.fate == Fate.PERMANENT and outcome.stage in (Stage.RCPT, Stage.BODY):
        return Verdict(SendState.FAILED, words, bounce=_bounce(outcome))
    verdict = later(words, tries, expires_at, in_doubt=outcome.fate == Fate.DOUBT)
    if verdict.state == SendState.FAILED and outcome.stage == Stage.RCPT:
        return replace(verdict, bounce=_bounce(outcome))
    return verdict


def later(
    words: str, tries: int, expires_at: datetime | None = None, *, in_doubt: bool = False
) -> Verdict:
    """Try again after a while, or give up after about three days or when it is of no use."""
    wait = wait_after(tries)
    due_at = clock.now() + (max(wait, doubt_wait()) if in_doubt else wait)
    if tries + 1 >= MOST_TRIES or (expires_at is not None and due_at >= expires_at):
        return Verdict(SendState.FAILED, words, in_doubt)
    return Verdict(SendState.WAITING, words, in_doubt, due_at)


def put_off(reason: str, due_at: datetime) -> Verdict:
    """Not now; it was no try."""
    return Verdict(SendState.WAITING, reason, due_at=due_at, counts=False)


def doubt_wait() -> timedelta:
    """How long staff have to decide about a mail to many that may have arrived."""
    return timedelta(seconds=current_app.config["DOUBT_WAIT_SECONDS"])


def wait_after(tries: int) -> timedelta:
    """Half a minute, doubled with each try up to an hour, and never the same for all."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    return wait * tokens.between(0.75, 1.25)


def when_relay_may_be_back() -> datetime:
    """When to look again for our own relay; it is one, so asking often costs little."""
    return clock.now() + timedelta(seconds=tokens.between(0.7 * RELAY_WAIT, RELAY_WAIT))


def words_of(outcome: Outcome) -> str:
    """What the server said."""
    return f"{outcome.code or ''} {outcome.text}".strip()[:_LONGEST_WORDS]


def _bounce(refusal: Outcome) -> BounceKind:
    """What a refusal says of the address; one after the whole mail was read speaks of the mail."""
    kind = kind_of(words_of(refusal))
    if refusal.stage != Stage.RCPT and kind == BounceKind.HARD:
        return BounceKind.BLOCKED
    return kind
