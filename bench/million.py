"""What a million people cost: expanding, memory, a mail, a count; and many reminders at once.

The people are those of the other measurements, fifty times over, with addresses of their own. Of
the million mails a sample is sent, which is as many as a digest of the others has.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import func, select

from app.events import reminders
from app.foundation import clock, edge
from app.foundation.db import db
from app.mail import engine as mail_engine
from app.mail import mailings
from app.mail.expansion import expand
from app.mail.models import Batch, Delivery
from app.people.models import Purpose
from bench import digests, engine, ground, mail, world
from bench.engine import Worked
from bench.figures import Figure
from bench.ground import Ground
from tests.services import postgres
from tests.services.smtp_sink import SmtpSink

TIMES = 50
SAMPLE = world.PEOPLE
BATCH = 500
EVENTS = 1_000
SIGN_UPS = 100


def measure(prepared: Ground) -> Iterator[Figure]:
    with mail.relay(prepared) as sink:
        with prepared.app.app_context():
            small = _cost(prepared, sink)[0]
        with ground.beside(prepared, _postgresql(prepared)) as large, large.app.app_context():
            _fill()
            yield from _expanding(large, "PostgreSQL", "≤ 15")
            yield from _sample(large, sink, small)
            yield from _reminders()
        url = f"sqlite:///{prepared.run.new_folder('sqlite')}/whereas.db"
        with ground.beside(prepared, url) as embedded, embedded.app.app_context():
            _fill()
            yield from _expanding(embedded, "SQLite", "≤ 5")


def _postgresql(prepared: Ground) -> str:
    return postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_million")


def _fill() -> None:
    world.fill()
    world.multiply(TIMES)
    world.analyze()


def _expanding(of: Ground, name: str, goal: str) -> Iterator[Figure]:
    mailing_id = digests.send()
    before = time.process_time() + of.cpu()
    first = _expand(mailing_id)
    cpu = time.process_time() + of.cpu() - before
    rows = _rows()
    again = _expand(mailing_id)
    if _rows() != rows or rows[0] != TIMES * world.PEOPLE:
        raise digests.NotSent(f"{rows} became {_rows()} when they were expanded again")
    yield Figure(f"expanding a million on {name}", first, "s", goal=goal)
    yield Figure(f"processor time of it on {name}", cpu, "s")
    yield Figure(f"expanding it again on {name}, which changes nothing", again, "s")


def _expand(mailing_id: int) -> float:
    began = time.perf_counter()
    with edge.step():
        expand([mailing_id], BATCH)
    return time.perf_counter() - began


def _rows() -> tuple[int, int]:
    with edge.reading():
        counts = [db.scalar(select(func.count()).select_from(each)) for each in (Delivery, Batch)]
    return counts[0] or 0, counts[1] or 0


def _sample(large: Ground, sink: SmtpSink, small: float) -> Iterator[Figure]:
    world.vacuum()
    cost, worked = _cost(large, sink, expanded=True)
    yield Figure("memory of a worker at a million", worked.memory, "MB", goal="≤ 150")
    name = f"processor time for each of {worked.mails:,} of a million mails, to one of 20,000"
    yield Figure(name, cost, "µs a mail", small, cost / small, "≤ 1.2")


def _cost(of: Ground, sink: SmtpSink, *, expanded: bool = False) -> tuple[float, Worked]:
    """Microseconds of ours and of PostgreSQL's for each mail."""
    if not expanded:
        digests.send()
        mail_engine.sweep()
    environment = of.environment | {"SMTP_URL": sink.url, "LOG_LEVEL": "WARNING"}
    before = of.cpu()
    worked = engine.run(environment, SAMPLE)
    return (worked.cpu + of.cpu() - before) / worked.mails * 1e6, worked


def _reminders() -> Iterator[Figure]:
    """As many events as there may be on one day, all with their reminder in the same minute."""
    for event in world.more_events(EVENTS, SIGN_UPS):
        with edge.step():
            mailings.schedule(
                kind=reminders.KIND,
                purpose=Purpose.EVENTS,
                once=f"bench:{event.id}",
                subject_id=event.id,
                revision=event.revision,
                title=event.title,
                due_at=clock.now(),
            )
    began = time.perf_counter()
    mail_engine.sweep()
    seconds = time.perf_counter() - began
    number = _rows()[0] - TIMES * world.PEOPLE
    if number != EVENTS * SIGN_UPS:
        raise digests.NotSent(f"{number} reminders were queued, not {EVENTS * SIGN_UPS}")
    yield Figure(f"queueing {number:,} reminders of {EVENTS:,} events", seconds, "s", goal="≤ 10")
