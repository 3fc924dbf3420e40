"""What the benchmarks say: the table for people, the file for programs, goals reached or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.figures import Figure, table, write


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (Figure("page", 200, "requests/s", 400, 0.5, "≥ 0.4"), True),
        (Figure("page", 100, "requests/s", 400, 0.25, "≥ 0.4"), False),
        (Figure("memory", 110, "MB", goal="≤ 110"), True),
        (Figure("memory", 111, "MB", goal="≤ 110"), False),
        (Figure("start", 3, "s"), None),
    ],
)
def test_a_goal_is_for_the_ratio_where_there_is_one(figure: Figure, reached: bool | None) -> None:
    assert figure.reached is reached


def test_the_table_has_a_line_for_each_figure() -> None:
    lines = table([Figure("page", 200.4, "requests/s", 400, 0.5, "≥ 0.4")]).splitlines()

    assert lines[1].split() == ["page", "200", "requests/s", "400", "0.50", "≥", "0.4", "reached"]


def test_the_file_names_what_was_measured_and_against_what(tmp_path: Path) -> None:
    write([Figure("page", 200, "requests/s", 400, 0.5, "≥ 0.4")], tmp_path / "var" / "bench.json")

    assert json.loads((tmp_path / "var" / "bench.json").read_text()) == [
        {"name": "page", "value": 200, "unit": "requests/s", "baseline": 400, "ratio": 0.5}
    ]
