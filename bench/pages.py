"""How many pages and sign-ups a second two gunicorn workers serve, beside the bare floor.

Each page is made anew for each request, but for the rows that say "kept": these ask a program that
keeps the pages of visitors for PAGE_SECONDS, as it does by itself.

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
GOALS = dict.fromkeys(
    ("event page", "sign-up of a visitor", "sign-up of a visitor, page kept"), "≥ 0.4"
) | {"event page, kept": "≥ 0.6"}


@dataclass(frozen=True)
class Page:
    """Something that visitors ask for; `form` is sent after each page."""

    name: str
    paths: list[str]
    form: dict[str, str] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset({"GET 200"})


@dataclass(frozen=True)
class Contest:
    """A program that serves a page, and the page of the floor that it is measured by."""

    program: Program
    page: Page
    floor: Page
    goal: str = ""


BARE = Page("floor: bare Flask page, one query", ["/"])
FASTEST = Page("floor without a transaction", ["/autocommit"])
STORED = Page("floor: stored bytes, no query", ["/stored"])


class WrongAnswer(RuntimeError):
    """A page did not answer as it does for people, so its speed means nothing."""


def measure(ground: Ground) -> Iterator[Figure]:
    with ExitStack() as stack:

        def served(app: str, name: str, **settings: str) -> Program:
            environment = ground.environment | settings
            log = ground.logs / f"{name}.log"
            return stack.enter_context(programs.gunicorn(app, environment, log))

        ours = served("wsgi:app", "ours")
        keeping = served("wsgi:app", "keeping", PAGE_SECONDS="2")
        anew, kept = _pages(ground)
        size = len(programs.get(ours.port, anew[0].paths[0])[1])
        floor = served("bench.floor:app", "floor", FLOOR_BYTES=str(size))
        contests = [
            Contest(floor, FASTEST, BARE),
            Contest(floor, STORED, BARE),
            *(Contest(ours, page, BARE, GOALS.get(page.name, "")) for page in anew),
            *(Contest(keeping, page, BARE, GOALS.get(page.name, "")) for page in kept),
            Contest(keeping, kept[0], STORED, "≥ 0.6"),
        ]
        yield from rates(floor, contests)
        yield Figure("memory of a web worker", keeping.memory(), "MB", goal=MEMORY_GOAL)
        yield Figure("memory of a worker of the floor", floor.memory(), "MB")


def _pages(ground: Ground) -> tuple[list[Page], list[Page]]:
    """What is made anew, and what is kept."""
    with ground.app.app_context():
        events, alliance = list(world.paths_of_events()), world.path_of_an_alliance()
    form, statuses = {"zip": "10017"}, frozenset({"GET 200", "POST 200"})
    anew = [
        Page("event page", events),
        Page("sign-up of a visitor", events, form, statuses),
        Page("list of events", ["/events/"]),
        Page("directory", ["/alliances/"]),
        Page("alliance page", [alliance]),
        Page("home", ["/"]),
    ]
    kept = [
        Page("event page, kept", events),
        Page("sign-up of a visitor, page kept", events, form, statuses),
    ]
    return anew, kept


def rates(floor: Program, contests: list[Contest]) -> Iterator[Figure]:
    """The pages of contests and the floor in turn."""
    _serve(floor, BARE, 0, WARM_UP)
    for contest in contests:
        _serve(contest.program, contest.page, 0, WARM_UP)
    floors = defaultdict[str, list[float]](list)
    reached = defaultdict[tuple[str, str], list[float]](list)
    ratios = defaultdict[tuple[str, str], list[float]](list)
    for series in range(1, ROUNDS + 1):
        for number, contest in enumerate(contests):
            of = floors[contest.floor.name]
            of.append(_serve(floor, contest.floor, series, SECONDS / 2).rate)
            rate = _serve(contest.program, contest.page, number * 9 + series, SECONDS).rate
            of.append(_serve(floor, contest.floor, series, SECONDS / 2).rate)
            key = contest.page.name, contest.floor.name
            reached[key].append(rate)
            ratios[key].append(rate / mean(of[-2:]))
    yield Figure(BARE.name, median(floors[BARE.name]), "requests/s")
    for contest in contests:
        page, base = contest.page, contest.floor.name
        rate, ratio = (median(of[page.name, base]) for of in (reached, ratios))
        name = page.name if contest.floor is BARE else f"{page.name}, to stored bytes"
        yield Figure(name, rate, "requests/s", median(floors[base]), ratio, contest.goal)
        if page.form:
            yield Figure(f"{page.name}, complete", rate / 2, "sign-ups/s")


def _serve(program: Program, page: Page, series: int, seconds: float) -> Served:
    asked = Load(program.port, page.paths, seconds, page.form, "/sign-up", series)
    served = load.run(asked)
    if not page.statuses.issuperset(served.statuses):
        raise WrongAnswer(f"{page.name} answered {served.statuses}")
    return served
