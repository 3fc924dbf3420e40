"""The servers and settings under all measurements: one PostgreSQL, one Redis, one filled database.

The program runs with the settings of production, behind what looks like one proxy with TLS.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from app import create_app
from app.foundation.db import database
from app.foundation.web import Whereas
from bench import world
from bench.load import HOST
from tests import databases
from tests.services import postgres, redis_server
from tests.services.run import Run

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ground:
    """A filled database, and an app of this process on it; `settings` are for other processes.

    `folder` goes with the run; the logs of what was measured stay in `logs`.
    """

    run: Run
    folder: Path
    settings: dict[str, str]
    app: Whereas

    @property
    def database_url(self) -> str:
        return self.settings["DATABASE_URL"]

    @property
    def logs(self) -> Path:
        logs = ROOT / "var" / "bench"
        logs.mkdir(parents=True, exist_ok=True)
        return logs

    def cpu(self) -> float:
        """Seconds that this run's PostgreSQL has worked; 0 where we cannot look into it."""
        file = self.run.folder / "postgres" / "data" / "postmaster.pid"
        if not file.exists():
            return 0.0
        server = psutil.Process(int(file.read_text().split()[0]))
        seconds = sum(server.cpu_times())  # with its children that ended
        for child in server.children():
            with suppress(psutil.NoSuchProcess):
                seconds += sum(child.cpu_times()[:2])
        return seconds

    @property
    def environment(self) -> dict[str, str]:
        """What programs of ours are started with."""
        return os.environ | self.settings | {"FLASK_APP": "wsgi", "PYTHONUNBUFFERED": "1"}


@contextmanager
def prepared() -> Iterator[Ground]:
    """Start the servers, migrate and fill a database, and stop everything in the end."""
    run = Run.begin()
    try:
        folder = run.new_folder("bench")
        url = postgres.recreate(run.postgres(), f"{run.prefix}_bench")
        databases.migrate(url, folder)
        settings = _settings(url, run, folder)
        app = create_app(settings)
        with app.app_context():
            world.fill()
            world.analyze()
        yield Ground(run, folder, settings, app)
        with app.app_context():
            database().engine.dispose()
    finally:
        run.end()


@contextmanager
def beside(ground: Ground, url: str) -> Iterator[Ground]:
    """Another database with the same settings: migrated, and empty."""
    folder = ground.run.new_folder("beside")
    databases.migrate(url, folder)
    settings = ground.settings | {"DATABASE_URL": url, "VAR_DIR": str(folder)}
    app = create_app(settings)
    yield Ground(ground.run, folder, settings, app)
    with app.app_context():
        database().engine.dispose()


def _settings(url: str, run: Run, folder: Path) -> dict[str, str]:
    return {
        "WHEREAS_ENV": "production",
        "DATABASE_URL": url,
        "REDIS_URL": redis_server.with_database(run.redis(), 0),
        "SMTP_URL": "",
        "BASE_URL": f"https://{HOST}",
        "SECRET_KEY": "a secret of benchmarks, which guard nothing",
        "TRUSTED_PROXIES": "1",
        "VAR_DIR": str(folder),
        "SITE_NAME": "Coalition for Justice",
        "POSTAL_ADDRESS": "1 Justice Plaza, New York, NY 10017",
        "PRIVACY_CONTACT": "privacy@example.org",
        "MAIL_DOMAIN": "example.org",
        "REPLY_TO": "staff@example.org",
        "MAILS_A_WEEK": "0",
        "PAGE_SECONDS": "0",
    }
