"""Pages asked for in this process, as a proxy would, and how long one of many takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.ground import Ground
from bench.load import HOST

TIMES = 40


def get(ground: Ground, path: str) -> bytes:
    """What a page holds."""
    headers = Headers({"Host": HOST, "X-Forwarded-Proto": "https"})
    environ = EnvironBuilder(path, headers=headers).get_environ()
    body, status, _headers = run_wsgi_app(ground.app, environ, buffered=True)
    assert status == "200 OK", f"{path} answered {status}"
    return b"".join(body)


def milliseconds(ask: Callable[[], object]) -> float:
    """The median of many, after some that fill what is kept."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken[TIMES // 6 :])
