"""Every command says in a sentence that its database cannot be used, and ends with status 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from werkzeug.utils import import_string

import wsgi
from app import COMMANDS
from app.foundation import revisions
from app.foundation.db import Database
from app.foundation.web import Whereas
from tests.services.processes import free_port

ALL = COMMANDS | wsgi.COMMANDS
TABLE = "name,email\nAna,ana@example.org\n"
ARGUMENTS = {
    "accounts create-admin": ["ana@example.org", "Ana"],
    "alliances import": ["list.csv", "--preview"],
    "backup": ["all.backup"],
    "campaigns export": [],
    "campaigns import": ["list.json"],
    "db check": [],
    "db downgrade": ["base"],
    "db upgrade": [],
    "events import": ["list.csv", "--preview"],
    "export everything": ["all.zip"],
    "library check": [],
    "organizations import": ["list.csv", "--preview"],
    "people import": ["list.csv", "--preview"],
    "seed demo": [],
    "seed reference": [],
    "seed scale": ["--people", "1"],
    "serve": [],
}
ELSEWHERE = {
    "campaigns import-divisions",  # reads its file first
    "campaigns import-legislators",
    "db revision",  # for developers
    "demo",  # serves until it is stopped
    "demo advance",  # rests on the context that `flask` itself gives
    "import everything",  # the three read a whole file first: see tests/upkeep
    "library import debate",
    "restore",
    "mail check",  # these need no database
    "mail dkim-key",
    "production-check",  # says it among its findings
    "upgrade",  # says beside it what stands: see tests/tasks
}


def _leaves(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    if command.invoke_without_command:
        yield name
    for each in command.commands:
        yield from _leaves(f"{name} {each}", command.commands[each])


def test_every_command_is_tried_or_named_with_the_reason_why_not() -> None:
    every = {leaf for name in ALL for leaf in _leaves(name, import_string(ALL[name]))}
    assert every == set(ARGUMENTS) | ELSEWHERE


@pytest.fixture(params=["no database", "no folder", "no server"])
def broken(
    request: pytest.FixtureRequest,
    app: Whereas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Whereas:
    """The program with files to read, on a database that cannot be opened."""
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(TABLE)
    Path("list.json").write_text("[]")
    Path("text").write_text("this is a text and no database, and it is long enough to be read")
    address = {
        "no database": "sqlite:///text",
        "no folder": "sqlite:///text/below/it.db",
        "no server": f"postgresql+psycopg://ana:secret@127.0.0.1:{free_port()}/none",
    }[request.param]
    app.extensions["database"] = Database(address)
    app.config |= {"DEMO": True, "VAR_DIR": str(tmp_path)}
    app.cli.places.update(ALL)
    return app


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", sorted(ARGUMENTS))
def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(
    broken: Whereas, command: str
) -> None:
    answer = broken.test_cli_runner().invoke(args=[*command.split(), *ARGUMENTS[command]])

    assert isinstance(answer.exception, SystemExit), answer.exception
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stderr.startswith("Error: The database "), answer.stderr
    assert " could not be used: " in answer.stderr
    assert "secret" not in answer.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
def test_a_revision_that_does_not_exist_is_told_in_a_sentence(app: Whereas, command: str) -> None:
    answer = app.test_cli_runner().invoke(args=["db", command, "nonsense"])

    assert isinstance(answer.exception, SystemExit), answer.exception
    assert answer.exit_code == 1
    assert answer.stderr.endswith("Error: Can't locate revision identified by 'nonsense'\n")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [["upgrade"], ["downgrade", "base"], ["check"]])
def test_a_database_that_is_newer_than_the_program_is_not_migrated(
    app: Whereas, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(revisions, "known", lambda: ("0001",))

    answer = app.test_cli_runner().invoke(args=["db", *command])

    assert answer.exit_code == 1
    assert answer.stderr == f"Error: The database cannot be migrated. {revisions.NEWER}\n"
