"""Programs start here as they do where only `requirements/run.txt` is installed.

Libraries look for others that they can use, and find those of tests and checks: logging alone
takes 8 MB more where import-linter has brought `rich`.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[1] / "requirements"
NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", re.MULTILINE)


def command(module: str, *arguments: str) -> list[str]:
    """What starts `python -m module …` without the packages that production does not have."""
    return [sys.executable, "-m", "bench.lean", ",".join(left_out()), module, *arguments]


@cache
def left_out() -> tuple[str, ...]:
    """The names that can be imported here, and not in production."""
    ours = (_names("test") | _names("check")) - _names("run")
    brought = packages_distributions().items()
    return tuple(sorted(name for name, by in brought if {_plain(each) for each in by} <= ours))


def _names(of: str) -> set[str]:
    return {_plain(name) for name in NAME.findall((REQUIREMENTS / f"{of}.txt").read_text())}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
