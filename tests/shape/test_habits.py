"""Habits of the code that no linter knows: one place commits, one door to time and to chance."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.shape.sources import Function, calls, python_files, short, tree

COMMITTERS = {"app/foundation/edge.py"}
DOORS = {"app/foundation/clock.py", "app/foundation/tokens.py"}
TIME_AND_CHANCE = re.compile(
    r"^(datetime\.(datetime\.)?(now|utcnow|today)|(datetime\.)?date\.today"
    r"|random\.\w+|uuid\.uuid\w+|uuid4|os\.urandom)$"
)
SKIPS = re.compile(r"pytest\.(mark\.(skip|skipif|xfail)|skip|importorskip|xfail)$")


def calls_named(pattern: str, *folders: str) -> set[str]:
    """The files in which something of this name is called."""
    return {
        short(file)
        for file in python_files(*folders)
        for _call, name in calls(file)
        if re.search(pattern, name)
    }


def asserts(test: ast.AST, helpers: Mapping[str, ast.AST]) -> bool:
    """Whether a test can fail by what it finds, itself or in a helper of its own file."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if re.search(r"raises|assert|expect", name):
                return True
            others = {each: helper for each, helper in helpers.items() if each != name}
            if name in helpers and asserts(helpers[name], others):
                return True
    return False


def silent_tests(module: ast.Module) -> list[str]:
    helpers = {node.name: node for node in module.body if isinstance(node, Function)}
    tests = [name for name in helpers if name.startswith("test_")]
    return [name for name in tests if not asserts(helpers[name], helpers)]


def unittest_mocks(file: Path) -> list[str]:
    return [
        short(file)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and re.search(r"\bmock\b", ast.unparse(node))
    ]


def test_only_the_edge_commits() -> None:
    assert calls_named(r"\.commit$", "app", "tasks") == COMMITTERS


def test_time_and_chance_come_through_one_door() -> None:
    strays = calls_named(TIME_AND_CHANCE.pattern, "app", "tasks") - DOORS
    assert strays == set()


@pytest.mark.parametrize(
    "name", ["datetime.now", "datetime.datetime.now", "date.today", "random.choice", "uuid.uuid4"]
)
def test_the_doors_are_told_from_other_calls(name: str) -> None:
    assert TIME_AND_CHANCE.match(name)
    assert not TIME_AND_CHANCE.match(f"clock.{name}")


def test_each_test_asserts_something() -> None:
    silent = {short(f): names for f in python_files("tests") if (names := silent_tests(tree(f)))}
    assert silent == {}


def test_a_test_without_assertion_is_noticed() -> None:
    source = """
def check(): assert True
def test_nothing(): print(1)
def test_error(): raises(ValueError)
def test_itself(): assert 1 == 1
def test_with_help(): check()
"""
    assert silent_tests(ast.parse(source)) == ["test_nothing"]


def test_no_test_is_skipped() -> None:
    skipped = {
        short(file)
        for file in python_files("tests")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and SKIPS.match(ast.unparse(node))
    }
    assert skipped == set()


def test_nothing_of_ours_is_mocked() -> None:
    assert [mock for file in python_files("tests") for mock in unittest_mocks(file)] == []


def test_each_module_says_what_lives_in_it() -> None:
    silent = [
        short(file)
        for file in python_files("app", "tasks", "seeds", "bench", "config.py", "wsgi.py", "tests")
        if file.read_text().strip() and not ast.get_docstring(tree(file))
    ]
    assert silent == []
