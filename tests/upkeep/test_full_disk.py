"""A disk that fills up during a backup, an export, a restore or an upgrade: the old state stays."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.uploads import Upload
from app.foundation.web import Whereas
from app.upkeep import backup
from tests import databases
from tests.moving.children import NO_ROOM, on_a_full_disk
from tests.services.run import Run

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FREE = 100 * 1024
"""Bytes that a file may grow to: more than what SQLite needs beside its file to read."""


@pytest.fixture
def heavy(db: Session) -> Session:
    """A document that no compression makes smaller than what is free."""
    db.add(
        Upload(
            content=os.urandom(20 * FREE),
            content_type="application/pdf",
            size=20 * FREE,
            sha256="0" * 64,
            created_at=clock.now(),
        )
    )
    db.commit()
    return db


@pytest.mark.parametrize("command", [("backup",), ("export", "everything")])
def test_what_is_written_leaves_the_old_file_and_says_so(
    settings: dict[str, str], heavy: Session, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "all"
    file.write_bytes(b"the old one")

    answer = on_a_full_disk(settings, FREE, [*command, str(file)])

    assert answer.returncode == 1, answer.stdout
    assert answer.stderr.splitlines()[-1].startswith("Error: The "), answer.stderr
    assert "cannot be written" in answer.stderr
    assert file.read_bytes() == b"the old one"
    assert list(tmp_path.glob(".all*")) == []


def test_a_restore_leaves_an_empty_place_and_goes_on_when_there_is_room(
    app: Whereas, settings: dict[str, str], heavy: Session, tmp_path: Path, run: Run
) -> None:
    file, place = tmp_path / "all.backup", tmp_path / "restored.db"
    backup.write(file, "")
    into = settings | {"DATABASE_URL": databases.new_sqlite(run, place)}
    free = place.stat().st_size + FREE

    answer = on_a_full_disk(into, free, ["restore", str(file)])

    assert answer.returncode == 1, answer.stdout
    assert NO_ROOM in answer.stderr
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT count(*) FROM upload").fetchone() == (0,)
    again = on_a_full_disk(into, 100 * FREE, ["restore", str(file)])
    assert again.returncode == 0, again.stderr
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT count(*) FROM upload").fetchone() == (1,)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["upgrade"], "This migration was taken back; the old version goes on"),
        (["db", "upgrade"], NO_ROOM),
    ],
)
def test_an_upgrade_stops_before_the_step_that_has_no_room_and_goes_on_later(
    settings: dict[str, str], tmp_path: Path, run: Run, command: list[str], sentence: str
) -> None:
    place = tmp_path / "old.db"
    into = settings | {"DATABASE_URL": databases.new_sqlite(run, place)}
    assert on_a_full_disk(into, 100 * FREE, ["db", "downgrade", "0002"]).returncode == 0
    with sqlite3.connect(place) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    answer = on_a_full_disk(into, place.stat().st_size + FREE // 4, command)

    assert answer.returncode == 1, answer.stdout
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
    with sqlite3.connect(place) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() < ("0016",)
    again = on_a_full_disk(into, 100 * FREE, ["upgrade"])
    assert again.returncode == 0, again.stderr
