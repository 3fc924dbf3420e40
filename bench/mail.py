"""How fast a digest of 20,000 different people leaves, beside smtplib that only sends bytes.

Both talk to the same local relay, in turns. Celery's two worker processes take their work from
Redis, as in production; the engine alone is one process without Celery.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import mean, median

import tasks
from app.mail.wire import Envelope
from bench import digests, engine, programs, relays
from bench.digests import Sent
from bench.figures import Figure
from bench.ground import Ground
from bench.programs import WORKERS, Program
from tests.services.smtp_sink import SmtpSink

ROUNDS = 2
FEW_ALLIANCES = 6
"""A tenth of all: 2,000 people."""
PLAIN_MAILS = 2_500
DIFFERENT_MAILS = 500
PATIENCE = 120.0


@dataclass(frozen=True)
class Floor:
    """smtplib with some of the very bytes that the digest consists of."""

    sink: SmtpSink
    prepared: Sequence[Envelope]

    @property
    def size(self) -> int:
        return round(mean(len(envelope.data) for envelope in self.prepared))

    def rate(self) -> float:
        return relays.plain_rate(self.sink, self.prepared, PLAIN_MAILS)


@dataclass(frozen=True)
class Turns:
    """Digests between runs of the floor."""

    floors: list[float]
    sent: list[Sent]

    @property
    def rate(self) -> float:
        return median(sent.rate for sent in self.sent)

    @property
    def ratio(self) -> float:
        """The median of each digest's rate to the mean of the floors around it."""
        around = zip(self.sent, self.floors, self.floors[1:], strict=False)
        return median(sent.rate / mean(floors) for sent, *floors in around)


def measure(ground: Ground) -> Iterator[Figure]:
    sink = SmtpSink(ground.run.new_folder("sink"))
    sink.start()
    environment = ground.environment | {"SMTP_URL": sink.url, "LOG_LEVEL": "WARNING"}
    tasks.bind(ground.app)
    tasks.celery.loader.import_default_modules()
    try:
        with ground.app.app_context():
            yield from _measured(ground, sink, environment)
    finally:
        sink.stop()


def _measured(ground: Ground, sink: SmtpSink, environment: Mapping[str, str]) -> Iterator[Figure]:
    with _workers(ground, environment) as workers:
        first = _by_workers(FEW_ALLIANCES)
        memory = workers.memory()
        floor = Floor(sink, digests.prepared(first, DIFFERENT_MAILS))
        yield Figure("size of a digest", floor.size / 1024, "KB")
        turns = _taking_turns(floor, lambda: _by_workers(0))
        yield Figure("smtplib, prepared bytes", median(turns.floors), "mails/s")
        yield _figure(f"digest by {WORKERS} Celery workers", turns, "≥ 1")
        yield from _memory("Celery worker", memory, workers.memory())
    few = _alone(environment, FEW_ALLIANCES)
    worked: list[engine.Worked] = []
    turns = _taking_turns(floor, lambda: _by_engine(environment, worked))
    yield _figure("digest by the engine alone, one process", turns, "≥ 1")
    yield Figure("expanding a digest for everybody", median(w.expanding for w in worked), "s")
    yield from _memory("engine alone", few.memory, max(w.memory for w in worked))
    by_c = relays.source_rate(sink, floor.size, 4 * PLAIN_MAILS)
    if by_c is not None:
        yield Figure("smtp-source (C), two sessions", by_c, "mails/s")


@contextmanager
def _workers(ground: Ground, environment: Mapping[str, str]) -> Iterator[Program]:
    arguments = ["-A", "tasks", "worker", "--concurrency", str(WORKERS), "--loglevel", "WARNING"]
    log = ground.logs / "celery.log"
    with programs.started("celery", arguments, environment, log) as process:
        yield Program(process)


def _taking_turns(floor: Floor, digest: Callable[[], int]) -> Turns:
    floors, sent = [floor.rate()], []
    for _ in range(ROUNDS):
        sent.append(digests.outcome(digest()))
        floors.append(floor.rate())
    return Turns(floors, sent)


def _by_workers(alliances: int) -> int:
    """Let the workers send a digest, and wait for its end."""
    mailing_id = digests.send(alliances)
    deadline = time.monotonic() + PATIENCE
    while not digests.is_over(mailing_id):
        if time.monotonic() > deadline:
            raise digests.NotSent(f"mailing {mailing_id} took longer than {PATIENCE:g} s")
        time.sleep(0.1)
    return mailing_id


def _by_engine(environment: Mapping[str, str], worked: list[engine.Worked]) -> int:
    mailing_id = digests.send()
    worked.append(engine.run(environment))
    return mailing_id


def _alone(environment: Mapping[str, str], alliances: int) -> engine.Worked:
    digests.send(alliances)
    return engine.run(environment)


def _figure(name: str, turns: Turns, goal: str) -> Figure:
    return Figure(name, turns.rate, "mails/s", median(turns.floors), turns.ratio, goal)


def _memory(name: str, few: float, all_of_them: float) -> Iterator[Figure]:
    yield Figure(f"memory of {name}, 2,000 people", few, "MB")
    growth = all_of_them / few
    yield Figure(f"memory of {name}, 20,000 people", all_of_them, "MB", few, growth, "≤ 1.1")
