"""A test run shares its servers and leaves nothing behind, even when it is killed."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest
import redis

from tests.services.run import Run
from tests.shape.sources import ROOT

KILLED = """
import os
from tests.services.run import Run
run = Run.begin()
print(run.folder, run.postgres(), run.redis(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_what_is_made_once_is_made_by_the_first_who_asks(run: Run) -> None:
    shared = Run(run.new_folder("shared"))
    answers = [shared.once("answer", lambda number=number: str(number)) for number in (1, 2)]
    assert answers == ["1", "1"]


def test_what_fails_is_tried_again_by_the_next(run: Run) -> None:
    shared = Run(run.new_folder("shared"))
    with pytest.raises(ZeroDivisionError):
        shared.once("answer", lambda: str(1 // 0))
    assert shared.once("answer", lambda: "2") == "2"


def test_servers_of_a_killed_run_are_stopped_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    folder, postgresql, redis_url = killed.stdout.split()
    psycopg.connect(postgresql).close()

    Run.begin().end()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgresql)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(redis_url).ping()
    assert not ROOT.joinpath(folder).exists()
