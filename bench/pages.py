"""How many pages and sign-ups a second two gunicorn workers serve, beside the bare floor.

Floor and pages take turns in short rounds, so that whatever else the machine does meets both; a
ratio is the median of the ratios of the rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import mean, median

from bench import load, programs, world
from bench.figures import Figure
from bench.ground import Ground
from bench.load import Load, Served
from bench.programs import Program

ROUNDS = 5
SECONDS = 1.2
WARM_UP = 1.0
MEMORY_GOAL = "≤ 110"


@dataclass(frozen=True)
class Page:
    """Something that visitors ask for; `form` is sent after each page."""

    name: str
    paths: list[str]
    goal: str = ""
    form: dict[str, str] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset({"GET 200"})


BARE = Page("floor: bare Flask page, one query", ["/"])
FASTEST = Page("floor without a transaction", ["/autocommit"])


class WrongAnswer(RuntimeError):
    """A page did not answer as it does for people, so its speed means nothing."""


def measure(ground: Ground) -> Iterator[Figure]:
    with ExitStack() as stack:
        ours = stack.enter_context(
            programs.gunicorn("wsgi:app", ground.environment, ground.logs / "ours.log")
        )
        pages = _pages(ground)
        size = len(programs.get(ours.port, pages[0].paths[0])[1])
        environment = ground.environment | {"FLOOR_BYTES": str(size)}
        floor = stack.enter_context(
            programs.gunicorn("bench.floor:app", environment, ground.logs / "floor.log")
        )
        yield from _rates(ours, floor, pages)
        yield Figure("memory of a web worker", ours.memory(), "MB", goal=MEMORY_GOAL)
        yield Figure("memory of a worker of the floor", floor.memory(), "MB")


def _pages(ground: Ground) -> list[Page]:
    with ground.app.app_context():
        events, alliance = list(world.paths_of_events()), world.path_of_an_alliance()
    return [
        Page("event page", events, "≥ 0.4"),
        Page(
            "sign-up of a visitor",
            events,
            "≥ 0.4",
            form={"zip": "10017"},
            statuses=frozenset({"GET 200", "POST 200"}),
        ),
        Page("list of events", ["/events/"]),
        Page("alliance page", [alliance]),
        Page("home", ["/"]),
    ]


def _rates(ours: Program, floor: Program, pages: list[Page]) -> Iterator[Figure]:
    for page in (BARE, FASTEST):
        _serve(floor, page, 0, WARM_UP)
    for page in pages:
        _serve(ours, page, 0, WARM_UP)
    floors: list[float] = []
    rates = defaultdict[str, list[float]](list)
    ratios = defaultdict[str, list[float]](list)
    for series in range(1, ROUNDS + 1):
        for program, page in [(floor, FASTEST), *((ours, page) for page in pages)]:
            before = _serve(floor, BARE, series, SECONDS / 2).rate
            rate = _serve(program, page, series, SECONDS).rate
            floors += (before, _serve(floor, BARE, series, SECONDS / 2).rate)
            rates[page.name].append(rate)
            ratios[page.name].append(rate / mean(floors[-2:]))
    base = median(floors)
    yield Figure(BARE.name, base, "requests/s")
    for page in (FASTEST, *pages):
        rate, ratio = median(rates[page.name]), median(ratios[page.name])
        yield Figure(page.name, rate, "requests/s", base, ratio, page.goal)
        if page.form:
            yield Figure(f"{page.name}, complete", rate / 2, "sign-ups/s")


def _serve(program: Program, page: Page, series: int, seconds: float) -> Served:
    asked = Load(program.port, page.paths, seconds, page.form, "/sign-up", series)
    served = load.run(asked)
    if not page.statuses.issuperset(served.statuses):
        raise WrongAnswer(f"{page.name} answered {served.statuses}")
    return served
