"""Backups and restoring them: all rows, on both databases and from one to the other, or nothing."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.foundation import clock, migrate
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine, holding, outbox
from app.mail.models import HoldReason, Message, SendState, Suppression, SuppressionReason
from app.mail.suppression import suppress
from app.people.actions import Agreement, unsubscribe
from app.people.models import Person, Purpose, Standing, Unsubscription
from app.upkeep import backup, commands, ledger, restore, rows, shelf
from app.upkeep.sealed import Unreadable
from tests import databases
from tests.conftest import MakeApp
from tests.factories import EventFactory, PersonFactory, SignUpFactory
from tests.services.run import Run
from tests.shape import samples

KEY = "a key that the operator keeps elsewhere"
NewDatabase = Callable[[str], str]


@pytest.fixture
def new_database(run: Run, tmp_path: Path, worker_id: str) -> NewDatabase:
    """A further migrated database without rows, of the kind asked for."""

    def new(kind: str) -> str:
        if kind == "sqlite":
            return databases.new_sqlite(run, tmp_path / "restored.db")
        return databases.new_postgresql(run, f"{worker_id}_restored")

    return new


@pytest.fixture
def full(db: Session) -> Session:
    """A row in every table, and some that people made."""
    samples.fill(db.connection())
    EventFactory(title="Vigil — “¡nunca más!” 🕯")
    SignUpFactory.create_batch(3)
    db.commit()
    return db


def everything(app: Whereas) -> dict[str, str]:
    """A hash of each table."""
    with app.app_context(), backup.one_moment() as connection:
        return {
            name: hashed(connection, table)
            for name, table in rows.reflected(connection, app_tables()).items()
            if name != "sending_hold"
        }


def app_tables() -> list[str]:
    return [table.name for table in backup.Base.metadata.sorted_tables]


def hashed(connection: object, table: object) -> str:
    tally = rows.Tally()
    for line in rows.lines(connection, table):  # type: ignore[arg-type]
        tally.add(line)
    return f"{tally.rows} {tally.as_json()['sha256']}"


@pytest.mark.parametrize(("kind", "key"), [("sqlite", KEY), ("postgresql", "")])
def test_a_backup_restores_every_row(
    app: Whereas,
    full: Session,
    lend_app: MakeApp,
    new_database: NewDatabase,
    tmp_path: Path,
    kind: str,
    key: str,
) -> None:
    file = tmp_path / "a.backup"
    tallies = backup.write(file, key)
    other = lend_app(DATABASE_URL=new_database(kind))

    with other.app_context():
        head, restored = restore.restore(file, key)

    assert head.at <= clock.now()
    assert restored == tallies
    assert min(tally.rows for name, tally in tallies.items() if name != "sending_hold") >= 1
    assert everything(other) == everything(app)


def test_numbers_go_on_after_the_restored_ones(
    full: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    backup.write(tmp_path / "a.backup", "")
    highest = full.scalar(select(func.max(Person.id)))
    with lend_app(DATABASE_URL=new_database("postgresql")).app_context():
        restore.restore(tmp_path / "a.backup", "")
        person = PersonFactory()
        session.flush()
        assert person.id == (highest or 0) + 1


def test_an_encrypted_backup_shows_nothing_and_opens_with_its_key_only(
    db: Session, tmp_path: Path
) -> None:
    PersonFactory(name="Rosa Parks")
    db.commit()
    file = tmp_path / "a.backup"
    backup.write(file, KEY)

    assert b"Rosa" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert restore.head_of(file, KEY).revision
    with pytest.raises(Unreadable, match=r"not the key .* or the file was changed"):
        restore.head_of(file, "another")
    with pytest.raises(Unreadable, match="set BACKUP_KEY"):
        restore.head_of(file, "")


@pytest.mark.parametrize("key", ["", KEY])
def test_a_backup_that_was_cut_off_restores_nothing(
    full: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path, key: str
) -> None:
    file = tmp_path / "a.backup"
    backup.write(file, key)
    whole = file.read_bytes()
    other = lend_app(DATABASE_URL=new_database("sqlite"))

    for part in (0.3, 0.9, 0.999):
        file.write_bytes(whole[: int(len(whole) * part)])
        with other.app_context():
            with pytest.raises(Unreadable):
                restore.restore(file, key)
            assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_backup_that_was_changed_restores_nothing(
    full: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    backup.write(file, "")
    rewritten = gzip.decompress(file.read_bytes()).replace(b"nunca", b"never")
    file.write_bytes(gzip.compress(rewritten))

    with lend_app(DATABASE_URL=new_database("postgresql")).app_context():
        with pytest.raises(restore.Damaged):
            restore.restore(file, "")
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_backup_that_does_not_belong_here_is_refused(db: Session, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    backup.write(file, "")
    head, rest = gzip.decompress(file.read_bytes()).split(b"\n", 1)

    for changes, sentence in (
        ({"revision": "9999"}, "does not know yet"),
        ({"format": 2}, "newer version"),
        ({"program": "other"}, "no backup of this program"),
        ({"secret": "other"}, "another SECRET_KEY"),
    ):
        changed = json.dumps(json.loads(head) | changes).encode()
        file.write_bytes(gzip.compress(changed + b"\n" + rest))
        with pytest.raises(Unreadable, match=sentence):
            restore.restore(file, "")


@pytest.mark.parametrize("content", [b"", b"\x00" * 99, b"<html>", gzip.compress(b"{}\n", mtime=0)])
def test_a_file_of_something_else_is_refused(db: Session, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(content)

    with pytest.raises(Unreadable):
        restore.restore(file, "")


@pytest.mark.parametrize("revision", ["0010", "0015"])
def test_an_upgrade_begins_with_a_backup_of_the_older_database(
    db: Session, tmp_path: Path, revision: str, new_database: NewDatabase, lend_app: MakeApp
) -> None:
    older = lend_app(DATABASE_URL=new_database("sqlite"))
    with older.app_context():
        command.downgrade(migrate.alembic_config(), revision)
        backup.write(tmp_path / "a.backup", "")
        command.downgrade(migrate.alembic_config(), "base")

        head, _tallies = restore.restore(tmp_path / "a.backup", "")

        command.check(migrate.alembic_config())
    assert head.revision == revision


def test_nothing_is_restored_over_rows(db: Session, tmp_path: Path) -> None:
    PersonFactory(name="Already Here")
    db.commit()
    backup.write(tmp_path / "a.backup", "")

    with pytest.raises(restore.NotEmpty, match="address, person"):
        restore.restore(tmp_path / "a.backup", "")


def test_a_backup_that_cannot_be_finished_leaves_the_old_one(
    app: Whereas, db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    backup.write(file, "")
    before = file.read_bytes()
    full_disk = Path("/dev/full")

    with pytest.raises(OSError, match="No space left"):
        _fill_disk(file, full_disk)

    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.glob("*.backup*")] == ["a.backup"]


def _fill_disk(file: Path, full_disk: Path) -> None:
    """A backup whose unfinished file is a link to the device that is always full."""
    file.with_name(f".{file.name}.unfinished").symlink_to(full_disk)
    backup.write(file, "")


def test_what_came_after_a_backup_is_done_again(
    app: Whereas, db: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    erased, left, returned = PersonFactory.create_batch(3)
    db.commit()
    email = returned.address.email
    backup.write(tmp_path / "a.backup", "")
    erasure.erase(erased)
    unsubscribe(left.id, Agreement(Purpose.DIGEST, "digest-1", "mail"))
    suppress(email, SuppressionReason.COMPLAINED)
    later = PersonFactory()
    db.flush()
    unsubscribe(later.id, Agreement(Purpose.DIGEST, "digest-1", "mail"))
    db.commit()
    assert ledger.write(tmp_path) == 4
    assert ledger.write(tmp_path) == 0
    assert email not in (tmp_path / ledger.NAME).read_text()

    other = lend_app(DATABASE_URL=new_database("sqlite"))
    answer = run_restore(other, tmp_path / "a.backup")

    assert answer.exit_code == 0, answer.output
    with other.app_context():
        assert session.get_one(Person, erased.id).standing == Standing.ERASED
        assert session.get_one(Person, erased.id).name == ""
        assert session.scalars(select(Unsubscription.person_id)).all() == [left.id]
        assert session.scalars(select(Suppression.reason)).all() == [SuppressionReason.COMPLAINED]


def run_restore(app: Whereas, file: Path) -> Result:
    with app.app_context():
        return FlaskCliRunner(app).invoke(commands.restore_command, [str(file)])


def test_mail_is_held_after_a_restore_until_staff_let_it_leave(
    db: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    person = PersonFactory()
    notice = outbox.Notice("test", "Hello", "Hello\n", "<p>Hello</p>", person_id=person.id)
    outbox.post(person.address, notice, once="one")
    db.commit()
    backup.write(tmp_path / "a.backup", "")
    other = lend_app(DATABASE_URL=new_database("sqlite"))
    run_restore(other, tmp_path / "a.backup")

    with other.app_context():
        engine.work()
        assert session.scalars(select(Message.state)).all() == [SendState.WAITING]
        hold = holding.current()
        assert hold is not None
        assert hold.reason == HoldReason.RESTORED
        assert holding.release()
        session.commit()
        engine.work()
        session.expire_all()
        assert session.scalars(select(Message.state)).all() == [SendState.SENT]


def test_a_restore_that_was_stopped_after_its_rows_goes_on(
    db: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    person = PersonFactory()
    db.commit()
    backup.write(tmp_path / "a.backup", "")
    unsubscribe(person.id, Agreement(Purpose.EVENTS, "events-1", "mail"))
    db.commit()
    ledger.write(tmp_path)
    other = lend_app(DATABASE_URL=new_database("sqlite"))
    with other.app_context():
        restore.restore(tmp_path / "a.backup", "")
        assert not holding.release()

    answer = run_restore(other, tmp_path / "a.backup")

    assert "there already" in answer.output
    with other.app_context():
        assert session.scalars(select(Unsubscription.purpose)).all() == [Purpose.EVENTS]
        assert holding.release()


def test_backups_are_made_when_they_are_due_and_old_ones_go(
    lend_app: MakeApp, tmp_path: Path
) -> None:
    app = lend_app(BACKUP_DIR=str(tmp_path), BACKUPS_KEPT="2", BACKUP_HOURS="24")
    with app.app_context():
        for hours in (1, 26, 51):
            old = tmp_path / shelf.name_of(clock.now() - timedelta(hours=hours))
            old.write_bytes(b"")
        assert shelf.make_due() is None
        shelf.backups(tmp_path)[0].unlink()

        made = shelf.make_due()

        assert made is not None
        assert shelf.backups(tmp_path)[0] == made
        assert len(shelf.backups(tmp_path)) == 2
        age = shelf.age(tmp_path)
        assert age is not None
        assert age < timedelta(minutes=1)


def test_a_killed_backup_leaves_the_old_file_or_the_new(
    settings: dict[str, str], full: Session, tmp_path: Path
) -> None:
    """`make faults` has the random moments; here are three."""
    assert_survives_kills(settings, tmp_path / "a.backup", (0.05, 0.2, 0.4))


WRITES = """import os, pathlib, sys
from app import create_app
from app.upkeep import backup
app = create_app()
print("ready", flush=True)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        with app.app_context():
            while True:
                backup.write(pathlib.Path(sys.argv[1]), "")
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""
"""A process that loads the program once and lets a child of its own write, again and again."""


def assert_survives_kills(settings: dict[str, str], file: Path, delays: Iterable[float]) -> None:
    backup.write(file, "")
    command = [sys.executable, "-c", WRITES, str(file)]
    with subprocess.Popen(
        command,
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        for delay in delays:
            print("go", file=parent.stdin, flush=True)
            child = int(parent.stdout.readline())
            time.sleep(delay)
            os.kill(child, signal.SIGKILL)
            assert parent.stdout.readline() == "ended\n"
            content = gzip.decompress(file.read_bytes())
            assert content.splitlines()[-1].startswith(b'{"end"')
