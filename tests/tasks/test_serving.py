"""`flask serve` as a real process: it serves, comes back after a kill, starts anew, and ends."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from app.foundation import revisions
from app.foundation.web import Whereas
from app.upkeep import shelf
from tasks import serving, supervisor
from tests import databases
from tests.conftest import MakeApp
from tests.services.processes import free_port, wait_until
from tests.services.run import Run
from tests.services.smtp import SmtpServer
from tests.shape.sources import ROOT

MEGABYTES = 250
START = 90
"""Seconds that a start may take where other tests keep the machine busy."""
PRODUCTION = {
    "WHEREAS_ENV": "production",
    "BASE_URL": "https://alliances.example.org",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "SITE_NAME": "Your Coalition",
    "POSTAL_ADDRESS": "1 Justice Plaza, New York, NY 10017",
    "PRIVACY_CONTACT": "privacy@example.org",
    "MAIL_DOMAIN": "example.org",
    "REPLY_TO": "staff@example.org",
    "PASSWORD_MEMORY": "19",
    "TRUSTED_PROXIES": "1",
}


class Site:
    """`flask serve` on a port of its own."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"],
            cwd=ROOT,
            env=os.environ | settings | {"FLASK_APP": "wsgi", "PORT": str(self.port)},
        )

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return b'"seconds_since_sweep":null' not in answer.read().replace(b" ", b"")
        except (URLError, OSError):
            return False

    def child(self) -> psutil.Process:
        (found,) = psutil.Process(self.process.pid).children()
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture
def site(settings: dict[str, str], smtp_server: SmtpServer) -> Iterator[Site]:
    site = Site(settings | {"SMTP_URL": smtp_server.url, "SWEEP_SECONDS": "0.5"})
    try:
        wait_until(site.answers, "the first answer", START)
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_comes_back_after_a_kill_starts_anew_and_ends(site: Site) -> None:
    first = site.child()
    both = [psutil.Process(site.process.pid), first]
    assert sum(each.memory_full_info().pss for each in both) < MEGABYTES * 2**20

    first.kill()
    wait_until(lambda: not first.is_running() and site.answers(), "coming back", START)
    second = site.child()
    assert second.pid != first.pid

    site.process.send_signal(signal.SIGHUP)
    wait_until(lambda: not second.is_running() and site.answers(), "starting anew", START)

    assert site.stop() == 0
    assert not site.answers()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_supervisor_is_answered_where_only_the_public_name_is(
    settings: dict[str, str], smtp_server: SmtpServer
) -> None:
    public = PRODUCTION | {"SMTP_URL": smtp_server.url}
    site = Site(settings | public)
    try:
        here, name = ("127.0.0.1", site.port), "alliances.example.org"
        wait_until(
            lambda: supervisor.answers(*here, name), "an answer under the public name", START
        )
        assert not supervisor.answers(*here, "127.0.0.1")
    finally:
        assert site.stop() == 0


@pytest.mark.parametrize(("may_take", "end"), [(60, "with 0"), (0, "is started again")])
def test_a_child_that_does_not_answer_yet_is_left_time_to_start(
    may_take: float, end: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "START_SECONDS", may_take)
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.01)
    slow = [sys.executable, "-c", "import time; time.sleep(2)"]

    supervisor._attend(slow, ("127.0.0.1", free_port()), "localhost", supervisor._Wishes())

    assert end in capfd.readouterr().err


def test_an_upgrade_backs_up_and_checks(
    make_app: MakeApp, settings: dict[str, str], tmp_path: Path
) -> None:
    app = make_app(BACKUP_DIR=str(tmp_path / "backups"))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = call(app, "upgrade")

    assert answer.exit_code == 0, answer.output
    assert "fits the new version" in answer.output
    assert len(shelf.backups(tmp_path / "backups")) == 1


def test_an_upgrade_that_cannot_back_up_changes_nothing(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app = make_app(BACKUP_DIR=str(tmp_path / "file" / "backups"))

    answer = call(app, "upgrade")

    assert answer.exit_code == 1
    assert "Nothing was changed; the old version goes on as it was." in answer.output


def test_an_upgrade_to_a_program_that_is_older_than_the_database_changes_nothing(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(BACKUP_DIR=str(tmp_path / "backups"))
    monkeypatch.setattr(revisions, "known", lambda: ("0001",))

    answer = call(app, "upgrade")

    assert answer.exit_code == 1
    assert f"The database cannot be migrated. {revisions.NEWER}" in answer.output
    assert "Nothing was changed; the old version goes on as it was." in answer.output
    assert not shelf.backups(tmp_path / "backups")


def test_an_upgrade_to_a_program_that_expects_another_schema_says_what_was_done(
    settings: dict[str, str], tmp_path: Path, run: Run
) -> None:
    place = tmp_path / "own.db"
    own = {"DATABASE_URL": databases.new_sqlite(run, place), "BACKUP_DIR": str(tmp_path / "kept")}
    with sqlite3.connect(place) as connection:
        connection.execute("ALTER TABLE upload ADD COLUMN of_tomorrow INTEGER")

    answer = subprocess.run(
        [sys.executable, "-m", "flask", "upgrade"],
        cwd=ROOT,
        env=os.environ | settings | own | {"FLASK_APP": "wsgi"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1, answer.stderr
    assert "All migrations are done" in answer.stderr
    assert "The site starts anew." not in answer.stdout


def test_the_check_before_production_says_what_is_missing(app: Whereas) -> None:
    answer = call(app, "production-check")

    assert answer.exit_code == 1
    for sentence in (
        "WHEREAS_ENV is not production",
        "run flask seed reference",
        "run flask accounts create-admin",
        "SMTP_URL is empty",
        "BASE_URL does not begin with https",
        "BACKUP_DIR is empty",
    ):
        assert sentence in answer.output


def call(app: Whereas, name: str) -> Result:
    commands = {
        "upgrade": serving.upgrade_command,
        "production-check": serving.production_check_command,
    }
    with app.app_context():
        return FlaskCliRunner(app).invoke(commands[name])
