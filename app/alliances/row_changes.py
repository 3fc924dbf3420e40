"""The rows that a merge changes, kept as they were, so that it can be undone.

Rows that point to either record are compared before and after. Undoing puts back what nobody has
changed since; what happened in the meantime stays with the record that was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, TypeDecorator, and_, or_, select
from sqlalchemy.exc import IntegrityError

from app.foundation.db import Base, WithId, db

Row = Mapping[Any, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
Change = Mapping[str, Any]


def lock(one: WithId, other: WithId) -> None:
    """Nobody else merges or undoes with either record until the end; in one order, so that none
    waits for another in a circle. They are read anew."""
    table = type(one)
    both = select(table).where(table.id.in_((one.id, other.id))).order_by(table.id)
    db.scalars(both.with_for_update().execution_options(populate_existing=True)).all()


def rows(pointing: Iterable[Column[Any]], ids: Collection[int]) -> Rows:
    """The rows in which a column holds one of the ids, by table and key, as JSON can hold them."""
    columns: dict[Table, list[Column[Any]]] = {}
    for column in pointing:
        columns.setdefault(column.table, []).append(column)
    found: Rows = {}
    for table, of_table in columns.items():
        wanted = [c for c in table.columns if not isinstance(c.type, LargeBinary)]
        theirs = or_(*(column.in_(ids) for column in of_table))
        chosen = db.execute(select(*wanted).where(theirs)).mappings()
        found[table.name] = {_key(table, row): _plain(row) for row in chosen}
    return found


def between(before: Rows, after: Rows) -> list[dict[str, Any]]:
    """What differs: each row as it was and as it is."""
    changed = []
    for table, rows in before.items():
        now = after[table]
        for key in sorted(rows.keys() | now.keys(), key=str):
            was, is_now = rows.get(key), now.get(key)
            if was != is_now:
                changed.append({"table": table, "before": was, "after": is_now})
    return changed


def undo(changes: Sequence[Change]) -> int:
    """Put back what nobody changed since; how many rows stayed as they are."""
    stayed = sum(not _taken_out(each) for each in changes if each["before"] is None)
    stayed += sum(not _turned_back(each) for each in changes if each["before"] and each["after"])
    stayed += sum(not _put_in(each) for each in changes if each["after"] is None)
    return stayed


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _plain(row: Row) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in row.items()
    }


def _values(table: Table, plain: Row) -> dict[str, Any]:
    """The values of a row from what JSON held."""
    return {name: _value(table.columns[name], value) for name, value in plain.items()}


def _value(column: Column[Any], plain: Any) -> Any:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(plain, str) and kind.python_type in (datetime, date, time):
        return kind.python_type.fromisoformat(plain)
    return plain


def _at(table: Table, plain: Row) -> ColumnElement[bool]:
    values = _values(table, plain)
    return and_(*(column == values[column.name] for column in table.primary_key))


def _current(table: Table, plain: Row) -> dict[str, Any] | None:
    columns = [table.columns[name] for name in plain]
    row = db.execute(select(*columns).where(_at(table, plain))).mappings().first()
    return None if row is None else _plain(row)


def _taken_out(change: Mapping[str, Any]) -> bool:
    """A row that merging added goes, unless somebody changed it."""
    table = Base.metadata.tables[change["table"]]
    if _current(table, change["after"]) != change["after"]:
        return False
    db.execute(table.delete().where(_at(table, change["after"])))
    return True


def _turned_back(change: Mapping[str, Any]) -> bool:
    """A row that merging changed gets its values back where they are as merging left them."""
    table, was, left = Base.metadata.tables[change["table"]], change["before"], change["after"]
    current = _current(table, left)
    differ = [name for name in was if was[name] != left[name]]
    if current is None or any(current[name] != left[name] for name in differ):
        return False
    back = _values(table, {name: was[name] for name in differ})
    return _done(table.update().where(_at(table, left)).values(back))


def _put_in(change: Mapping[str, Any]) -> bool:
    table = Base.metadata.tables[change["table"]]
    return _done(table.insert().values(_values(table, change["before"])))


def _done(statement: Any) -> bool:
    """Whether it could be done; a place that is taken by now stays as it is."""
    try:
        with db.begin_nested():
            db.execute(statement)
    except IntegrityError:
        return False
    return True
