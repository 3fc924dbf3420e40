"""What one page costs inside: SQL statements, function calls, bytes."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Iterator

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import world
from bench.figures import Figure
from bench.ground import Ground
from bench.load import HOST
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
            _get(ground, path)
        with count_statements() as statements:
            size = _get(ground, path)
        calls = _calls(ground, path)
        yield Figure(f"{name}: statements", len(statements), "", goal=STATEMENTS)
        yield Figure(f"{name}: function calls", calls, "", goal=CALLS)
        yield Figure(f"{name}: HTML", size / 1024, "KB", goal=kilobytes)


def profile(ground: Ground, path: str) -> pstats.Stats:
    """The profile of one answer of a warm app."""
    profiler = cProfile.Profile()
    profiler.enable()
    _get(ground, path)
    profiler.disable()
    return pstats.Stats(profiler)


def _calls(ground: Ground, path: str) -> int:
    return int(profile(ground, path).total_calls)  # type: ignore[attr-defined]  # known to run only


def _get(ground: Ground, path: str) -> int:
    """Ask for a page as a proxy would; how many bytes it has."""
    headers = Headers({"Host": HOST, "X-Forwarded-Proto": "https"})
    environ = EnvironBuilder(path, headers=headers).get_environ()
    body, status, _ = run_wsgi_app(ground.app, environ, buffered=True)
    assert status == "200 OK", f"{path} answered {status}"
    return sum(map(len, body))
