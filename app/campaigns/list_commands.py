"""`flask campaigns …`: the official list of jurisdictions, and members of Congress."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.campaigns import campaign_commands
from app.campaigns.congress_import import import_legislators
from app.campaigns.division_import import RefusedFile, import_divisions
from app.foundation import edge

group = AppGroup("campaigns", help="Campaigns, and the public lists that they rest on.")
group.add_command(campaign_commands.load)
group.add_command(campaign_commands.export)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("import-divisions")
@click.argument("file", type=FILE)
def divisions(file: Path) -> None:
    """Take jurisdictions or their aliases from FILE, as opencivicdata/ocd-division-ids has them."""
    try:
        with edge.step():
            report = import_divisions(file)
    except RefusedFile as refusal:
        raise click.ClickException("Nothing was taken.\n" + str(refusal)) from None
    click.echo(
        f"{report.divisions} jurisdictions read: {report.added} new, {report.changed} changed. "
        f"{report.aliases} aliases; {report.left_out} left out, whose place is not listed."
    )


@group.command("import-legislators")
@click.argument("file", type=FILE)
def legislators(file: Path) -> None:
    """Take members of Congress, or their offices, from FILE (YAML of congress-legislators)."""
    try:
        with edge.step():
            report = import_legislators(file)
    except RefusedFile as refusal:
        raise click.ClickException("Nothing was taken.\n" + str(refusal)) from None
    click.echo(
        f"{report.legislators} members and {report.offices} offices; "
        f"{report.left_out} offices left out, whose member is not known; "
        f"{report.gone} members serve no longer, who are not in this file."
    )
