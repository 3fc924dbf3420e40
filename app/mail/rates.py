"""How fast mail may leave: a token bucket for each receiving provider, and one for all mail.

A bucket is kept as the instant until which its tokens are spent: it holds as many as its rate
makes from then to now, at most `burst` seconds' worth. Who finds a provider's bucket empty is put
off to a later instant, one after the other, so that nobody asks again before it is their turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from app.foundation import clock, edge
from app.mail import lanes, warm_up
from app.mail.lanes import RELAY
from app.mail.models import Lane

LEAST_BURST = 1.0
BURST_SWEEPS = 1.5
"""A bucket fills from one sweep, which wakes workers, to the next, and a little longer."""
ANY = "*"


@dataclass(frozen=True, slots=True)
class Limits:
    """Mails a second, for all mail and by provider; zero is no limit."""

    overall: float
    by_provider: Mapping[str, float]
    burst: float
    warms_up: bool

    @classmethod
    def configured(cls) -> Limits:
        config = current_app.config
        return cls(
            overall=config["MAIL_RATE"],
            by_provider=config["DOMAIN_RATES"],
            burst=max(LEAST_BURST, BURST_SWEEPS * config["SWEEP_SECONDS"]),
            warms_up=warm_up.allowance(warm_up.day_of(clock.now())) is not None,
        )

    def __bool__(self) -> bool:
        return bool(self.overall or self.by_provider or self.warms_up)

    def of(self, provider: str) -> float:
        return self.by_provider.get(provider, self.by_provider.get(ANY, 0))


@dataclass(frozen=True, slots=True)
class Wish:
    """A mail that could go now; `queued` if it was put off before and has waited for its turn."""

    provider: str
    queued: bool = False


@dataclass(slots=True)
class Drawn:
    """What may go, by its place among the wishes, and what may go when.

    What is in neither has to wait until `not_before`, with all other mail.
    """

    go: list[int] = field(default_factory=list)
    later: dict[int, datetime] = field(default_factory=dict)
    not_before: datetime | None = None


def draw(limits: Limits, wishes: Sequence[Wish], *, has_allowance: bool) -> Drawn:
    """Take a token for each of the wishes, as far as there are any; a transaction of its own.

    Mail with `has_allowance` counts against what a new sender may send on a day.
    """
    limited = {wish.provider for wish in wishes if limits.of(wish.provider)}
    with edge.step():
        rows = lanes.locked({RELAY, *limited})
        bucket = _Bucket(rows[RELAY], limits.overall, limits.burst)
        drawn = Drawn()
        most = min(len(wishes), bucket.tokens, _left_today(rows[RELAY], limits, has_allowance))
        _share(
            wishes[:most], {p: _Bucket(rows[p], limits.of(p), limits.burst) for p in limited}, drawn
        )
        bucket.spend(len(drawn.go))
        rows[RELAY].on_day += len(drawn.go)
        if most < len(wishes):
            drawn.not_before = _when_more(rows[RELAY], bucket, limits, has_allowance)
    return drawn


def give_back(limits: Limits, unused: Mapping[str, int]) -> None:
    """Put tokens back that were drawn for mails which did not leave after all."""
    limited = {provider for provider in unused if limits.of(provider)}
    with edge.step():
        rows = lanes.locked({RELAY, *limited})
        for provider in limited:
            _Bucket(rows[provider], limits.of(provider), limits.burst).spend(-unused[provider])
        total = sum(unused.values())
        _Bucket(rows[RELAY], limits.overall, limits.burst).spend(-total)
        rows[RELAY].on_day = max(0, rows[RELAY].on_day - total)


class _Bucket:
    """The tokens of one lane; a rate of zero has as many as one likes."""

    def __init__(self, lane: Lane, rate: float, burst: float) -> None:
        self.lane = lane
        self.rate = rate
        self._now = clock.now()
        self._length = timedelta(seconds=max(burst, 1 / rate)) if rate else timedelta()
        full = self._now - self._length
        self._spent = max(lane.spent_until or full, full)

    @property
    def tokens(self) -> int:
        if not self.rate:
            return 1_000_000
        return max(0, int((self._now - self._spent).total_seconds() * self.rate + 1e-6))

    @property
    def next_at(self) -> datetime:
        """When there is a token again."""
        return max(self._now, self._spent + timedelta(seconds=1 / self.rate))

    @property
    def has_queue(self) -> bool:
        """Whether others were put off whose turn comes first."""
        return self.lane.queued_until is not None and self.lane.queued_until > self._now

    def spend(self, number: int) -> None:
        if self.rate and number:
            self._spent += timedelta(seconds=number / self.rate)
            self.lane.spent_until = self._spent

    def queue(self, places: Sequence[int]) -> Mapping[int, datetime]:
        """When each of these has its turn, after all who wait; a bucketful comes at once."""
        begin = max(self._now, self._spent, self.lane.queued_until or self._now)
        full = max(1, int(self._length.total_seconds() * self.rate))
        turns = {
            place: begin
            + timedelta(seconds=min(nth // full * full + full, len(places)) / self.rate)
            for nth, place in enumerate(places)
        }
        self.lane.queued_until = max(turns.values())
        return turns


def _share(wishes: Sequence[Wish], buckets: Mapping[str, _Bucket], drawn: Drawn) -> None:
    """Let go whom their provider's bucket has a token for, and put off the others."""
    put_off: dict[str, list[int]] = defaultdict(list)
    tokens: Counter[str] = Counter({p: bucket.tokens for p, bucket in buckets.items()})
    held = {provider for provider, bucket in buckets.items() if bucket.has_queue}
    for place, wish in sorted(enumerate(wishes), key=lambda pair: not pair[1].queued):
        bucket = buckets.get(wish.provider)
        if bucket is None or (tokens[wish.provider] and (wish.queued or wish.provider not in held)):
            tokens[wish.provider] -= 1
            drawn.go.append(place)
            if bucket is not None:
                bucket.spend(1)
        else:
            put_off[wish.provider].append(place)
    drawn.go.sort()
    for provider, places in put_off.items():
        drawn.later.update(buckets[provider].queue(places))


def _left_today(lane: Lane, limits: Limits, has_allowance: bool) -> int:
    today = warm_up.day_of(clock.now())
    if lane.day != today:
        lane.day, lane.on_day = today, 0
    most = warm_up.allowance(today)
    if not (limits.warms_up and has_allowance) or most is None:
        return 1_000_000
    return max(0, most - lane.on_day)


def _when_more(lane: Lane, bucket: _Bucket, limits: Limits, has_allowance: bool) -> datetime:
    if _left_today(lane, limits, has_allowance) == 0:
        return warm_up.begin_of(warm_up.day_of(clock.now()) + timedelta(days=1))
    return bucket.next_at
