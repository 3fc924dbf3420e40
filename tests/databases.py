"""Databases for the tests: migrated once for each run, then given fresh to each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command

from app import create_app
from app.foundation.db import database
from app.foundation.migrate import alembic_config
from tests.services import postgres
from tests.services.run import Run


def migrate(url: str, var: Path, revision: str = "head") -> None:
    """Bring the database at `url` to a revision, as `flask db upgrade` does."""
    app = create_app({"WHEREAS_ENV": "test", "DATABASE_URL": url, "VAR_DIR": str(var)})
    with app.app_context():
        command.upgrade(alembic_config(), revision)
        database().engine.dispose()


def new_sqlite(run: Run, file: Path) -> str:
    """A migrated SQLite file."""
    template = run.once("sqlite_template", lambda: _sqlite_template(run))
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


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
