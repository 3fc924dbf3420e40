"""Commands wait until somebody asks, and what only they need stays out of web and worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click import Command, Context
from werkzeug.utils import import_string

import wsgi
from app import COMMANDS
from app.foundation import revisions
from app.foundation.later import LaterGroup
from app.foundation.migrate import alembic_config
from app.foundation.web import Whereas
from tests.shape.sources import ROOT

SERVES = """
import json, sys
import wsgi
answer = wsgi.app.test_client().get("/healthz")
print(json.dumps([answer.status_code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
WORKS = """
import json, sys
import tasks
tasks.celery.loader.import_default_modules()
from tasks.celery_app import flask_app
flask_app()
print(json.dumps([200, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
NEVER = {
    "PIL",
    "alembic",
    "charset_normalizer",
    "cryptography",
    "docx",
    "email_validator",
    "icalendar",
    "lxml",
    "mako",
    "phonenumbers",
    "prometheus_client",
    "seeds",
    "segno",
    "typst",
    "waitress",
}


@pytest.mark.parametrize("program", [SERVES, WORKS], ids=["web", "worker"])
def test_a_process_leaves_out_what_only_commands_and_children_need(
    program: str, tmp_path: Path
) -> None:
    settings = {"WHEREAS_ENV": "test", "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        check=True,
    )
    status, modules = json.loads(done.stdout)
    assert status == 200
    assert set(modules) & {"flask", "sqlalchemy", "celery"} == {"flask", "sqlalchemy", "celery"}
    assert set(modules) & NEVER == set()


@pytest.mark.parametrize(("name", "place"), sorted((COMMANDS | wsgi.COMMANDS).items()))
def test_every_place_holds_a_command_with_a_sentence_about_it(name: str, place: str) -> None:
    found = import_string(place)
    assert isinstance(found, Command)
    assert found.name == name
    assert found.get_short_help_str()


def test_the_app_names_its_commands_without_loading_them() -> None:
    group = LaterGroup("program")
    group.places["db"] = COMMANDS["db"]
    context = Context(group)
    assert group.list_commands(context) == ["db"]
    assert group.commands == {}
    assert group.get_command(context, "db") is import_string(COMMANDS["db"])
    assert group.get_command(context, "nothing") is None


def test_commands_run_when_they_are_asked_for(app: Whereas) -> None:
    answer = app.test_cli_runner().invoke(args=["campaigns", "--help"])
    assert answer.exit_code == 0
    assert "import-legislators" in answer.output


def test_migrations_are_known_by_the_names_of_their_files() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    in_order = [each.revision for each in script.walk_revisions()]
    assert list(revisions.known()) == in_order[::-1]
    assert revisions.newest() == script.get_current_head()
