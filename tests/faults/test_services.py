"""Redis flushed or killed, PostgreSQL killed, two beats: the rows are the queue."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
import redis

from app.foundation.db import database
from tests import databases
from tests.conftest import MakeApp
from tests.faults.stage import WINDOW, Stage, sample
from tests.services import postgres, redis_server
from tests.services.run import Run
from tests.services.smtp import SmtpServer

MANY = 2000


def flush_redis_under_two_of_each(stage: Stage, people: int) -> Counter[str]:
    """Two beats and two workers, as an operator may start them by mistake, and a broker that
    forgets everything three times; how the copies stand after the end."""
    mailing = stage.mailing(people)
    for _ in range(2):
        stage.beat()
        stage.worker(concurrency=2)
    with redis.Redis.from_url(stage.environment["REDIS_URL"]) as client:
        for part in range(1, 4):
            stage.wait_for_mail(people * part // 4)
            client.flushdb()
    stage.wait_for_end()
    return stage.states(mailing)


@sample
def test_a_flushed_redis_and_two_beats_cost_and_double_nothing(stage: Stage) -> None:
    assert flush_redis_under_two_of_each(stage, 300) == {"sent": 300}
    assert (len(stage.copies()), stage.extra(), stage.in_doubt()) == (300, 0, 0)


@pytest.mark.faults
def test_a_flushed_redis_and_two_beats_cost_and_double_nothing_of_many(stage: Stage) -> None:
    assert flush_redis_under_two_of_each(stage, MANY) == {"sent": MANY}
    assert (len(stage.copies()), stage.extra(), stage.in_doubt()) == (MANY, 0, 0)


@pytest.mark.faults
def test_a_killed_redis_loses_nothing(stage: Stage, run: Run) -> None:
    server = redis_server.Redis(run.new_folder("redis"), keep=True)
    server.start()
    stage.environment["REDIS_URL"] = server.url
    mailing = stage.mailing(MANY)
    stage.beat()
    stage.worker()
    stage.wait_for_mail(MANY // 4)
    server.kill()
    time.sleep(2)
    server.start()
    stage.wait_for_end()
    server.stop()
    assert stage.states(mailing) == {"sent": MANY}
    assert len(stage.copies()) == MANY
    assert stage.extra() <= WINDOW


@pytest.mark.faults
def test_a_redis_that_hangs_for_a_while_loses_nothing(stage: Stage, run: Run) -> None:
    """Nobody refuses a connection, nobody answers."""
    server = redis_server.Redis(run.new_folder("redis"), keep=True)
    server.start()
    stage.environment["REDIS_URL"] = server.url
    mailing = stage.mailing(MANY)
    stage.beat()
    stage.worker()
    stage.wait_for_mail(MANY // 4)
    os.kill(server.pid, signal.SIGSTOP)
    time.sleep(15)
    os.kill(server.pid, signal.SIGCONT)
    stage.wait_for_end()
    server.stop()
    assert stage.states(mailing) == {"sent": MANY}
    assert (len(stage.copies()), stage.extra(), stage.in_doubt()) == (MANY, 0, 0)


@pytest.mark.faults
def test_a_killed_postgresql_loses_nothing(
    lend_app: MakeApp, run: Run, redis_url: str, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    server = postgres.Postgres(run.new_folder("pg") / "server")
    server.create()
    server.start()
    url = postgres.recreate(server.url, "whereas")
    databases.migrate(url, tmp_path)
    environment = {
        "WHEREAS_ENV": "test",
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SMTP_URL": smtp_server.url,
        "VAR_DIR": str(tmp_path),
    }
    app = lend_app(DATABASE_URL=url)
    stage = Stage(app, smtp_server, environment)
    with app.app_context():
        mailing = stage.mailing(MANY)
        database().engine.dispose()
        stage.beat()
        stage.worker()
        stage.wait_for_mail(MANY // 4)
        server.kill()
        time.sleep(2)
        server.start()
        stage.wait_for_end()
        stage.close()
        assert stage.states(mailing) == {"sent": MANY}
        assert len(stage.copies()) == MANY
        assert stage.extra() <= WINDOW
        database().engine.dispose()
    server.stop()
