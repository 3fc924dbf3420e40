"""Fixtures that all tests share: settings, both databases, the application, and real servers.

A test that takes `database_url`, `app`, `client` or `db` runs twice: on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from flask import g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import tasks
from app import create_app
from app.foundation.db import database
from app.foundation.db import db as session
from app.foundation.web import Whereas
from tests import databases, network
from tests.apps import Apps
from tests.services import chromium, memory, postgres, redis_server, sqlite
from tests.services.run import Run
from tests.services.smtp import SmtpServer
from tests.services.smtp_sink import SmtpSink

RUN = pytest.StashKey[Run]()
LONG = ("tests/browser/", "tests/shape/", "tests/tasks/", "tests/upkeep/")
MakeApp = Callable[..., Whereas]


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all tests are collected, nothing goes
    memory.use_for_files()
    network.forbid()
    hypothesis.settings.register_profile("whereas", deadline=None, derandomize=True)
    hypothesis.settings.load_profile("whereas")
    shared = getattr(config, "workerinput", {}).get("run")
    config.stash[RUN] = Run(Path(shared)) if shared else Run.begin()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process waits in the end for another's last test."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """Look seldom for what nobody uses any more: half a million things stay for the whole run."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """This test run, which knows the servers."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def worker_id() -> str:
    """Which of the processes of this run it is; also where pytest runs without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "master")


@pytest.fixture(scope="session")
def _postgresql(run: Run, worker_id: str) -> Iterator[tuple[str, postgres.Emptier]]:
    url = databases.new_postgresql(run, worker_id + databases.LASTING)
    emptier = postgres.Emptier(url)
    yield url, emptier
    emptier.close()


@pytest.fixture
def postgresql_url(_postgresql: tuple[str, postgres.Emptier]) -> str:
    """A migrated PostgreSQL database without rows; its numbers begin at 1."""
    url, emptier = _postgresql
    emptier.empty()
    return url


@pytest.fixture(scope="session")
def _sqlite(run: Run, worker_id: str) -> Iterator[sqlite.Emptier]:
    emptier = sqlite.Emptier(databases.sqlite_template(run), worker_id + databases.LASTING)
    yield emptier
    emptier.close()


@pytest.fixture
def sqlite_url(_sqlite: sqlite.Emptier) -> str:
    """A migrated SQLite file without rows; its numbers begin at 1."""
    return _sqlite.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def redis_url(run: Run, worker_id: str) -> str:
    """An empty Redis database that no other process of this run uses."""
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    url = redis_server.with_database(run.redis(), number)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    """What `app` is made from; a module of tests may override this fixture to add to it."""
    return {
        "WHEREAS_ENV": "test",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(tmp_path / "var"),
        "BASE_URL": "http://localhost",
        "SITE_NAME": "Coalition for Justice",
        "PASSWORD_MEMORY": "1",
    }


@pytest.fixture(scope="session")
def _celery(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let Celery read its settings once, from an app without Redis, whatever test comes first."""
    var = tmp_path_factory.mktemp("celery")
    tasks.bind(create_app({"WHEREAS_ENV": "test", "VAR_DIR": str(var)}))
    tasks.celery.loader.import_default_modules()
    assert tasks.celery.conf.broker_url.startswith("memory://")


@pytest.fixture
def make_app(settings: dict[str, str], _celery: None) -> Iterator[MakeApp]:
    """Make applications anew, for tests that add a route to one: others go on using `app`."""
    made = []

    def make(**more: str) -> Whereas:
        made.append(create_app(settings | more))
        tasks.bind(made[-1])
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            database().engine.dispose()


@pytest.fixture(scope="session")
def apps(_celery: None) -> Apps:
    """What lends applications to tests."""
    return Apps()


@pytest.fixture
def lend_app(settings: dict[str, str], apps: Apps) -> Iterator[MakeApp]:
    """Further applications whose settings differ: `lend_app(SMTP_URL=smtp_server.url)`."""
    with ExitStack() as lent:
        yield lambda **more: lent.enter_context(apps.lend(settings | more))


@pytest.fixture
def app(settings: dict[str, str], apps: Apps) -> Iterator[Whereas]:
    """The application on the test's own database."""
    with apps.lend(settings) as app:
        yield app


@pytest.fixture
def db(app: Whereas) -> Iterator[Session]:
    """The session of the test itself, in an app context that lasts as long as the test."""
    with app.app_context():
        yield session


class Client(FlaskClient):
    """Before a request what the test wrote is committed, and after it everything is read anew.

    Without this the test's own open transaction would lock the request out, or hide its outcome.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if g and "session" in g:
            session.commit()
            session.expire_all()
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Whereas) -> FlaskClient:
    """A browser without JavaScript; it keeps cookies and follows nothing by itself."""
    app.test_client_class = Client
    return app.test_client()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail relay that keeps every message and misbehaves on demand."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp_sink(run: Run) -> Iterator[SmtpSink]:
    """Postfix's fast relay, not started: set `record` or `options` first, then `start()`."""
    sink = SmtpSink(run.new_folder("sink"))
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program."""
    return chromium.path()
