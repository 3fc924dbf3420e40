"""Serving the whole program from one machine, and bringing it to a new version."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click
from alembic import command
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import create_server

from app.foundation import findings, migrate
from app.upkeep import readiness, shelf
from tasks import embedded, supervisor

THREADS = 8
ANSWER_SECONDS = 5.0


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
    pid = _pid_file()
    pid.parent.mkdir(parents=True, exist_ok=True)
    pid.write_text(str(os.getpid()))
    click.echo(f"{app.config['SITE_NAME']} listens on {app.config['HOST']}:{app.config['PORT']}.")

    def serve() -> None:
        run = listening(app)
        with embedded.running():
            run()

    try:
        supervisor.run(serve, answers, app.logger.warning)
    finally:
        pid.unlink(missing_ok=True)


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """After a new version was fetched: back up, migrate, check, and start anew what serves.

    Where a step fails nothing is changed, and the old version goes on.
    """
    folder = shelf.folder() or Path(current_app.config["VAR_DIR"]) / "backups"
    try:
        click.echo(f"Backed up to {shelf.make(folder)}.")
        command.upgrade(migrate.alembic_config(), "head")
        command.check(migrate.alembic_config())
    except (OSError, SQLAlchemyError, RuntimeError, CommandError) as error:
        raise click.ClickException(
            f"{error}\nThe upgrade stopped there; the old version goes on as it was."
        ) from error
    click.echo("The database fits the new version.")
    click.echo(_start_anew())


@click.command("production-check")
@with_appcontext
def production_check_command() -> None:
    """Say in plain words what is missing before people may come."""
    failed = findings.tell(readiness.before_start())
    click.echo("Of your mail, `flask mail check` tells more.")
    if failed:
        raise click.ClickException(f"{failed} to mend.")


def answers() -> bool:
    """Whether the site answers here, asked by the name it has outside; it knows no other."""
    url = f"http://{current_app.config['HOST']}:{current_app.config['PORT']}/healthz"
    host = urlsplit(current_app.config["BASE_URL"]).netloc
    try:
        with urlopen(Request(url, headers={"Host": host}), timeout=ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _start_anew() -> str:
    pid = _pid_file()
    try:
        os.kill(int(pid.read_text()), signal.SIGHUP)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return "Start web, workers and beat anew; `flask serve` does not run here."
    return "The site starts anew."


def _pid_file() -> Path:
    return Path(current_app.config["VAR_DIR"]) / "serve.pid"
