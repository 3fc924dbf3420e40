"""What a site needs before people come, in plain words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.accounts import roles
from app.foundation import revisions
from app.foundation.db import database, db
from app.foundation.findings import Finding, fail, ok, warn
from app.foundation.geo import Place
from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import BadMailUrl, TransportDown
from app.upkeep.surroundings import backups, broker, disk

SECONDS = 5.0


def before_start() -> Iterator[Finding]:
    """Everything that can be known before the first visitor comes."""
    yield _environment()
    yield from _database()
    yield _relay()
    if current_app.config["REDIS_URL"]:
        yield broker()
    yield _web_address()
    yield disk()
    yield backups()


def _environment() -> Finding:
    about = _("Settings")
    if current_app.config["WHEREAS_ENV"] != "production":
        return fail(about, _("WHEREAS_ENV is not production, so everybody can read all mail."))
    return ok(about, _("Every setting can be used."))


def _database() -> Iterator[Finding]:
    about = _("Database")
    try:
        with database().reading.connect() as connection:
            misfit = revisions.misfit(connection)
    except DBAPIError as error:
        yield fail(about, _("It does not answer: %(words)s", words=str(error.orig).strip()))
        return
    if misfit is not None:
        yield fail(about, str(misfit))
        return
    yield ok(about, _("It answers and fits the program."))
    if not db.scalar(select(func.count()).select_from(Place)):
        yield fail(_("ZIP codes"), _("There are none: run flask seed reference."))
    if not roles.has_administrator():
        yield fail(
            _("Administrator"),
            _("There is none: run flask accounts create-admin with an address and a name."),
        )


def _relay() -> Finding:
    about = _("Mail server")
    url = current_app.config["SMTP_URL"]
    if url.startswith("maildir:"):
        return fail(about, _("SMTP_URL is empty: mail would only be written into a folder."))
    try:
        with SmtpTransport(Relay.from_url(url), Limits(timeout=SECONDS)) as transport:
            transport.connect()
    except BadMailUrl as error:
        return fail(about, _("SMTP_URL cannot be used: %(words)s.", words=str(error)))
    except (TransportDown, OSError) as error:
        return fail(about, _("It does not take us: %(words)s", words=str(error)))
    return ok(about, _("It takes us."))


def _web_address() -> Finding:
    about = _("Web address")
    if not current_app.config["SECURE"]:
        return fail(about, _("BASE_URL does not begin with https: sign-ins could be overheard."))
    if not current_app.config["TRUSTED_PROXIES"]:
        return warn(
            about,
            _("TRUSTED_PROXIES is 0. Behind a proxy with TLS it must say how many there are."),
        )
    return ok(about, current_app.config["BASE_URL"])
