"""What one page costs inside: SQL statements, function calls, bytes."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Iterator

from bench import answers, world
from bench.figures import Figure
from bench.ground import Ground
from tests.statements import count_statements

STATEMENTS = "≤ 4"
CALLS = "≤ 10000"


def measure(ground: Ground) -> Iterator[Figure]:
    with ground.app.app_context():
        event, alliance = world.paths_of_events()[0], world.path_of_an_alliance()
    for name, path, kilobytes in (
        ("event page", event, "≤ 12"),
        ("list of events", "/events/", ""),  # holds mostly people's own text
        ("alliance page", alliance, "≤ 12"),
        ("home", "/", ""),  # holds the map
    ):
        for _ in range(3):  # caches are filled by the first
            answers.get(ground, path)
        with count_statements() as statements:
            size = len(answers.get(ground, path))
        calls = _calls(ground, path)
        yield Figure(f"{name}: statements", len(statements), "", goal=STATEMENTS)
        yield Figure(f"{name}: function calls", calls, "", goal=CALLS)
        yield Figure(f"{name}: HTML", size / 1024, "KB", goal=kilobytes)


def profile(ground: Ground, path: str) -> pstats.Stats:
    """The profile of one answer of a warm app."""
    profiler = cProfile.Profile()
    profiler.enable()
    answers.get(ground, path)
    profiler.disable()
    return pstats.Stats(profiler)


def _calls(ground: Ground, path: str) -> int:
    return int(profile(ground, path).total_calls)  # type: ignore[attr-defined]  # known to run only
