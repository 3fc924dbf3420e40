"""What a site needs before people come, and what its operators should know while they are there.

`before_start` is for `flask production-check`, `running` for the page of staff; both say in plain
words what to do.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import format_timedelta
from flask_babel import gettext as _
from kombu import Connection
from kombu.exceptions import KombuError
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.accounts import roles
from app.foundation import clock, queue
from app.foundation.db import database, db
from app.foundation.findings import Finding, fail, ok, warn
from app.foundation.geo import Place
from app.foundation.migrate import alembic_config
from app.mail import holding, overview
from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import TransportDown
from app.upkeep import backup, shelf

SILENT = timedelta(minutes=2)
"""A sweep that is later than this does not run."""
WAITS_LONG = timedelta(minutes=15)
ROOM = 2 * 1024**3
"""Bytes that should be free on the disk."""
EXPIRES_SOON = timedelta(days=14)
SECONDS = 5.0


def before_start() -> Iterator[Finding]:
    """Everything that can be known before the first visitor comes."""
    yield _environment()
    yield from _database()
    yield _relay()
    if current_app.config["REDIS_URL"]:
        yield _broker()
    yield _web_address()
    yield _disk()
    yield _backups()


def running() -> Iterator[Finding]:
    """How the site does now."""
    yield _sweep()
    yield from _mail()
    if current_app.config["REDIS_URL"]:
        yield _broker()
    yield _disk()
    yield _backups()
    if current_app.config["SECURE"]:
        yield _certificate()


def _environment() -> Finding:
    about = _("Settings")
    if current_app.config["WHEREAS_ENV"] != "production":
        return fail(about, _("WHEREAS_ENV is not production, so everybody can read all mail."))
    return ok(about, _("Every setting can be used."))


def _database() -> Iterator[Finding]:
    about = _("Database")
    try:
        with database().reading.connect() as connection:
            standing = backup.revision_of(connection)
    except DBAPIError as error:
        yield fail(about, _("It does not answer: %(words)s", words=str(error.orig).strip()))
        return
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if standing != head:
        yield fail(about, _("It is not at the version of the program: run flask db upgrade."))
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
    except (TransportDown, OSError) as error:
        return fail(about, _("It does not take us: %(words)s", words=str(error)))
    return ok(about, _("It takes us."))


def _broker() -> Finding:
    about = _("Redis")
    options = {"socket_timeout": 1, "socket_connect_timeout": 1}
    try:
        with Connection(current_app.config["REDIS_URL"], transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except (OSError, KombuError) as error:
        return fail(about, _("It does not answer: %(words)s", words=str(error)))
    return ok(about, _("It answers."))


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


def _disk() -> Finding:
    about = _("Disk")
    folder: Path = current_app.config["VAR_DIR"]
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return fail(about, _("The program may not write into %(folder)s.", folder=str(folder)))
    free = shutil.disk_usage(folder).free
    sentence = _("%(free)s GB are free.", free=round(free / 1024**3, 1))
    return ok(about, sentence) if free > ROOM else fail(about, sentence)


def _backups() -> Finding:
    about = _("Backups")
    folder = shelf.folder()
    if folder is None:
        return warn(about, _("None are made by themselves: BACKUP_DIR is empty."))
    age = shelf.age(folder)
    if age is None:
        return warn(about, _("There is none yet."))
    sentence = _("The newest is %(age)s old.", age=_span(age))
    if age > timedelta(hours=2 * current_app.config["BACKUP_HOURS"]):
        return fail(about, sentence)
    if not current_app.config["BACKUP_KEY"]:
        return warn(about, sentence + " " + _("It is not encrypted: BACKUP_KEY is empty."))
    return ok(about, sentence)


def _sweep() -> Finding:
    about = _("Background work")
    since = queue.last_beat("sweep")
    if since is None:
        return fail(about, _("It never ran: no worker or no beat runs."))
    if since > SILENT:
        sentence = _(
            "It last ran %(age)s ago: is a worker running, and the beat?", age=_span(since)
        )
        return fail(about, sentence)
    return ok(about, _("It ran a moment ago."))


def _mail() -> Iterator[Finding]:
    about = _("Mail")
    if holding.current() is not None:
        yield warn(about, _("All mail is held."))
    flow = overview.flow()
    waits = clock.now() - flow.oldest if flow.oldest else timedelta()
    if waits > WAITS_LONG:
        yield fail(about, _("The oldest mail that could go waits for %(age)s.", age=_span(waits)))
    else:
        yield ok(about, _("%(number)s mails left in the last hour.", number=flow.last_hour))
    for rest in flow.resting:
        if not rest.provider:
            yield fail(_("Mail server"), _("It was away: %(words)s", words=rest.words))


def _certificate() -> Finding:
    about = _("Certificate")
    parts = urlsplit(current_app.config["BASE_URL"])
    try:
        expires = _expires(str(parts.hostname), parts.port or 443)
    except OSError as error:
        return warn(about, _("It cannot be looked at from here: %(words)s", words=str(error)))
    left = expires - clock.now()
    sentence = _("It holds for %(age)s.", age=_span(left))
    return ok(about, sentence) if left > EXPIRES_SOON else fail(about, sentence)


def _expires(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


def _span(length: timedelta) -> str:
    return str(format_timedelta(length, threshold=1.2))
