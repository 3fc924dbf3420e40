"""One test run: the servers that all its processes share, and their end.

The first test that needs a server starts it, under a lock, so that a run which needs none waits for
none. The process that started the run stops them by their process ids; servers that a killed run
left behind are stopped by the next one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from tests.services import postgres, redis_server
from tests.services.processes import is_gone, wait_until

PREFIX = "whereas-tests-"


class Run:
    """What the processes of one run have in common; the folder tells them where the servers are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls) -> Run:
        for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
            with suppress(psutil.NoSuchProcess, FileNotFoundError):  # another run is faster
                if folder.owner() == _me() and not psutil.pid_exists(_pid_of(folder)):
                    cls(folder).end()
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        folder.chmod(0o711)  # the unprivileged PostgreSQL passes through it
        return cls(folder)

    def new_folder(self, purpose: str) -> Path:
        """An empty folder that unprivileged servers can reach, unlike pytest's."""
        folder = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=self.folder))
        folder.chmod(0o755)
        return folder

    def postgres(self) -> str:
        """URL of a PostgreSQL server on which this run may create and drop databases."""
        return os.environ.get("TEST_DATABASE_URL") or self.once("postgres", self._start_postgres)

    def redis(self) -> str:
        """URL of a Redis server whose databases this run may empty."""
        return os.environ.get("TEST_REDIS_URL") or self.once("redis", self._start_redis)

    @property
    def prefix(self) -> str:
        """How the names of this run's databases begin, on a server that others use too."""
        return self.folder.name.replace("-", "_").lower()

    def once(self, name: str, make: Callable[[], str]) -> str:
        """The answer of `make`, which only the first of all processes calls."""
        answer = self.folder / f"{name}.answer"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not answer.exists():
                answer.write_text(make())
            return answer.read_text()

    def _start_postgres(self) -> str:
        server = postgres.Postgres(self.folder / "postgres")
        server.create()
        server.start()
        return server.url

    def _start_redis(self) -> str:
        server = redis_server.Redis(self.folder / "redis")
        server.start()
        return server.url

    def end(self) -> None:
        """Stop the servers, drop what was made on servers that were given, and clean up."""
        servers = list(self._servers())
        for server in servers:
            server.send_signal(signal.SIGQUIT if "postgres" in server.cwd() else signal.SIGTERM)
        for server in servers:
            wait_until(partial(is_gone, server), f"the end of {server}")
        if os.environ.get("TEST_DATABASE_URL"):
            postgres.drop_all(os.environ["TEST_DATABASE_URL"], self.prefix)
        shutil.rmtree(self.folder)

    def _servers(self) -> Iterator[psutil.Process]:
        """The processes named in the pid files, when they are still the ones that wrote them."""
        for file in (self.folder / "postgres/data/postmaster.pid", self.folder / "redis/pid"):
            if not file.exists():
                continue
            pid = int(file.read_text().split()[0])
            if psutil.pid_exists(pid) and not is_gone(psutil.Process(pid)):
                server = psutil.Process(pid)
                if Path(server.cwd()).is_relative_to(self.folder):
                    yield server


def _pid_of(folder: Path) -> int:
    return int(folder.name.removeprefix(PREFIX).partition("-")[0])


def _me() -> str:
    return str(psutil.Process().username())
