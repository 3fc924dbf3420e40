"""What is queued by name exists as a task, and what exists is woken by somebody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

import tasks
from tasks.schedule import entries
from tests.shape.sources import calls, python_files, short

QUEUES = re.compile(r"(^|\.)(after_commit|publish)$")


def queued() -> Iterator[tuple[str, str]]:
    """Each name that is queued, and the file that does it."""
    for file in python_files("app", "tasks"):
        for call, name in calls(file):
            if QUEUES.search(name) and call.args and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value, short(file)


@pytest.fixture
def ours(app) -> set[str]:
    tasks.bind(app)
    tasks.celery.loader.import_default_modules()
    return {name for name in tasks.celery.tasks if not name.startswith("celery.")}


def scheduled() -> set[str]:
    return {entry["task"] for entry in entries(10).values()}


def test_each_queued_name_is_a_task(ours: set[str]) -> None:
    assert {name for name, _file in queued()} - ours == set()


def test_each_scheduled_name_is_a_task(ours: set[str]) -> None:
    assert scheduled() - ours == set()


def test_each_task_is_woken_by_the_schedule_or_by_a_commit(ours: set[str]) -> None:
    assert ours - scheduled() - {name for name, _file in queued()} == set()


def test_names_are_queued_as_literals() -> None:
    """A name made at run time could not be checked here."""
    computed = [
        f"{short(file)}: {ast.unparse(call)}"
        for file in python_files("app", "tasks")
        for call, name in calls(file)
        if name.endswith("after_commit") and not isinstance(call.args[0], ast.Constant)
    ]
    assert computed == []
