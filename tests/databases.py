"""Databases for the tests: migrated once for each run, then given fresh to each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import URL, event, make_url

from app import create_app
from app.foundation.db import Database, database
from app.foundation.migrate import alembic_config
from tests.services import postgres
from tests.services.run import Run

LASTING = "_lasting"
"""How the name of a database ends that is there for a whole run."""


def migrate(url: str, var: Path, revision: str = "head") -> None:
    """Bring the database at `url` to a revision, as `flask db upgrade` does."""
    app = create_app({"WHEREAS_ENV": "test", "DATABASE_URL": url, "VAR_DIR": str(var)})
    with app.app_context():
        command.upgrade(alembic_config(), revision)
        database().engine.dispose()


def new_sqlite(run: Run, file: Path) -> str:
    """A migrated SQLite file."""
    shutil.copyfile(sqlite_template(run), file)
    return f"sqlite:///{file}"


def sqlite_template(run: Run) -> Path:
    """A migrated file to copy from."""
    return Path(run.once("sqlite_template", lambda: _sqlite_template(run)))


def _sqlite_template(run: Run) -> str:
    file = run.folder / "template.db"
    migrate(f"sqlite:///{file}", run.folder)
    return str(file)


def new_postgresql(run: Run, name: str) -> str:
    """A migrated database on the run's PostgreSQL server."""
    template = run.once("postgresql_template", lambda: _postgresql_template(run))
    return postgres.recreate(run.postgres(), f"{run.prefix}_{name}", template)


def _postgresql_template(run: Run) -> str:
    name = f"{run.prefix}_template"
    migrate(postgres.recreate(run.postgres(), name), run.folder)
    return name


class Engines:
    """The engine of each kind of database, kept for all tests, so that what one of them compiled
    need not be compiled again; it connects to the database of the test that runs.

    Connections stay where that database does: making them takes longer than most tests.
    """

    def __init__(self) -> None:
        self._known: dict[str, Database] = {}
        self._at: dict[str, URL] = {}

    def going_to(self, address: str) -> Database:
        url = make_url(address)
        kind = url.get_backend_name()
        if kind in self._known and self._at[kind] != url:
            self._known[kind].engine.dispose()
        if kind not in self._known:
            self._known[kind] = Database(address)
            # Thousands of tests say more than the 500 statements that are kept otherwise.
            self._known[kind].engine._compiled_cache.capacity = 5000
            event.listen(self._known[kind].engine, "do_connect", self._go)
            if kind == "sqlite":
                event.listen(self._known[kind].engine, "connect", _spare_the_disk)
        self._at[kind] = url
        return self._known[kind]

    def rest(self) -> None:
        """Let go of what the next test does not use, too."""
        for kind, url in self._at.items():
            if not str(url.database).endswith(LASTING):
                self._known[kind].engine.dispose()

    def _go(
        self, dialect: Any, _entry: object, arguments: list[Any], named: dict[str, Any]
    ) -> None:
        first, more = dialect.create_connect_args(self._at[dialect.name])
        arguments[:] = first
        named.update(more)


def _spare_the_disk(connection: Any, _entry: object) -> None:
    """As PostgreSQL's fsync=off: a kill loses nothing all the same, only a power cut would."""
    connection.execute("PRAGMA synchronous=OFF")
