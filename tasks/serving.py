"""Serving the whole program from one machine, and bringing it to a new version."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import click
from alembic import command
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from waitress.server import create_server

from app.foundation import findings, migrate, mishaps
from app.upkeep import readiness, shelf
from tasks import embedded, supervisor

THREADS = 8


def listening(app: Any) -> Callable[[], None]:
    """Listen, and serve when called; says in one sentence if somebody else has the port."""
    host, port = app.config["HOST"], app.config["PORT"]
    try:
        server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(
            f"Port {port} is taken by another program; set PORT, for example {port + 1}."
        ) from None
    return server.run


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Run web, worker and beat in one process that is kept alive, for a small machine."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the app itself goes to the server
    if supervisor.CHILD in os.environ:
        _serve(app)
        return
    app.extensions["database"].engine.connect().close()  # rather told now than on every page
    pid = _pid_file()
    pid.parent.mkdir(parents=True, exist_ok=True)
    pid.write_text(str(os.getpid()))
    host, port = app.config["HOST"], app.config["PORT"]
    click.echo(f"{app.config['SITE_NAME']} listens on {host}:{port}.")
    supervisor.become(pid.absolute(), (host, port), urlsplit(app.config["BASE_URL"]).netloc)


def _serve(app: Any) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run = listening(app)
    with embedded.running():
        run()


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """After a new version was fetched: back up, migrate, check, and start anew what serves.

    Where a step fails it stops there, and the old version goes on.
    """
    folder = shelf.folder() or Path(current_app.config["VAR_DIR"]) / "backups"
    alembic = migrate.alembic_config()
    with _or_stop("Nothing was changed; the old version goes on as it was."):
        migrate.refuse_newer()
        click.echo(f"Backed up to {shelf.make(folder)}.")
    with _or_stop(
        "This migration was taken back; the old version goes on, and suits those before."
    ):
        command.upgrade(alembic, "head")
    with _or_stop(
        "All migrations are done, but the program expects another schema than theirs; "
        "the old version goes on."
    ):
        command.check(alembic)
    click.echo("The database fits the new version.")
    click.echo(_start_anew())


@contextmanager
def _or_stop(what_stands: str) -> Iterator[None]:
    """End the command where a step fails, with the fault and what stands after it."""
    try:
        yield
    except (OSError, SQLAlchemyError, RuntimeError, CommandError) as error:
        said = mishaps.words(error) if isinstance(error, DBAPIError) else str(error)
        raise click.ClickException(f"{said}\nThe upgrade stopped there. {what_stands}") from error


@click.command("production-check")
@with_appcontext
def production_check_command() -> None:
    """Say in plain words what is missing before people may come."""
    failed = findings.tell(readiness.before_start())
    click.echo("Of your mail, `flask mail check` tells more.")
    if failed:
        raise click.ClickException(f"{failed} to mend.")


def _start_anew() -> str:
    pid = _pid_file()
    try:
        os.kill(int(pid.read_text()), signal.SIGHUP)
    except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        return "Start web, workers and beat anew; `flask serve` does not run here."
    return "The site starts anew."


def _pid_file() -> Path:
    return Path(current_app.config["VAR_DIR"]) / "serve.pid"
