"""`flask demo`: all of the program in one process, and a clock that can be moved forward."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from pathlib import Path

import click
from alembic import command
from flask import current_app
from flask.cli import AppGroup

from app.foundation import clock, edge, migrate
from app.mail import ahead
from app.work import reminding
from seeds import commands, demo
from tasks import digests, embedded, events, serving, work
from tasks.celery_app import flask_app

ADDRESSES = (
    ("The site", "/"),
    ("Columbus", "/alliances/columbus"),
    ("International Justice Day", "/observances/justice-day/{year}"),
    ("The mail it sends", "/demo/mail"),
    ("A coordinator's desk", "/desk/columbus/"),
    ("The digests of national staff", "/staff/digests"),
)
CHATTY = ("alembic.runtime.migration", "celery")
"""Loggers whose every line would push the addresses out of sight; their warnings stay."""
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def demo_group(context: click.Context) -> None:
    """Run everything in one process, on an embedded database, broker and mailbox."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("The demo runs with WHEREAS_ENV=demo only.")
    if context.invoked_subcommand is None:
        serve = serving.listening(flask_app())
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        _prepare()
        _address().write_text(current_app.config["BASE_URL"])
        with embedded.running():
            serve()


@demo_group.command("advance")
@click.argument("span")
def advance(span: str) -> None:
    """Move the demo's clock forward: 90m, 12h or 7d."""
    match = re.fullmatch(r"(\d{1,4})([mhd])", span)
    if not match:
        raise click.BadParameter("use a number with m, h or d, such as 7d", param_hint="SPAN")
    current_app.config["MAIL_PAUSE_SECONDS"] = 0.0  # nobody watches
    if _address().exists():
        current_app.config["BASE_URL"] = _address().read_text()
    span_of_time = timedelta(**{UNITS[match[2]]: int(match[1])})
    ahead.advance_to(clock.now() + span_of_time, plan=_plan, wakes=_next_morning)
    click.echo(f"The demo's clock says {clock.now():%A, %B %d, %Y, %H:%M} UTC.")


def _plan() -> None:
    """What beat would have done meanwhile."""
    for sweep in (digests.sweep, events.sweep, work.sweep):
        sweep()


def _next_morning(after: datetime) -> datetime | None:
    with edge.reading():
        return reminding.next_morning(after)


def _address() -> Path:
    """Where the running demo keeps its address, for the links in mails of a second terminal."""
    return Path(current_app.config["VAR_DIR"], "demo_address")


def _prepare() -> None:
    with flask_app().app_context():
        command.upgrade(migrate.alembic_config(), "head")
        commands.make_demo()
        _say_what_to_try()


def _say_what_to_try() -> None:
    base = current_app.config["BASE_URL"]
    year = demo.coming_year()
    click.echo(f"\n{current_app.config['SITE_NAME']} is at {base}\n")
    for name, path in ADDRESSES:
        click.echo(f"  {name:<32}{base}{path.format(year=year)}")
    click.echo("\nLog-ins, all with the password " + demo.PASSWORD + ":")
    for email in demo.LOG_INS:
        click.echo(f"  {email}")
    click.echo("\nMove its clock with `.venv/bin/flask demo advance 7d`; stop with Ctrl-C.\n")
