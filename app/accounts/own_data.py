"""Everything we keep about one person, for themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from app.accounts import personal
from app.foundation import clock
from app.people.models import Person, Purpose

HIDDEN_IN_ACCOUNT_MAIL = frozenset({"text", "html"})
"""The body of a mail about the account holds links that open it."""


def as_json(person: Person) -> str:
    """One object with a list of rows for each table."""
    tables = {name: rows for name, rows in _tables(person) if rows}
    document = {"made_at": clock.now().isoformat(), "tables": tables}
    return json.dumps(document, indent=2, ensure_ascii=False, default=_plain)


def as_rows(person: Person) -> Iterator[tuple[str, int, str, Any]]:
    """One line for each value: table, number of the row, column, value."""
    for table, rows in _tables(person):
        for number, row in enumerate(rows, start=1):
            for column, value in row.items():
                yield table, number, column, _cell(value)


def _tables(person: Person) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for belongings in personal.of_person(person):
        rows = [_readable(dict(row)) for row in personal.rows_of(belongings)]
        yield belongings.table.name, rows


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("purpose") != Purpose.ACCOUNT:
        return row
    return {column: value for column, value in row.items() if column not in HIDDEN_IN_ACCOUNT_MAIL}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value) if isinstance(value, date | datetime) else value
