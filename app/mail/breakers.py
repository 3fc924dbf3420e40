"""Receivers that put us off are left alone for a while, by all workers, longer each time.

A provider that refuses several mails in a row rests; then one worker may try a few of its mails,
and the first that is taken ends the rest. Our own relay, when it is away, rests in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

from app.foundation import clock, edge, tokens
from app.foundation.db import db
from app.mail import lanes
from app.mail.models import Lane

PATIENCE = 3
"""Refusals of a provider in a row, before its other people wait, too."""
PROBES = 3
"""Mails that are tried when a rest is over."""
PROBE_TIME = timedelta(seconds=15)
"""How long one worker may take for these, before another tries."""
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(hours=1)

_ADDRESS = re.compile(r"[^\s<>@:;,\"'()]+@([^\s<>@:;,\"'()]+)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A provider that rests, and what it said."""

    until: datetime
    words: str
    since: datetime

    @property
    def is_over(self) -> bool:
        """Whether somebody may try again."""
        return self.until <= clock.now()


def known() -> Mapping[str, Trouble]:
    """All providers with trouble, and the relay under its own name."""
    rows = db.execute(
        select(Lane.provider, Lane.rests_until, Lane.words, Lane.since).where(
            Lane.sender == lanes.sender(), Lane.rests > 0
        )
    )
    return {
        provider: Trouble(until, words, since)
        for provider, until, words, since in rows
        if until is not None and since is not None
    }


def rest(
    provider: str, words: str, *, after_probe: bool = False, until: datetime | None = None
) -> Trouble:
    """Leave a provider alone, half a minute at first; who was put off just now changes nothing."""
    now = clock.now()
    with edge.step():
        lane = lanes.locked({provider})[provider]
        if lane.rests_until is None or lane.rests_until <= now or after_probe:
            lane.rests_until = until or now + _length(lane.rests)
            lane.rests += 1
            lane.since = lane.since or now
            lane.words = masked(words)
        return Trouble(lane.rests_until, lane.words, lane.since or now)


def probe(provider: str) -> bool:
    """Whether we are the one who may try a provider again whose rest is over."""
    now = clock.now()
    with edge.step():
        ours = db.execute(
            update(Lane)
            .where(_is(provider), Lane.rests > 0, Lane.rests_until <= now)
            .values(rests_until=now + PROBE_TIME)
            .returning(Lane.provider)
            .execution_options(synchronize_session=False)
        ).first()
    return ours is not None


def end(provider: str) -> None:
    """It takes mail again."""
    with edge.step():
        db.execute(
            update(Lane)
            .where(_is(provider))
            .values(rests=0, rests_until=None, since=None, words="")
            .execution_options(synchronize_session=False)
        )


def masked(words: str) -> str:
    """What a server said, with the addresses in it made unreadable."""
    return _ADDRESS.sub(r"…@\1", words)


def _is(provider: str) -> ColumnElement[bool]:
    return and_(Lane.sender == lanes.sender(), Lane.provider == provider)


def _length(rests: int) -> timedelta:
    """Half a minute, doubled each time up to an hour, and never the same for all."""
    length: timedelta = min(FIRST_REST * 2 ** min(rests, 10), LONGEST_REST)
    return length * tokens.between(0.75, 1.25)
