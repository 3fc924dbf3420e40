"""How Alembic reaches the program's database: through the app's own engine and models."""

from __future__ import annotations

import pkgutil
import warnings
from importlib import import_module
from typing import Any, Literal

from alembic import context
from flask import current_app

import app
from app.foundation import migrate
from app.foundation.db import Base, UTCDateTime, database, foreign_keys_off

for module in pkgutil.walk_packages(app.__path__, "app."):
    if module.name.startswith("app.foundation.") or module.name.endswith("models"):
        import_module(module.name)  # a table that no page uses yet belongs to the schema, too


def _render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain types, so that they outlive the program's own classes."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Full text has no models: a column and its index, or on SQLite a table and those behind it."""
    full_text = {"column": "word_vector", "index": "ix_library_entry_words"}
    return name is None or not name.startswith(full_text.get(kind, "library_entry_words"))


def run() -> None:
    """Run the steps on the app's database, each in one transaction."""
    engine = database().writing
    with engine.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            transactional_ddl=True,
            render_item=_render_item,
            include_name=_include_name,
        )
        with context.begin_transaction(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", r".*expression-based index")  # not compared here
            context.run_migrations()


if not current_app:
    raise RuntimeError("migrations run through `flask db …`")
migrate.refuse_newer()
run()
