"""How long the program takes to start: the web program, and the demo once its world is made."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from bench import programs
from bench.figures import Figure
from bench.ground import ROOT, Ground
from tests.services.processes import free_port, wait_until


def measure(ground: Ground) -> Iterator[Figure]:
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=ground.environment, check=True
    )
    yield Figure("start of the web program", time.monotonic() - started, "s")
    var = ground.folder / "demo"
    environment = {
        name: value for name, value in ground.environment.items() if name not in ground.settings
    }
    environment |= {"VAR_DIR": str(var)}
    yield Figure("demo, first start", _demo(ground, environment), "s", goal="≤ 60")
    yield Figure("demo, second start", _demo(ground, environment), "s", goal="≤ 5")


def _demo(ground: Ground, environment: Mapping[str, str]) -> float:
    """Seconds until the demo answers."""
    port = free_port()
    began = time.monotonic()
    with programs.started(
        "flask", ["demo"], {**environment, "PORT": str(port)}, ground.logs / "demo.log"
    ) as process:
        wait_until(
            lambda: programs.answers(process, port), "the demo's first answer", programs.START
        )
        return time.monotonic() - began
