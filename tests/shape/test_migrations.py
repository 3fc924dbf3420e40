"""Migrations: one line of them, up and down on both databases, ending where the models stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, table, text

from app.foundation.db import Base, database
from app.foundation.migrate import alembic_config
from app.foundation.web import Whereas
from tests import databases
from tests.services.run import Run
from tests.shape import samples
from tests.shape.sources import ROOT

Seen = TypeVar("Seen")
REVISIONS = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())[::-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, run: Run, tmp_path: Path, worker_id: str) -> str:
    """A database that no other test uses, for it may be left in pieces."""
    if request.param == "sqlite":
        return databases.new_sqlite(run, tmp_path / "migrated.db")
    return databases.new_postgresql(run, f"{worker_id}_migrated")


@pytest.fixture
def connection(app: Whereas) -> Iterator[Connection]:
    with app.app_context(), database().engine.connect() as connection:
        yield connection


def has_model(name: str | None, kind: str, _parents: object = None) -> bool:
    """Full text has none: a column and its index, or on SQLite a table and those behind it."""
    full_text = {"column": "word_vector", "index": "ix_library_entry_words"}
    return not str(name).startswith(full_text.get(kind, "library_entry_words"))


def differences(connection: Connection) -> list[object]:
    opts = {"compare_type": True, "include_name": has_model}
    context = MigrationContext.configure(connection, opts=opts)
    return compare_metadata(context, Base.metadata)


def schema(connection: Connection) -> dict[str, object]:
    """Everything that a migration may change, in a form that can be compared."""
    found = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column.get("default"))
                for column in found.get_columns(table)
            },
            "indexes": sorted(str(index["name"]) for index in found.get_indexes(table)),
            "unique": sorted(str(each["name"]) for each in found.get_unique_constraints(table)),
            "checks": sorted(str(check["name"]) for check in found.get_check_constraints(table)),
            "foreign": sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_migrations_are_numbered_in_order() -> None:
    numbers = [revision.revision for revision in REVISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    files = sorted(file.name for file in (ROOT / "migrations" / "versions").glob("*.py"))
    assert [name for name in files if not re.match(r"\d{4}_\w+\.py$", name)] == []


def test_models_equal_migrations(connection: Connection) -> None:
    assert differences(connection) == []


def test_a_forgotten_migration_is_noticed(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE forgotten (id INTEGER)"))
    assert [difference[0] for difference in differences(connection)] == ["remove_table"]
    connection.rollback()


def test_migrations_leave_no_rows_behind(connection: Connection) -> None:
    """Tests empty the tables by deleting all rows; reference data belongs to the seeds."""
    full = [
        table.name
        for table in Base.metadata.sorted_tables
        if connection.execute(table.select().limit(1)).first()
    ]
    assert full == []


def test_each_migration_goes_down_and_up_again(app: Whereas) -> None:
    """All the way down to nothing, and up step by step to the same schema at each stop."""
    config = alembic_config()
    with app.app_context():
        stops = {}
        for revision in reversed(REVISIONS):
            stops[revision.revision] = look(schema)
            command.downgrade(config, "-1")
        assert look(schema) == {}
        for revision in REVISIONS:
            command.upgrade(config, revision.revision)
            assert look(schema) == stops[revision.revision]


def test_each_migration_goes_down_and_up_with_data(app: Whereas) -> None:
    """Every table has a row at first; a table keeps its rows as long as it stands."""
    config = alembic_config()
    with app.app_context():
        with database().writing.begin() as connection:
            samples.fill(connection)
        full = look(rows)
        assert 0 not in full.values()
        for revision in reversed(REVISIONS):
            above = look(rows)
            command.downgrade(config, "-1")
            below = look(rows)
            assert {table: above.get(table) for table in below} == below
            command.upgrade(config, revision.revision)
            assert {table: count for table, count in look(rows).items() if count} == below
            command.downgrade(config, "-1")
        command.upgrade(config, "head")
        assert look(rows) == dict.fromkeys(full, 0)


def look(at: Callable[[Connection], Seen]) -> Seen:
    with database().engine.connect() as connection:
        return at(connection)


def rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    tables = {name for name in tables if has_model(name, "table")}
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in tables
    }
