"""`flask backup`, `flask restore`: for whoever runs the program."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from app.foundation import edge
from app.mail import holding
from app.mail.models import HoldReason
from app.upkeep import backup, leaving, ledger, restore, shelf
from app.upkeep.restore import Damaged, NotEmpty
from app.upkeep.sealed import Unreadable

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE, required=False)
@with_appcontext
def backup_command(file: Path | None) -> None:
    """Write everything to FILE, or to BACKUP_DIR, while people go on working."""
    try:
        if file is None:
            file = _to_shelf()
        else:
            backup.write(file, current_app.config["BACKUP_KEY"])
    except OSError as error:
        raise click.ClickException(f"The backup cannot be written: {error}.") from error
    click.echo(f"{file} holds everything as it was when the backup began.")
    if not current_app.config["BACKUP_KEY"]:
        click.echo("It is not encrypted, for BACKUP_KEY is empty.")


def _to_shelf() -> Path:
    folder = shelf.folder()
    if folder is None:
        raise click.UsageError("Name a file, or set BACKUP_DIR.")
    return shelf.make(folder)


@click.command("restore")
@click.argument("file", type=FILE)
@with_appcontext
def restore_command(file: Path) -> None:
    """Lay the backup FILE into an empty database; mail stays held until staff let it leave."""
    key = current_app.config["BACKUP_KEY"]
    try:
        hold = _unfinished()
        if hold:
            head = restore.head_of(file, key)
            click.echo("The rows are there already; what came after the backup is done again.")
        else:
            head, tallies = restore.restore(file, key)
            total = sum(tally.rows for tally in tallies.values())
            click.echo(f"{total} rows in {len(tallies)} tables, counted and hashed.")
    except (Unreadable, NotEmpty, Damaged) as error:
        raise click.ClickException(str(error)) from error
    again = ledger.replay(shelf.folder() or file.parent, head.at)
    with edge.step():
        holding.restored()
    click.echo(f"{again} erasures, unsubscriptions and addresses not to e-mail looked at again.")
    click.echo("Mail is held. When you have looked around, let it leave on the page Mail of staff.")


@click.group("export", cls=AppGroup)
def export_group() -> None:
    """Take what is here elsewhere."""


@export_group.command("everything")
@click.argument("file", type=FILE)
def export_everything(file: Path) -> None:
    """Write all tables as CSV and JSON, and all files, into the ZIP FILE, with a description."""
    try:
        tallies = leaving.write(file)
    except OSError as error:
        raise click.ClickException(f"The export cannot be written: {error}.") from error
    click.echo(
        f"{file} holds {sum(t.rows for t in tallies.values())} rows of {len(tallies)} tables."
    )
    click.echo("It is not encrypted: it names everybody. Passwords and sign-ins are not in it.")


@click.group("import", cls=AppGroup)
def import_group() -> None:
    """Become what was exported elsewhere."""


@import_group.command("everything")
@click.argument("file", type=FILE)
def import_everything(file: Path) -> None:
    """Fill an empty program from the ZIP of `flask export everything`; mail stays held."""
    try:
        tallies = leaving.read(file)
    except (Unreadable, NotEmpty, Damaged) as error:
        raise click.ClickException(str(error)) from error
    with edge.step():
        holding.restored()
    click.echo(f"{sum(t.rows for t in tallies.values())} rows of {len(tallies)} tables are here.")
    click.echo("People sign in by a link in a mail, when staff let mail leave.")


def _unfinished() -> bool:
    """Whether a restore was stopped after its rows were complete."""
    try:
        with edge.reading():
            hold = holding.current()
            return hold is not None and hold.reason == HoldReason.RESTORING
    except DBAPIError:
        return False  # there are no tables yet
