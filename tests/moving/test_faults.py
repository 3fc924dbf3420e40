"""Imports that are killed, that meet each other, or a full disk: nothing is half done."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.moving.commands import group
from app.moving.models import ImportRun, ImportState
from app.people.models import Address, Person
from tests.factories import seed_places
from tests.moving.children import NO_ROOM, killed, on_a_full_disk, started

ROWS = 300
LOAD = "from app.moving.commands import group"
ACT = "group.main(['import', {file!r}, '--apply', '--no-lists'], standalone_mode=False)"


@pytest.fixture(autouse=True)
def _places(db: Session) -> None:
    seed_places(db)
    db.commit()


def write(file: Path, name: str, rows: int = ROWS) -> Path:
    lines = [f"{name} {n},{name}{n}@example.org,43215" for n in range(rows)]
    file.write_text("\n".join(["name,email,zip", *lines]))
    return file


def people(db: Session) -> int:
    number = db.scalar(select(func.count()).select_from(Person)) or 0
    db.rollback()
    return number


def import_now(app: Whereas, file: Path) -> str:
    answer = FlaskCliRunner(app).invoke(group, ["import", str(file), "--apply", "--no-lists"])
    assert answer.exit_code == 0, answer.output
    return answer.output


def survive(app: Whereas, settings: dict[str, str], db: Session, folder: Path, kills: int) -> int:
    """Kill so many imports at random moments; each time a second start goes on to the end.

    How many people there are in the end.
    """
    moments = random.Random(717)  # noqa: S311  moments, not secrets
    for kill in range(1, kills + 1):
        file = write(folder / f"{kill}.csv", f"p{kill}x")
        killed(settings, LOAD, ACT.format(file=str(file)), moments.uniform(0, 2.5))
        assert people(db) in ((kill - 1) * ROWS, kill * ROWS)
        import_now(app, file)
        assert people(db) == kill * ROWS
        assert db.scalar(select(func.count()).select_from(Address)) == kill * ROWS
        assert set(db.scalars(select(ImportRun.state))) == {ImportState.APPLIED}
        db.rollback()
    return people(db)


def test_killed_at_any_moment_a_second_start_goes_on(
    app: Whereas, settings: dict[str, str], db: Session, tmp_path: Path
) -> None:
    assert survive(app, settings, db, tmp_path, kills=1) == ROWS


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_killed_at_twenty_moments_a_second_start_goes_on(
    app: Whereas, settings: dict[str, str], db: Session, tmp_path: Path
) -> None:
    assert survive(app, settings, db, tmp_path, kills=20) == 20 * ROWS


def test_two_starts_of_one_file_import_it_once(
    app: Whereas, settings: dict[str, str], db: Session, tmp_path: Path
) -> None:
    file = write(tmp_path / "list.csv", "ana")
    command = ("people", "import", str(file), "--apply", "--no-lists")
    both = [started(settings, *command) for _start in range(2)]
    answers = [child.communicate(timeout=100) for child in both]

    assert 0 in {child.returncode for child in both}, answers
    for child, (_out, complaint) in zip(both, answers, strict=True):
        assert "Traceback" not in complaint, complaint
        assert child.returncode == 0 or complaint.startswith("Error: Another start"), complaint
    import_now(app, file)
    assert people(db) == ROWS


def test_two_files_with_the_same_people_bring_them_once(
    settings: dict[str, str], db: Session, tmp_path: Path
) -> None:
    first = write(tmp_path / "first.csv", "ana")
    second = tmp_path / "second.csv"
    second.write_text(first.read_text().replace("zip\n", "ZIP\n", 1) + "\n")
    for file in (first, second):  # both are judged when nobody is there
        started(settings, "people", "import", str(file), "--preview").communicate(timeout=100)
    both = [
        started(settings, "people", "import", str(file), "--apply", "--no-lists")
        for file in (first, second)
    ]
    answers = [child.communicate(timeout=100) for child in both]

    assert [child.returncode for child in both] == [0, 0], answers
    assert people(db) == ROWS
    assert db.scalar(select(func.count()).select_from(Address)) == ROWS
    told = {line for out, _complaint in answers for line in out.splitlines() if "Applied" in line}
    assert told == {f"Applied: {ROWS} new, 0 changed.", "Applied: 0 new, 0 changed."}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kilobytes", [20, 500])
def test_a_full_disk_leaves_what_was_and_the_same_command_goes_on(
    app: Whereas,
    settings: dict[str, str],
    db: Session,
    tmp_path: Path,
    kilobytes: int,
) -> None:
    """How much fits decides whether staging, judging or applying stops."""
    file = write(tmp_path / "list.csv", "ana", 1500)
    command = ["people", "import", str(file), "--apply", "--no-lists"]

    answer = on_a_full_disk(settings, kilobytes * 1024, command)

    assert answer.returncode == 1, answer.stdout
    assert NO_ROOM in answer.stderr
    assert "Traceback" not in answer.stderr
    assert people(db) == 0
    database = settings["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    import_now(app, file)
    assert people(db) == 1500
