"""Moving the demo's clock: the reminders on the way go out at their time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from app.digests import series
from app.digests.models import Item, SeriesName
from app.events import reminders
from app.foundation import clock
from app.foundation.db import db
from app.foundation.web import Whereas
from app.mail import ahead, maildir
from app.people.models import DigestEvery
from tasks.demo_commands import demo_group
from tests.conftest import MakeApp
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    ToDoFactory,
    member_of,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(lend_app: MakeApp) -> Whereas:
    return lend_app(WHEREAS_ENV="demo", MAIL_PAUSE_SECONDS="0")


def folder_of(app: Whereas) -> Path:
    return Path(app.config["SMTP_URL"].removeprefix("maildir://"))


def subjects(app: Whereas) -> list[str]:
    return [message.subject for message in reversed(maildir.list_messages(folder_of(app)))]


def texts(app: Whereas) -> list[str]:
    folder = folder_of(app)
    return [maildir.read_message(folder, one.name).text for one in maildir.list_messages(folder)]


def test_no_reminder_is_jumped_over(demo: Whereas) -> None:
    with demo.app_context():
        starts_at = clock.now() + timedelta(days=10)
        event = EventFactory(title="Reading", time_zone="UTC", starts_at=starts_at)
        event.wall_start = starts_at.replace(tzinfo=None)
        SignUpFactory(event=event)
        reminders.schedule(event)
        db.commit()
        goal = clock.now() + timedelta(days=30)

        ahead.advance_to(goal, plan=db.rollback)

        assert abs(clock.now() - goal) < timedelta(seconds=30)
    assert len(subjects(demo)) == 4  # and thanks when it is over
    assert all("Reading" in subject for subject in subjects(demo))


def test_what_is_due_later_waits(demo: Whereas) -> None:
    with demo.app_context():
        event = EventFactory()
        SignUpFactory(event=event)
        reminders.schedule(event)
        db.commit()

        ahead.advance_to(clock.now() + timedelta(hours=12), plan=db.rollback)

    assert subjects(demo) == []


def test_each_week_on_the_way_brings_its_digest(demo: Whereas) -> None:
    with demo.app_context():
        PersonFactory(digest_every=DigestEvery.WEEKLY)
        today, now = clock.today(), clock.now()
        days = {"from_on": today, "until_on": today + timedelta(days=60)}
        known = {"created_at": now - timedelta(days=1), "updated_at": now - timedelta(days=1)}
        db.add(Item(title="Council voted", is_pinned=True, **days, **known))
        series.switch(SeriesName.WEEKLY, on=True)
        db.commit()

        told = CliRunner().invoke(demo_group, ["advance", "22d"], obj=ScriptInfo())

    assert told.exit_code == 0, told.output
    assert len(subjects(demo)) == 3


def test_mails_of_a_second_terminal_lead_to_the_running_demo(demo: Whereas) -> None:
    var = Path(demo.config["VAR_DIR"])
    var.mkdir(exist_ok=True)
    (var / "demo_address").write_text("http://127.0.0.1:5001")
    with demo.app_context():
        event = EventFactory(starts_at=clock.now() + timedelta(days=2))
        SignUpFactory(event=event)
        reminders.schedule(event)
        db.commit()

        told = CliRunner().invoke(demo_group, ["advance", "3d"], obj=ScriptInfo())

    assert told.exit_code == 0, told.output
    assert texts(demo)
    assert all("http://127.0.0.1:5001/events/" in each for each in texts(demo))


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = os.environ | {"PORT": str(port), "VAR_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.endswith(
        f"Port {port} is taken by another program; set PORT, for example {port + 1}.\n"
    )
    assert "Traceback" not in done.stderr


def test_a_monday_on_the_way_brings_the_mail_of_the_week(demo: Whereas) -> None:
    with demo.app_context():
        today = clock.today()
        until_monday = timedelta(days=7 - today.weekday())
        home = AllianceFactory()
        ana = member_of(home, time_zone="America/New_York")
        on = today + until_monday + timedelta(days=3)
        ToDoFactory(alliance=home, title="Book the room", owner=ana, due_on=on)
        db.commit()

        tuesday = f"{until_monday.days + 1}d"
        told = CliRunner().invoke(demo_group, ["advance", tuesday], obj=ScriptInfo())

    assert told.exit_code == 0, told.output
    assert sum("Book the room" in each for each in texts(demo)) == 1
