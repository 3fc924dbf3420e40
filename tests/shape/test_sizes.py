"""Small files, short functions: the limits that the project set itself."""

from __future__ import annotations

from collections.abc import Sequence

from tests.shape.sources import PROGRAM, functions, length, python_files, short

LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def percentile(numbers: Sequence[int], part: float) -> int:
    return sorted(numbers)[int(part * (len(numbers) - 1))]


def test_no_file_is_longer_than_500_lines() -> None:
    too_long = {
        short(file): lines
        for file in python_files(*PROGRAM, "tests", "bench")
        if (lines := len(file.read_text().splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = {
        f"{short(file)}:{function.name}": length(function)
        for file in python_files(*PROGRAM, "tests", "bench")
        for function in functions(file)
        if length(function) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_files_are_short_as_a_rule() -> None:
    lines = [len(file.read_text().splitlines()) for file in python_files(*PROGRAM)]
    assert percentile(lines, 0.5) <= 90
    assert percentile(lines, 0.95) <= 300


def test_functions_are_short_as_a_rule() -> None:
    lines = [length(f) for file in python_files(*PROGRAM) for f in functions(file)]
    assert percentile(lines, 0.5) <= 8
    assert percentile(lines, 0.95) <= 30
