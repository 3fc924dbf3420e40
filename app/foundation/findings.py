"""Lines of a check: what stands, what could be better, what must be mended, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import click


class Level(StrEnum):
    """How a finding stands; `fail` is what must be mended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    level: Level
    about: str
    sentence: str


def ok(about: str, sentence: str) -> Finding:
    return Finding(Level.OK, about, sentence)


def warn(about: str, sentence: str) -> Finding:
    return Finding(Level.WARN, about, sentence)


def fail(about: str, sentence: str) -> Finding:
    return Finding(Level.FAIL, about, sentence)


def tell(findings: Iterable[Finding]) -> int:
    """Print each finding; how many failed."""
    failed = 0
    for finding in findings:
        click.echo(f"{finding.level:<5} {finding.about}: {finding.sentence}")
        failed += finding.level == Level.FAIL
    return failed
