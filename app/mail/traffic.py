"""What a worker knows of the receivers: who may be written to now, and what they say.

One object for each stretch of work. It asks the database once a second at most, so that mail that
nothing holds up costs next to nothing here.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.foundation import clock, edge, tokens
from app.mail import breakers, holding, providers, quiet_hours, rates, tallies
from app.mail.breakers import PATIENCE, PROBES, Trouble
from app.mail.lanes import RELAY
from app.mail.models import Mailing, SendState
from app.mail.rates import Limits, Wish
from app.mail.reasons import Reason
from app.mail.verdicts import Verdict, put_off, words_of
from app.mail.wire import Fate, Outcome, Stage

FRESH_SECONDS = 1.0
TALLY_SECONDS = 5.0
SPREAD = 0.25
"""Those who wait for the end of a rest come back over a quarter of its length."""
CLOSING = "421"
GIVE_UP = timedelta(days=3)
"""How long a provider may refuse everything, where a mailing has no end of its own."""


class NotYet(Exception):
    """No mail of this mailing may leave before an instant."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of a round whom nothing forbids to write to."""

    person_id: int
    email: str
    time_zone: str
    digest_hour: int
    reason: str


@dataclass(slots=True)
class Admitted:
    """Whom to write to now, and the others' verdicts; in a while more may go at `not_before`."""

    people: set[int] = field(default_factory=set)
    put_off: dict[int, Verdict] = field(default_factory=dict)
    not_before: datetime | None = None


