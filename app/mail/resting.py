"""How a mailing stands, for pages that ask every two seconds while it goes out.

Copies change while their batch is in a worker's hands. All other batches are counted once and
remembered by this process, so that asking about a million copies reads the few thousand rows of
their batches. What changes in a batch that rests, such as a copy that bounced, is seen within
the minute.
"""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from flask import current_app
from sqlalchemy import select

from app.foundation.db import db
from app.mail import queries
from app.mail.models import Batch, BatchState, Mailing
from app.mail.queries import Counted, Standing

KEPT = 4
GOOD_FOR = 60.0
"""Seconds after which everything is counted anew."""
MOST_NAMED = 2000
"""If more batches have to be counted, all are."""

Version = tuple[BatchState, int]


@dataclass
class _Memory:
    """What was counted of a mailing, by batch, and how the batch stood just before."""

    since: float = field(default_factory=time.monotonic)
    batches: dict[int, tuple[Version, Sequence[Counted]]] = field(default_factory=dict)

    def of(self, number: int, version: Version) -> Sequence[Counted] | None:
        """What is known of a batch; None if it changes just now or changed since."""
        then, counted = self.batches.get(number, (None, ()))
        return counted if then == version and version[0] != BatchState.SENDING else None


def standing(mailing: Mailing) -> Standing:
    """The same numbers as `queries.standing`, some of which may be a minute old."""
    memory = _memory(mailing.id)
    rows = db.execute(
        select(Batch.number, Batch.state, Batch.attempt).where(Batch.mailing_id == mailing.id)
    )
    versions = {number: (state, attempt) for number, state, attempt in rows}
    known = {number: memory.of(number, version) for number, version in versions.items()}
    asked = [number for number, counted in known.items() if counted is None]
    fresh: dict[int, list[Counted]] = defaultdict(list)
    if asked:
        named = asked if len(asked) <= MOST_NAMED else None
        for number, counted in queries.counted(mailing, named):
            fresh[number].append(counted)
    now = {number: fresh[number] if was is None else was for number, was in known.items()}
    memory.batches = {number: (versions[number], now[number]) for number in versions}
    return Standing.of_all(chain.from_iterable(now.values()))


def _memory(mailing_id: int) -> _Memory:
    """Of this process, for the few mailings that it was asked about last."""
    kept: OrderedDict[int, _Memory] = current_app.extensions.setdefault(
        "resting_batches", OrderedDict()
    )
    found = kept.get(mailing_id)
    if found is None or time.monotonic() - found.since > GOOD_FOR:
        kept[mailing_id] = found = _Memory()
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return found
