"""Foreign keys on SQLite: every connection watches them, whatever a migration left open."""

from __future__ import annotations

from alembic import command
from flask import Flask
from sqlalchemy import Connection

from app.foundation.db import database, foreign_keys_off
from app.foundation.migrate import alembic_config


def watches(connection: Connection) -> bool:
    """PostgreSQL always does."""
    if connection.dialect.name == "postgresql":
        return True
    return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


def test_a_second_start_leaves_no_connection_that_does_not_watch(app: Flask) -> None:
    with app.app_context():
        for _start in range(2):
            command.upgrade(alembic_config(), "head")
            with database().writing.connect() as connection:
                assert watches(connection)


def test_a_transaction_left_open_does_not_keep_the_switch(app: Flask) -> None:
    with app.app_context(), database().writing.connect() as connection:
        with foreign_keys_off(connection):
            connection.exec_driver_sql("SELECT 1")
        assert watches(connection)
