"""What the program stands on, before the start and later: Redis, the disk, the backups."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_babel import format_timedelta
from flask_babel import gettext as _
from kombu import Connection
from kombu.exceptions import KombuError

from app.foundation.findings import Finding, fail, ok, warn
from app.upkeep import shelf

ROOM = 2 * 1024**3
"""Bytes that should be free on the disk."""


def broker() -> Finding:
    about = _("Redis")
    options = {"socket_timeout": 1, "socket_connect_timeout": 1}
    try:
        with Connection(current_app.config["REDIS_URL"], transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except (OSError, KombuError) as error:
        return fail(about, _("It does not answer: %(words)s", words=str(error)))
    return ok(about, _("It answers."))


def disk() -> Finding:
    about = _("Disk")
    folder: Path = current_app.config["VAR_DIR"]
    if not _may_write(folder):
        return fail(about, _("The program may not write into %(folder)s.", folder=str(folder)))
    free = shutil.disk_usage(folder).free
    gigabytes = round(free / 1024**3, 1)
    if free > ROOM:
        return ok(about, _("%(free)s GB are free.", free=gigabytes))
    return fail(about, _("Only %(free)s GB are free: make room before it is full.", free=gigabytes))


def backups() -> Finding:
    about = _("Backups")
    folder = shelf.folder()
    if folder is None:
        return warn(about, _("None are made by themselves: BACKUP_DIR is empty."))
    if not _may_write(folder):
        return fail(about, _("The program may not write into %(folder)s.", folder=str(folder)))
    age = shelf.age(folder)
    if age is None:
        return warn(about, _("There is none yet."))
    sentence = _("The newest is %(age)s old.", age=span(age))
    if age > timedelta(hours=2 * current_app.config["BACKUP_HOURS"]):
        return fail(about, sentence + " " + _("Does a worker run, and is there room for one?"))
    if not current_app.config["BACKUP_KEY"]:
        return warn(about, sentence + " " + _("It is not encrypted: BACKUP_KEY is empty."))
    return ok(about, sentence)


def _may_write(folder: Path) -> bool:
    """Whether a folder is there, or could be made, and takes files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def span(length: timedelta) -> str:
    return str(format_timedelta(length, threshold=1.2))
