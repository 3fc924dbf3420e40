"""`flask db …`: Alembic on the app's own database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask.cli import AppGroup

from app.foundation import revisions
from app.foundation.db import database

group = AppGroup("db", help="Bring the database to the version of the program.")
ROOT = Path(__file__).parents[2]


def alembic_config() -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def refuse_newer() -> None:
    """Raises CommandError for a database whose migrations this program does not all know."""
    with database().reading.connect() as connection:
        misfit = revisions.misfit(connection)
    if misfit == revisions.NEWER:
        raise CommandError(f"The database cannot be migrated. {misfit}")


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Say in one sentence what Alembic refuses, an unknown revision for example."""
    try:
        yield
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@group.command("upgrade")
@click.argument("revision", default="head")
@_told_plainly()
def upgrade(revision: str = "head") -> None:
    """Migrate up, to the newest version unless told otherwise."""
    command.upgrade(alembic_config(), revision)


@group.command("downgrade")
@click.argument("revision")
@_told_plainly()
def downgrade(revision: str) -> None:
    """Migrate down to a revision ("base" is an empty database)."""
    command.downgrade(alembic_config(), revision)


@group.command("check")
@_told_plainly()
def check() -> None:
    """Fail if the models and the migrations differ."""
    command.check(alembic_config())


@group.command("revision")
@click.argument("revision_id")
@click.argument("message")
@_told_plainly()
def revision(revision_id: str, message: str) -> None:
    """Write a new migration from the models: `flask db revision 0002 "add kits"`."""
    command.revision(alembic_config(), message=message, rev_id=revision_id, autogenerate=True)
