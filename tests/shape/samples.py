"""A row for each table, made from the models alone: what migrations are tried with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Column, Connection, Table, TypeDecorator, select

from app.foundation.db import Base

SAMPLES: dict[type, Any] = {
    bool: False,
    bytes: b"sample",
    date: date(2027, 7, 17),
    datetime: datetime(2027, 7, 17, 16, tzinfo=UTC),
    float: 1.0,
    int: 1,
    object: {},  # JSON
    str: "sample",
    time: time(18, 30),
}


def fill(connection: Connection) -> None:
    """Give every empty table a row, tables that others refer to first."""
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is None:
            connection.execute(table.insert().values(row(connection, table)))


def row(connection: Connection, table: Table) -> dict[str, Any]:
    return {column.name: value(connection, column) for column in table.columns if needed(column)}


def needed(column: Column[Any]) -> bool:
    """Whether a row cannot do without it; keys number themselves."""
    numbered = column is column.table.autoincrement_column and not column.foreign_keys
    return not (numbered or column.nullable)


def value(connection: Connection, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return connection.scalar(select(key.column).limit(1))
    choices = getattr(column.type, "enums", None)
    if choices:
        return choices[0]
    return SAMPLES[python_type(column)]


def python_type(column: Column[Any]) -> type:
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return plain.python_type
