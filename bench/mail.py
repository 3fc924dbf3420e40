"""How fast 20,000 different digests of 12 KB leave, beside Postfix's smtp-source and smtplib.

Those two only send bytes that were made before. All talk to the same local relay, in turns.
Celery's two worker processes take their work from Redis, as in production; the engine alone is one
process without Celery, on PostgreSQL and on SQLite.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import mean, median

import tasks
from app.mail.wire import Envelope
from bench import digests, engine, ground, programs, relays, world
from bench.digests import Sent
from bench.figures import Figure
from bench.ground import Ground
from bench.programs import WORKERS, Program
from tests.services.smtp_sink import SmtpSink

ROUNDS = 3
FEW_ALLIANCES = 6
"""A tenth of all: 2,000 people."""
PLAIN_MAILS = 2_500
SOURCE_MAILS = 10_000
DIFFERENT_MAILS = 500
PATIENCE = 120.0


@dataclass(frozen=True)
class Rates:
    """Mails a second of the programs that we are measured against; the second where we have it."""

    smtplib: float
    source: float | None


@dataclass(frozen=True)
class Floor:
    """What sends bytes of a digest's size to the same relay."""

    sink: SmtpSink
    prepared: Sequence[Envelope]

    @property
    def size(self) -> int:
        return round(mean(len(envelope.data) for envelope in self.prepared))

    def rates(self) -> Rates:
        return Rates(
            relays.plain_rate(self.sink, self.prepared, PLAIN_MAILS),
            relays.source_rate(self.sink, self.size, SOURCE_MAILS),
        )


@dataclass(frozen=True)
class Turns:
    """Digests between runs of the floor."""

    floors: list[Rates]
    sent: list[Sent]

    def figures(self, name: str, *, smtplib: str = "", source: str = "") -> Iterator[Figure]:
        """The digest beside each of the floors, with the goals for it."""
        yield self._figure(f"{name}, to smtplib", [each.smtplib for each in self.floors], smtplib)
        sources = [each.source for each in self.floors if each.source is not None]
        if len(sources) == len(self.floors):
            yield self._figure(f"{name}, to smtp-source", sources, source)

    def _figure(self, name: str, floors: list[float], goal: str) -> Figure:
        """The ratio is the median of each digest's rate to the mean of the floors around it."""
        around = zip(self.sent, floors, floors[1:], strict=False)
        ratio = median(sent.rate / mean(both) for sent, *both in around)
        rate = median(sent.rate for sent in self.sent)
        return Figure(name, rate, "mails/s", median(floors), ratio, goal)


def measure(prepared: Ground) -> Iterator[Figure]:
    with relay(prepared) as sink:
        environment = prepared.environment | {"SMTP_URL": sink.url, "LOG_LEVEL": "WARNING"}
        with prepared.app.app_context():
            floor = yield from _by_celery(prepared, sink, environment)
            yield from _by_one(environment, floor)
        yield from _on_sqlite(prepared, sink, floor)


@contextmanager
def relay(prepared: Ground) -> Iterator[SmtpSink]:
    """The relay that everything is sent to, and the program's tasks by name."""
    sink = SmtpSink(prepared.run.new_folder("sink"))
    sink.start()
    tasks.bind(prepared.app)
    tasks.celery.loader.import_default_modules()
    try:
        yield sink
    finally:
        sink.stop()


def _by_celery(
    prepared: Ground, sink: SmtpSink, environment: Mapping[str, str]
) -> Generator[Figure, None, Floor]:
    with _workers(prepared, environment) as workers:
        first = _by_workers(FEW_ALLIANCES)
        memory = workers.memory()
        floor = Floor(sink, digests.prepared(first, DIFFERENT_MAILS))
        yield Figure("size of a digest", floor.size / 1024, "KB", goal="≥ 12")
        before = workers.cpu(), prepared.cpu()
        turns = _taking_turns(floor, lambda: _by_workers(0))
        after = workers.cpu(), prepared.cpu()
        yield from turns.figures(
            f"digest by {WORKERS} Celery workers", smtplib="≥ 2", source="≥ 0.8"
        )
        mails = sum(sent.people for sent in turns.sent)
        for name, begin, end in zip(("the workers", "PostgreSQL"), before, after, strict=True):
            yield Figure(f"processor time of {name}", (end - begin) / mails * 1e6, "µs a mail")
        yield from _memory("Celery worker", memory, workers.memory())
    return floor


def _by_one(environment: Mapping[str, str], floor: Floor) -> Iterator[Figure]:
    few = _alone(environment, FEW_ALLIANCES)
    worked: list[engine.Worked] = []
    turns = _taking_turns(floor, lambda: _by_engine(environment, worked))
    yield from turns.figures("digest by the engine alone, one process", smtplib="≥ 1")
    yield Figure("expanding a digest for everybody", median(w.expanding for w in worked), "s")
    yield from _memory("engine alone", few.memory, max(w.memory for w in worked))


def _on_sqlite(prepared: Ground, sink: SmtpSink, floor: Floor) -> Iterator[Figure]:
    url = f"sqlite:///{prepared.run.new_folder('sqlite')}/whereas.db"
    with ground.beside(prepared, url) as small, small.app.app_context():
        world.fill()
        world.analyze()
        environment = small.environment | {"SMTP_URL": sink.url, "LOG_LEVEL": "WARNING"}
        worked: list[engine.Worked] = []
        turns = _taking_turns(floor, lambda: _by_engine(environment, worked))
        yield from turns.figures("digest on SQLite, one process", source="≥ 0.4")
        cost = median(w.cpu / w.mails for w in worked) * 1e6
        yield Figure("processor time of the process on SQLite", cost, "µs a mail")


@contextmanager
def _workers(prepared: Ground, environment: Mapping[str, str]) -> Iterator[Program]:
    arguments = ["-A", "tasks", "worker", "--concurrency", str(WORKERS), "--loglevel", "WARNING"]
    log = prepared.logs / "celery.log"
    with programs.started("celery", arguments, environment, log) as process:
        yield Program(process)


def _taking_turns(floor: Floor, digest: Callable[[], int]) -> Turns:
    floors, sent = [floor.rates()], []
    for _ in range(ROUNDS):
        sent.append(digests.outcome(digest()))
        floors.append(floor.rates())
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


def _memory(name: str, few: float, all_of_them: float) -> Iterator[Figure]:
    yield Figure(f"memory of {name}, 2,000 people", few, "MB")
    growth = all_of_them / few
    yield Figure(f"memory of {name}, 20,000 people", all_of_them, "MB", few, growth, "≤ 1.1")
