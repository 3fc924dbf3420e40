"""`flask mail …`: does our mail fit what mailbox providers ask, and what belongs into the DNS."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.foundation import findings
from app.mail import checks, dns_checks, site_checks
from app.mail.dkim_keys import BadKey, Key, keys_of, load
from app.mail.lookups import SECONDS, Lookups, Unanswered

group = AppGroup("mail", help="Mail as mailbox providers see it.")
PIECE = 250  # a string of a TXT record has at most 255 characters


def _ip(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return str(ip_address(value)) if value else ""
    except ValueError:
        raise click.BadParameter("an address such as 192.0.2.1") from None


@group.command("check")
@click.option("--offline", is_flag=True, help="Leave the network alone.")
@click.option("--ip", default="", callback=_ip, help="The address that mail leaves from.")
@click.option("--selector", default="", help="The relay's DKIM selector, where it signs.")
@click.option("--resolver", default="", help="The DNS server to ask, IP or IP:PORT.")
@click.option("--seconds", default=SECONDS, help="How long to wait for each of its answers.")
def check(offline: bool, ip: str, selector: str, resolver: str, seconds: float) -> None:
    """Say what fits the rules of large mailbox providers and what to do; fail if something is
    missing."""
    failed = findings.tell(checks.offline())
    if not offline:
        try:
            lookups = Lookups(resolver, seconds)
        except (Unanswered, ValueError) as error:
            raise click.ClickException(f"the DNS cannot be asked: {error}") from error
        sending = dns_checks.Sending(ip, selector)
        failed += findings.tell(dns_checks.online(lookups, sending))
        failed += findings.tell(site_checks.answering())
    if failed:
        raise click.ClickException(f"{failed} to mend; providers may refuse or hide mail.")


@group.command("dkim-key")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--selector", default="", help="Its name in the DNS; else that of the settings.")
def dkim_key(file: Path | None, selector: str) -> None:
    """Print the DNS records for the keys of the settings, or for the key in FILE."""
    config = current_app.config
    domain = config["DKIM_DOMAIN"] or config["MAIL_DOMAIN"]
    try:
        keys: Sequence[Key] = keys_of(config)
        if file is not None:
            keys = [load(file, domain, selector or config["DKIM_SELECTOR"])]
    except BadKey as error:
        raise click.ClickException(str(error)) from error
    if not keys:
        raise click.ClickException("no key is set; name a file, or set DKIM_KEY_FILE.")
    for key in keys:
        click.echo(f"{key.name}. IN TXT {_pieces(key.record)}")


def _pieces(record: str) -> str:
    starts = range(0, len(record), PIECE)
    return " ".join(f'"{record[start : start + PIECE]}"' for start in starts)
