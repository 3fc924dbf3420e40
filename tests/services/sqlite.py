"""One SQLite file for all tests of a process, emptied between them.

A copy of the file for each test costs its megabytes again and again, and so does every connection
to it, which reads the whole schema anew.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

TABLES = """
    SELECT name FROM sqlite_master AS one
    WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %' AND name NOT GLOB 'sqlite_*'
    AND NOT EXISTS (  -- the tables behind a virtual one follow it by themselves
        SELECT 1 FROM sqlite_master AS other
        WHERE other.sql LIKE 'CREATE VIRTUAL %' AND one.name GLOB other.name || '_*'
    )
"""
VERSION = "alembic_version"


class Emptier:
    """Deletes all rows of a copy of `template`; where a test changed more, it makes another copy.

    That one gets another name, so that whoever kept a connection to the old one notices.
    """

    def __init__(self, template: Path, name: str) -> None:
        self.template = template
        self.name = name
        self.copies = 0
        self._copy()

    def _copy(self) -> None:
        self.copies += 1
        self.file = self.template.with_name(f"{self.copies}_{self.name}")
        shutil.copyfile(self.template, self.file)
        self.connection = sqlite3.connect(self.file, timeout=10, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("PRAGMA foreign_keys = OFF")  # no order to keep
        self.tables = [name for (name,) in self.connection.execute(TABLES) if name != VERSION]
        rows = ", ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in self.tables)  # noqa: S608
        self.has_rows = f"SELECT {rows}"
        self.made = self._state()

    def _state(self) -> tuple[int, int]:
        """Other numbers where the file or its schema is another one."""
        [(schema,)] = self.connection.execute("PRAGMA schema_version")
        return self.file.stat().st_ino, schema

    def empty(self) -> str:
        """The URL of a file without rows."""
        if not self.file.exists() or self._state() != self.made:
            self.close()
            self._copy()
        [found] = self.connection.execute(self.has_rows)
        filled = [name for name, has_rows in zip(self.tables, found, strict=True) if has_rows]
        if filled:
            steps = "".join(f'DELETE FROM "{name}";' for name in filled)  # noqa: S608
            self.connection.executescript(f"BEGIN IMMEDIATE; {steps} COMMIT")
        return f"sqlite:///{self.file}"

    def close(self) -> None:
        self.connection.close()
        for suffix in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
