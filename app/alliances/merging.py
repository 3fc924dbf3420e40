"""Merging two records of one person, with a record of every row that changed, and undoing it.

Domains move what belongs to them when they hear `person_merged`. Here the rows that point to either
person are compared before and after, so that undoing puts back what nobody has changed since; what
the person did in the meantime stays with the record that was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, TypeDecorator, and_, or_, select
from sqlalchemy.exc import IntegrityError

from app.accounts import personal, sessions
from app.accounts.audit import audit
from app.accounts.models import NationalRole
from app.alliances.duplicate_models import PairState, PersonMerge, PersonPair
from app.foundation import clock, signals
from app.foundation.db import Base, db
from app.people.models import Person, Standing, Unsubscription

OURS = frozenset({"person_pair", "person_merge", "audit_entry"})
Row = Mapping[Any, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]


class NotToMerge(Exception):
    """Erased people, and people with a national role, do not go into another record."""


class NotToUndo(Exception):
    """It was undone already, or somebody of it was erased since."""


def merge(kept: Person, gone: Person, *, by: int | None) -> PersonMerge:
    """Let one record go into another. Raises NotToMerge.

    Whoever did not want mail under either record gets none; alliances that both led are led by
    the one who is left.
    """
    erased = Standing.ERASED in (kept.standing, gone.standing)
    if kept.id == gone.id or erased or _has_role(gone.id):
        raise NotToMerge
    db.flush()
    before = _rows(kept.id, gone.id)
    _keep_silence(kept.id, gone.id)
    signals.person_merged.send(gone.id, into_id=kept.id)
    db.flush()
    changed = _changes(before, _rows(kept.id, gone.id))
    record = PersonMerge(
        kept_id=kept.id,
        gone_id=gone.id,
        moved={"standing": gone.standing.value, "changes": changed},
        merged_by_id=by,
        merged_at=clock.now(),
    )
    db.add(record)
    gone.standing = Standing.DISABLED
    sessions.end_all(gone.id)
    _say_of_pair(kept.id, gone.id, PairState.MERGED)
    db.flush()
    db.expire_all()
    audit("alliances", "people merged", record.id, kept=kept.id, gone=gone.id)
    return record


def undo(record: PersonMerge) -> int:
    """Put everything back that nobody changed since; how many rows stayed. Raises NotToUndo."""
    if record.undone_at is not None or not record.moved:
        raise NotToUndo
    changes = record.moved["changes"]
    stayed = sum(not _taken_out(each) for each in changes if each["before"] is None)
    stayed += sum(not _turned_back(each) for each in changes if each["before"] and each["after"])
    stayed += sum(not _put_in(each) for each in changes if each["after"] is None)
    gone = db.get_one(Person, record.gone_id)
    gone.standing = Standing(record.moved["standing"])
    record.undone_at = clock.now()
    _say_of_pair(record.kept_id, record.gone_id, PairState.DIFFERENT)
    db.flush()
    db.expire_all()
    audit("alliances", "merge undone", record.id, stayed=stayed)
    return stayed


def _has_role(person_id: int) -> bool:
    return db.scalar(select(NationalRole.id).where(NationalRole.person_id == person_id)) is not None


def _keep_silence(kept_id: int, gone_id: int) -> None:
    """What either did not want, the one who is left does not want."""
    rows = db.scalars(select(Unsubscription).where(Unsubscription.person_id == gone_id)).all()
    for row in rows:
        if db.get(Unsubscription, (kept_id, row.purpose)) is None:
            db.add(Unsubscription(person_id=kept_id, purpose=row.purpose, at=row.at))


def _say_of_pair(one: int, other: int, state: PairState) -> None:
    first, second = sorted((one, other))
    found = db.scalars(
        select(PersonPair).where(PersonPair.first_id == first, PersonPair.second_id == second)
    ).first()
    if found is not None:
        found.state = state


def _rows(*person_ids: int) -> Rows:
    """The rows of all tables that point to some people, by table and key, as JSON can hold them."""
    columns: dict[Table, list[Column[Any]]] = {}
    for column in personal.references_to(personal.PERSON):
        if column.table.name not in OURS:
            columns.setdefault(column.table, []).append(column)
    found: Rows = {}
    for table, pointing in columns.items():
        wanted = [c for c in table.columns if not isinstance(c.type, LargeBinary)]
        theirs = or_(*(column.in_(person_ids) for column in pointing))
        rows = db.execute(select(*wanted).where(theirs)).mappings()
        found[table.name] = {_key(table, row): _plain(row) for row in rows}
    return found


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _changes(before: Rows, after: Rows) -> list[dict[str, Any]]:
    changed = []
    for table, rows in before.items():
        now = after[table]
        for key in sorted(rows.keys() | now.keys(), key=str):
            was, is_now = rows.get(key), now.get(key)
            if was != is_now:
                changed.append({"table": table, "before": was, "after": is_now})
    return changed


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
