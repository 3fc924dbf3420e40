"""How long staff wait for the number of readers while they put conditions together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from sqlalchemy import select

from app.alliances.models import Alliance
from app.digests import audience
from app.digests.audience import Audience
from app.digests.tree import EVERYBODY, Group, Leaf, Match
from app.foundation import edge
from app.foundation.db import db
from bench import ground, world
from bench.figures import Figure
from bench.ground import Ground
from tests.services import postgres

TIMES = 50
ROUNDS = 7
STATES = ["OH", "PA", "NY", "CA", "TX", "FL", "IL", "MI", "GA", "NC"]
COLUMBUS = {"miles": 300, "place": "43215", "city": "Columbus, OH", "point": [39.9671, -83.0044]}


def measure(prepared: Ground) -> Iterator[Figure]:
    """The count of a page that is being clicked together, of a million people on PostgreSQL."""
    url = postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_audiences")
    with ground.beside(prepared, url) as large, large.app.app_context():
        world.fill()
        world.multiply(TIMES)
        world.analyze()
        yield from _counts()


def _counts() -> Iterator[Figure]:
    people, seconds = _counted(EVERYBODY)
    yield Figure(f"counting {people:,} readers without conditions", seconds, "s")
    for name, chosen in _four().items():
        people, seconds = _counted(chosen)
        yield Figure(f"counting {people:,} readers by {name}", seconds, "s", goal="≤ 1")


def _four() -> dict[str, Group]:
    """Four conditions each, with members of half of the alliances."""
    with edge.reading():
        ids = list(db.scalars(select(Alliance.id).order_by(Alliance.id)))
    member = Leaf("alliance", {"alliances": ids[: len(ids) // 2]})
    came = Leaf("attended", {"times": 1, "since": None})
    joined = Leaf("joined", {"since": "2020-01-01"})
    reads = Leaf("language", {"languages": ["en"]})
    near, states = Leaf("distance", COLUMBUS), Leaf("state", {"states": STATES})
    return {
        "four conditions, all of them": Group(
            parts=(member, joined, reads, Group(Match.NONE, (came,)))
        ),
        "four conditions, any of them": Group(Match.ANY, (member, near, states, came)),
    }


def _counted(chosen: Group) -> tuple[int, float]:
    """How many, and the median of the seconds that it takes."""
    seconds = []
    people = 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with edge.reading():
            people = audience.count(Audience(chosen)).people
        seconds.append(time.perf_counter() - began)
    return people, median(seconds)
