"""A measured figure beside what it is compared with and its goal: as a table and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """`ratio` is value to baseline, or the median of the ratios of several rounds.

    The goal is for the ratio if there is one, else for the value: "≥ 0.4" or "≤ 110".
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if not self.goal:
            return None
        sign, limit = self.goal.split()
        figure = self.value if self.ratio is None else self.ratio
        return figure >= float(limit) if sign == "≥" else figure <= float(limit)


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines for people."""
    rows: list[tuple[str, ...]] = [("", "measured", "", "baseline", "ratio", "goal", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def write(figures: Iterable[Figure], file: Path) -> None:
    """The figures as JSON for programs."""
    fields = ("name", "value", "unit", "baseline", "ratio")
    rows = [{field: getattr(figure, field) for field in fields} for figure in figures]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(rows, indent=1) + "\n")


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {None: "", True: "reached", False: "MISSED"}[figure.reached]
    return (
        figure.name,
        _number(figure.value),
        figure.unit,
        _number(figure.baseline),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.goal,
        verdict,
    )


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, value, unit, *rest = (
        cell.ljust(width) if column in (0, 2, 6) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((name, value, unit, *rest)).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"
