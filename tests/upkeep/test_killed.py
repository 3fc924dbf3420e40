"""Restoring and leaving, killed at random moments: the old state or the new, never half of one."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.upkeep import backup, leaving
from app.upkeep.commands import restore_command
from tests import databases
from tests.conftest import MakeApp
from tests.moving.children import killed
from tests.services.run import Run
from tests.upkeep.test_backup import assert_survives_kills, everything, full

__all__ = ["full"]
RESTORE = "restore_command.main([{file!r}], standalone_mode=False)"
LEAVE = "while True: leaving.write(pathlib.Path({file!r}))"


class Places:
    """Further empty databases of the kind that a test has, one for each kill."""

    def __init__(self, run: Run, folder: Path, worker: str, url: str) -> None:
        self.run, self.folder, self.worker = run, folder, worker
        self.is_sqlite = url.startswith("sqlite")

    def new(self, number: int) -> str:
        if self.is_sqlite:
            return databases.new_sqlite(self.run, self.folder / f"empty{number}.db")
        return databases.new_postgresql(self.run, f"{self.worker}_empty")


@pytest.fixture
def places(run: Run, tmp_path: Path, worker_id: str, database_url: str) -> Places:
    return Places(run, tmp_path, worker_id, database_url)


def killed_restores(
    settings: dict[str, str], lend_app: MakeApp, places: Places, kills: int
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """What is there after each of so many killed restores, and after the same command once more.

    It is not given again where the first one had all in its place before it could be killed.
    """
    moments = random.Random(18)  # noqa: S311  moments, not secrets
    file = places.folder / "a.backup"
    backup.write(file, "")
    for kill in range(kills):
        url = places.new(kill)
        load = "from app.upkeep.commands import restore_command"
        act = RESTORE.format(file=str(file))
        killed(settings | {"DATABASE_URL": url}, load, act, moments.uniform(0, 1.5))
        other = lend_app(DATABASE_URL=url)
        left = everything(other)
        if not filled(left):
            with other.app_context():
                answer = FlaskCliRunner(other).invoke(restore_command, [str(file)])
            assert answer.exit_code == 0, answer.output
        yield left, everything(other)


def filled(tables: dict[str, str]) -> dict[str, str]:
    """Without the tables that have no rows."""
    return {name: each for name, each in tables.items() if each[:2] != "0 "}


def killed_exports(settings: dict[str, str], file: Path, kills: int) -> Iterator[zipfile.ZipFile]:
    """The file as each of so many killed exports left it."""
    moments = random.Random(19)  # noqa: S311  moments, not secrets
    leaving.write(file)
    for _kill in range(kills):
        load = "import pathlib\n    from app.upkeep import leaving"
        killed(settings, load, LEAVE.format(file=str(file)), moments.uniform(0, 1.5))
        with zipfile.ZipFile(file) as content:
            yield content


def test_a_killed_restore_is_all_or_nothing_and_goes_on(
    app: Whereas, settings: dict[str, str], full: Session, lend_app: MakeApp, places: Places
) -> None:
    whole = everything(app)
    for left, again in killed_restores(settings, lend_app, places, kills=1):
        assert filled(left) in ({}, filled(whole))
        assert again == whole


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_twenty_killed_restores_are_all_or_nothing_and_go_on(
    app: Whereas, settings: dict[str, str], full: Session, lend_app: MakeApp, places: Places
) -> None:
    whole = everything(app)
    for left, again in killed_restores(settings, lend_app, places, kills=20):
        assert filled(left) in ({}, filled(whole))
        assert again == whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_export_leaves_the_old_file_or_the_new(
    settings: dict[str, str], full: Session, tmp_path: Path
) -> None:
    for content in killed_exports(settings, tmp_path / "all.zip", kills=2):
        assert content.testzip() is None
        assert "manifest.json" in content.namelist()


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_twenty_killed_exports_leave_the_old_file_or_the_new(
    settings: dict[str, str], full: Session, tmp_path: Path
) -> None:
    for content in killed_exports(settings, tmp_path / "all.zip", kills=20):
        assert content.testzip() is None
        assert "manifest.json" in content.namelist()


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_twenty_killed_backups_leave_the_old_file_or_the_new(
    settings: dict[str, str], full: Session, tmp_path: Path
) -> None:
    moments = random.Random(20)  # noqa: S311  moments, not secrets
    delays = [moments.uniform(0, 1) for _kill in range(20)]
    assert_survives_kills(settings, tmp_path / "a.backup", delays)
