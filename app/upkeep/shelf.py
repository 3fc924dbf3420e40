"""The folder of backups: made there by themselves, the oldest taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

from app.foundation import clock, edge
from app.upkeep import backup, ledger

PATTERN = "whereas-*.backup"
NAME = "whereas-%Y%m%d-%H%M%S.backup"


def folder() -> Path | None:
    """Where backups stay; None where none are made by themselves."""
    found: Path | None = current_app.config["BACKUP_DIR"]
    return found


def name_of(at: datetime) -> str:
    return at.strftime(NAME)


def backups(of: Path) -> Sequence[Path]:
    """The backups of a folder, the newest first."""
    return sorted(of.glob(PATTERN), key=lambda file: file.name, reverse=True)


def age(of: Path) -> timedelta | None:
    """How old the newest backup is; None where there is none."""
    newest = next(iter(backups(of)), None)
    if newest is None:
        return None
    return clock.now() - datetime.strptime(newest.name, NAME).replace(tzinfo=UTC)


def make_due() -> Path | None:
    """Make a backup if the newest is old enough; where it is, or None."""
    of = folder()
    if of is None:
        return None
    old = age(of)
    if old is not None and old < timedelta(hours=current_app.config["BACKUP_HOURS"]):
        return None
    return make(of)


def make(of: Path) -> Path:
    """Make a backup in a folder and take away those that are too many."""
    of.mkdir(parents=True, exist_ok=True)
    file = of / name_of(clock.now())
    with edge.reading():
        ledger.write(of)
    backup.write(file, current_app.config["BACKUP_KEY"])
    for old in backups(of)[current_app.config["BACKUPS_KEPT"] :]:
        old.unlink(missing_ok=True)
    return file
