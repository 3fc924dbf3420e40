"""Moving in and out at full size, on both databases: an import, a backup, a restore, an export.

Each is the command of whoever runs the program, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select, update

from app.foundation import edge
from app.foundation.db import db
from app.people.models import Person
from bench import ground, installed, world
from bench.figures import Figure
from bench.ground import ROOT, Ground
from seeds import commands
from tests import databases
from tests.services import postgres

ROWS = 50_000
FEW_ROWS = 10_000
PEOPLE = 100_000
PAUSE = 0.005
"""Seconds between two writes of the one who goes on writing."""
KEY = "a key of benchmarks, which guard nothing"


def measure(prepared: Ground) -> Iterator[Figure]:
    """The figures of PostgreSQL, then of SQLite."""
    for name in ("PostgreSQL", "SQLite"):
        with ground.beside(prepared, _new(prepared, name, "imports")) as empty:
            yield from _importing(empty, name)
        with ground.beside(prepared, _new(prepared, name, "backups")) as full:
            with full.app.app_context():
                world.fill(PEOPLE)
                world.analyze()
            yield from _backing_up(full, name, _new(prepared, name, "restored"))


def _new(prepared: Ground, name: str, purpose: str) -> str:
    if name == "PostgreSQL":
        return postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_{purpose}")
    file = prepared.folder / f"{purpose}.db"
    file.unlink(missing_ok=True)
    return f"sqlite:///{file}"


def _importing(empty: Ground, name: str) -> Iterator[Figure]:
    with empty.app.app_context():
        commands.reference()
    memory = []
    for rows in (FEW_ROWS, ROWS):
        file = _list(empty.folder / f"{rows}.csv", rows)
        seconds, megabytes = _flask(
            empty, {}, "people", "import", str(file), "--apply", "--no-lists"
        )
        memory.append(megabytes)
    yield Figure(f"import of {ROWS:,} rows, {name}", seconds, "s", goal="≤ 60")
    more = memory[1] - memory[0]
    yield Figure(f"more memory than for {FEW_ROWS:,} rows, {name}", more, "MB", goal="≤ 40")


def _list(file: Path, rows: int) -> Path:
    with file.open("w") as out:
        out.write("first_name,last_name,email,zip_code,phone,status\n")
        for number in range(rows):
            address = f"of{rows}.p{number}@example.org"
            out.write(f"Ana,Núñez {number},{address},43215,,subscribed\n")
    return file


def _backing_up(full: Ground, name: str, into: str) -> Iterator[Figure]:
    key = {"BACKUP_KEY": KEY}
    file, everything = full.folder / "all.backup", full.folder / "all.zip"
    with _Writing(full) as writing:
        seconds, _ = _flask(full, key, "backup", str(file))
    yield Figure(f"backup of {PEOPLE:,} people, {name}", seconds, "s", goal="≤ 30")
    yield Figure(f"a writer's longest wait meanwhile, {name}", writing.longest, "s", goal="≤ 1")
    databases.migrate(into, full.folder)
    seconds, _ = _flask(full, key | {"DATABASE_URL": into}, "restore", str(file))
    yield Figure(f"restore of {PEOPLE:,} people, {name}", seconds, "s", goal="≤ 60")
    seconds, _ = _flask(full, {}, "export", "everything", str(everything))
    yield Figure(f"export of {PEOPLE:,} people, {name}", seconds, "s", goal="≤ 60")


def _flask(on: Ground, more: dict[str, str], *command: str) -> tuple[float, float]:
    """Seconds that a command takes, its start among them, and the most megabytes it held."""
    began = time.monotonic()
    child = subprocess.Popen(
        installed.command("flask", *command),
        cwd=ROOT,
        env=on.environment | more,
        stdout=subprocess.DEVNULL,
        stderr=(on.logs / "moving.log").open("ab"),
    )
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"flask {' '.join(command)} ended with {child.returncode}")
    return time.monotonic() - began, used.ru_maxrss / 1024


class _Writing:
    """Somebody who goes on writing; `longest` is what a write took at most, in seconds."""

    def __init__(self, on: Ground) -> None:
        self.longest = 0.0
        self._app = on.app
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> _Writing:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        with self._app.app_context():
            with edge.reading():
                somebody = db.scalars(select(Person.id)).first()
            while not self._over.wait(PAUSE):
                began = time.perf_counter()
                with edge.step():
                    db.execute(update(Person).where(Person.id == somebody).values(language="es"))
                self.longest = max(self.longest, time.perf_counter() - began)
