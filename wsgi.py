"""The program as web servers and the `flask` command see it: the app with its tasks and seeds.

`flask demo` runs all of it in one process, on an embedded database, broker and mailbox.
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta

import click
from alembic import command
from flask.cli import AppGroup

import config
import tasks
from app import create_app
from app.foundation import clock, migrate
from app.mail import ahead
from app.moving import commands as moving
from app.upkeep import commands as upkeep
from seeds import commands, demo
from tasks import embedded, serving

try:
    app = create_app()
except config.ConfigError as error:
    sys.exit(f"{error}")
tasks.bind(app)
tasks.celery.loader.import_default_modules()
app.cli.add_command(commands.group)
for each in (
    moving.group,
    upkeep.backup_command,
    upkeep.restore_command,
    upkeep.export_group,
    upkeep.import_group,
    serving.serve_command,
    serving.upgrade_command,
    serving.production_check_command,
):
    app.cli.add_command(each)

ADDRESSES = (
    ("The site", "/"),
    ("Columbus", "/alliances/columbus"),
    ("International Justice Day", "/observances/justice-day/{year}"),
    ("The mail it sends", "/demo/mail"),
    ("A coordinator's desk", "/desk/columbus/"),
    ("The digests of national staff", "/staff/digests"),
)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def demo_group(context: click.Context) -> None:
    """Run everything in one process, on an embedded database, broker and mailbox."""
    if not app.config["DEMO"]:
        raise click.ClickException("The demo runs with WHEREAS_ENV=demo only.")
    if context.invoked_subcommand is None:
        serve = serving.listening(app)
        _prepare()
        with embedded.running():
            serve()


@demo_group.command("advance")
@click.argument("span")
def advance(span: str) -> None:
    """Move the demo's clock forward: 90m, 12h or 7d."""
    match = re.fullmatch(r"(\d{1,4})([mhd])", span)
    if not match:
        raise click.BadParameter("use a number with m, h or d, such as 7d", param_hint="SPAN")
    app.config["MAIL_PAUSE_SECONDS"] = 0.0  # nobody watches
    ahead.advance_to(clock.now() + timedelta(**{UNITS[match[2]]: int(match[1])}))
    click.echo(f"The demo's clock says {clock.now():%A, %B %d, %Y, %H:%M} UTC.")


def _prepare() -> None:
    with app.app_context():
        command.upgrade(migrate.alembic_config(), "head")
        commands.make_demo()
        _say_what_to_try()


def _say_what_to_try() -> None:
    base = app.config["BASE_URL"]
    year = demo.coming_year()
    click.echo(f"\n{app.config['SITE_NAME']} is at {base}\n")
    for name, path in ADDRESSES:
        click.echo(f"  {name:<32}{base}{path.format(year=year)}")
    click.echo("\nLog-ins, all with the password " + demo.PASSWORD + ":")
    for email in demo.LOG_INS:
        click.echo(f"  {email}")
    click.echo("\nMove its clock with `.venv/bin/flask demo advance 7d`; stop with Ctrl-C.\n")


app.cli.add_command(demo_group)
