"""The demo as people start it, in a process of its own, and the mail it sends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import create_app
from app.foundation.db import database
from app.mail import maildir
from seeds.commands import make_demo
from tests import databases
from tests.services.processes import free_port
from tests.services.run import Run

ROOT = Path(__file__).parents[2]
FLASK = (sys.executable, "-m", "flask")
START_SECONDS = 90.0
MAIL_SECONDS = 30.0


@dataclass(frozen=True)
class Site:
    """A running demo: its address, and the folder with all it keeps."""

    url: str
    var: Path
    environment: dict[str, str]

    def advance(self, span: str) -> None:
        """Move its clock, as a second terminal does."""
        subprocess.run(
            [*FLASK, "demo", "advance", span],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def mail_to(self, recipient: str, subject: str) -> maildir.StoredMessage:
        """The newest mail to somebody whose subject holds these words; waits for it."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for one in maildir.list_messages(self.var / "mail", recipient):
                if subject in one.subject:
                    return maildir.read_message(self.var / "mail", one.name)
            time.sleep(0.1)
        raise AssertionError(f"no mail to {recipient} with the subject {subject!r}")

    def link_in(self, message: maildir.StoredMessage, part: str) -> str:
        """The link of a text mail whose address holds `part`."""
        links = [link for link in re.findall(r"https?://\S+", message.text) if part in link]
        assert len(links) == 1, f"{part} in {links}"
        return links[0]


def new_world(run: Run, var: Path) -> None:
    """Fill a folder with the demo world, which is made once for each test run."""
    shutil.copytree(run.once("demo_world", lambda: _world(run)), var, dirs_exist_ok=True)


def _world(run: Run) -> str:
    var = run.folder / "demo_world"
    var.mkdir()
    databases.new_sqlite(run, var / "whereas.db")
    app = create_app({"WHEREAS_ENV": "demo", "VAR_DIR": str(var)})
    with app.app_context():
        make_demo()
        database().engine.dispose()
    return str(var)


@contextmanager
def running(var: Path, log_level: str = "WARNING") -> Iterator[Site]:
    """Start `flask demo`, wait until it answers, and end it by its process id."""
    port = free_port()
    environment = {
        **os.environ,
        "FLASK_APP": "wsgi",
        "WHEREAS_ENV": "demo",
        "VAR_DIR": str(var),
        "MAIL_PAUSE_SECONDS": "0",
        # A page is looked at right after somebody changed it.
        "PAGE_SECONDS": "0",
        "PORT": str(port),
        "SWEEP_SECONDS": "0.5",
        "LOG_LEVEL": log_level,
    }
    log = var / "demo.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*FLASK, "demo"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        site = Site(f"http://127.0.0.1:{port}", var, environment)
        _wait_for(site.url, process, log)
        yield site
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310  ours
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the demo did not start:\n{log.read_text()}")