class Pace:
    """How many people are asked about at a time: more while the relay is quick, so that asking
    costs little, fewer when it is slow, so that the answer is still good for the last of them."""

    FIRST = 50
    SMALLEST = 10
    LARGEST = 250
    QUICK_SECONDS = 0.1
    SLOW_SECONDS = 0.5

    def __init__(self) -> None:
        self.size = self.FIRST

    def took(self, seconds: float) -> None:
        """Fit the next round to how long this one took."""
        if seconds < self.QUICK_SECONDS:
            self.size = min(2 * self.size, self.LARGEST)
        elif seconds >= self.SLOW_SECONDS:
            self.size = max(self.size // 2, self.SMALLEST)


@contextmanager
def flowing() -> Iterator[Traffic]:
    """The traffic of one stretch of work; what was counted is written at its end."""
    traffic = Traffic()
    try:
        yield traffic
    finally:
        traffic.write()


class Traffic:
    """The lanes as this worker sees them."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._limits = Limits.configured()
        self._refusals: Counter[str] = Counter()
        self._probing: set[str] = set()
        self._drawn: Counter[str] = Counter()
        self._counted: Counter[tuple[str, Fate]] = Counter()
        self._written = time.monotonic()
        self._look()

    @property
    def relay_rests(self) -> bool:
        """Whether our own relay was away a moment ago."""
        relay = self._troubles.get(RELAY)
        return relay is not None and not relay.is_over

    @property
    def is_held(self) -> bool:
        """Whether no mail may leave at all; a worker notices within a second."""
        if time.monotonic() - self._looked > FRESH_SECONDS:
            self._look()
        return self._held

    def relay_is_away(self, words: str, until: datetime) -> None:
        self._troubles[RELAY] = breakers.rest(RELAY, words, until=until)

    def is_free(self, mailing: Mailing) -> bool:
        """Whether nothing can hold up anybody just now."""
        if time.monotonic() - self._looked > FRESH_SECONDS:
            self._look()
        return not (self._limits or self._troubles or quiet_hours.keeps(mailing))

    def admit(self, mailing: Mailing, round_: Sequence[Candidate]) -> Admitted:
        """Who of a round may be written to now."""
        admitted = Admitted()
        awake = self._awake(mailing, round_, admitted)
        well = self._without_trouble(mailing, awake, admitted)
        self._drawn_for(mailing, well, admitted)
        return admitted

    def held(self, mailing: Mailing, email: str) -> Verdict | None:
        """The verdict on a mail whose provider began to rest since it was admitted."""
        if not self._troubles:
            return None
        provider = providers.of(email)
        trouble = self._troubles.get(provider)
        if trouble is None or trouble.is_over or provider in self._probing:
            return None
        return _rests(mailing, trouble)

    def resting(self, email: str) -> Trouble | None:
        """The trouble of an address's provider that must be left alone now."""
        trouble = self._troubles.get(providers.of(email)) if self._troubles else None
        return trouble if trouble is not None and not trouble.is_over else None

    def note(self, email: str, outcome: Outcome) -> None:
        """Learn from what became of a mail."""
        provider = providers.of(email)
        self._counted[provider, outcome.fate] += 1
        if self._drawn:
            self._drawn[provider] -= 1
        if outcome.fate == Fate.SENT:
            if self._refusals or self._troubles:
                self._note_success(provider)
        elif outcome.fate == Fate.TRANSIENT:
            self._note_refusal(provider, outcome)

    def settle(self) -> None:
        """The end of a round: give back what was drawn for nothing, and count now and then."""
        unused = +self._drawn
        self._drawn.clear()
        self._probing.clear()
        if unused:
            rates.give_back(self._limits, unused)
        if time.monotonic() - self._written > TALLY_SECONDS:
            self.write()

    def write(self) -> None:
        """Add what was counted to the figures of all workers."""
        counted: Counter[tuple[str, Fate]] = Counter()
        for (provider, fate), number in self._counted.items():
            counted[providers.label(provider), fate] += number
        self._counted.clear()
        self._written = time.monotonic()
        if counted:
            with edge.step():
                tallies.add(counted)

    def _look(self) -> None:
        with edge.reading():
            self._troubles = dict(breakers.known())
            self._held = holding.current() is not None
        self._looked = time.monotonic()

    def _awake(
        self, mailing: Mailing, round_: Sequence[Candidate], admitted: Admitted
    ) -> Sequence[Candidate]:
        """Those with whom it is not night."""
        if not quiet_hours.keeps(mailing):
            return round_
        now = clock.now()
        awake = []
        for candidate in round_:
            morning = quiet_hours.until(candidate.time_zone, candidate.digest_hour, now)
            if morning is None:
                awake.append(candidate)
            else:
                admitted.put_off[candidate.person_id] = put_off(Reason.NIGHT, morning)
        return awake

    def _without_trouble(
        self, mailing: Mailing, round_: Sequence[Candidate], admitted: Admitted
    ) -> Sequence[Candidate]:
        """Those whose provider takes mail, and the few with whom we try whether it does again."""
        if not self._troubles:
            return round_
        well = []
        probes: Counter[str] = Counter()
        verdicts: dict[str, Verdict] = {}
        for candidate in round_:
            provider = providers.of(candidate.email)
            trouble = self._troubles.get(provider)
            if trouble is None or self._may_probe(provider, trouble, probes):
                well.append(candidate)
            else:
                if provider not in verdicts:
                    verdicts[provider] = _rests(mailing, self._troubles[provider])
                admitted.put_off[candidate.person_id] = verdicts[provider]
        return well

    def _may_probe(self, provider: str, trouble: Trouble, probes: Counter[str]) -> bool:
        if trouble.is_over and provider not in self._probing and breakers.probe(provider):
            self._probing.add(provider)
            until = clock.now() + breakers.PROBE_TIME
            self._troubles[provider] = Trouble(until, trouble.words, trouble.since)
        probes[provider] += provider in self._probing
        most = 1 if trouble.words.startswith(CLOSING) else PROBES  # it costs a connection each
        return 0 < probes[provider] <= most

    def _drawn_for(self, mailing: Mailing, round_: Sequence[Candidate], admitted: Admitted) -> None:
        """Take tokens, where there are limits at all."""
        if not self._limits:
            admitted.people = {candidate.person_id for candidate in round_}
            return
        wishes = [Wish(providers.of(c.email), c.reason == Reason.TURN) for c in round_]
        unasked = mailing.purpose in quiet_hours.UNASKED
        drawn = rates.draw(self._limits, wishes, has_allowance=unasked)
        admitted.people = {round_[place].person_id for place in drawn.go}
        for place, at in drawn.later.items():
            admitted.put_off[round_[place].person_id] = put_off(Reason.TURN, at)
        admitted.not_before = drawn.not_before
        self._drawn = Counter(wishes[place].provider for place in drawn.go)

    def _note_success(self, provider: str) -> None:
        self._refusals.pop(provider, None)
        for name in (provider, RELAY):
            if self._troubles.pop(name, None) is not None:
                breakers.end(name)

    def _note_refusal(self, provider: str, outcome: Outcome) -> None:
        closes = outcome.stage == Stage.CONNECTION and outcome.text.startswith(CLOSING)
        if outcome.stage not in (Stage.RCPT, Stage.BODY) and not closes:
            return
        self._refusals[provider] += 1
        tried = provider in self._probing
        if closes or tried or self._refusals[provider] >= PATIENCE:
            self._probing.discard(provider)
            self._refusals.pop(provider)
            words = words_of(outcome)
            self._troubles[provider] = breakers.rest(provider, words, after_probe=tried)


def _rests(mailing: Mailing, trouble: Trouble) -> Verdict:
    """Wait for the end of a rest; where that is too late, it failed for what the server said."""
    length = max(trouble.until - clock.now(), timedelta(seconds=1))
    due_at = trouble.until + length * tokens.between(0, SPREAD)
    if due_at >= (mailing.expires_at or trouble.since + GIVE_UP):
        return Verdict(SendState.FAILED, trouble.words)
    return put_off(trouble.words, due_at)
