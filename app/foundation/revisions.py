"""At which migration a database stands, and which is the program's newest, without Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, column, inspect, select, table

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
ALEMBIC = table("alembic_version", column("version_num"))
OLDER = _l("It is not at the version of the program: run flask db upgrade.")
NEWER = _l("It is newer than the program: fetch the newest version of that.")


@cache
def known() -> tuple[str, ...]:
    """All migrations, oldest first: each file is named `NUMBER_words.py`."""
    return tuple(sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py")))


def newest() -> str:
    return known()[-1]


def standing(connection: Connection) -> str | None:
    """The migration of a database; None for an empty one."""
    if not inspect(connection).has_table(ALEMBIC.name):
        return None
    found: str | None = connection.scalar(select(ALEMBIC.c.version_num))
    return found


def misfit(connection: Connection) -> LazyString | None:
    """OLDER or NEWER, if a database is that; None if it fits the program."""
    found = standing(connection)
    if found == newest():
        return None
    return OLDER if found is None or found in known() else NEWER
