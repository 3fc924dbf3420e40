"""The registry of what belongs to a person, read off the tables: for erasing and for handing over.

Tables that a domain adds later are found by their `person_id`, columns by `info=PERSONAL`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, exists, select

from app.foundation.db import PERSONAL, Base, db
from app.mail.models import Message
from app.people.models import Address, Person

ADDRESS = Base.metadata.tables[Address.__tablename__]
MESSAGE = Base.metadata.tables[Message.__tablename__]
PERSON = Base.metadata.tables[Person.__tablename__]
SECRET = frozenset({"password_hash", "secret_digest", "code_digest", "digest"})
"""Columns that are nobody's to read."""


@dataclass(frozen=True)
class Belongings:
    """The rows of one table that belong to a person."""

    table: Table
    where: ColumnElement[bool]

    def blanked(self) -> dict[str, Any]:
        """What erasing writes into the personal columns."""
        return blanked(self.table)


def blanked(table: Table) -> dict[str, Any]:
    """Nothing for each personal column of a table, in the form that the column takes."""
    return {column.name: _nothing(column) for column in personal_columns(table)}


def _nothing(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    return [] if isinstance(column.type, JSON) else ""


def personal_columns(table: Table) -> Sequence[Column[Any]]:
    return [column for column in table.columns if PERSONAL.items() <= column.info.items()]


def of_person(person: Person) -> Iterator[Belongings]:
    """Every table with rows of this person: by `person_id`, their own row, and their address."""
    for table in Base.metadata.sorted_tables:
        if table is PERSON:
            yield Belongings(table, table.c.id == person.id)
        elif table is ADDRESS:
            yield Belongings(table, table.c.id == person.address_id)
        elif "person_id" in table.columns:
            yield Belongings(table, table.c.person_id == person.id)


def references_to(target: Table) -> Iterator[Column[Any]]:
    """Every column of any table that points to `target`, to people also without a foreign key."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            named = target is PERSON and column.name == "person_id"
            if named or any(key.column.table is target for key in column.foreign_keys):
                yield column


def nobody_refers_to(target: Table, *, but: Collection[str]) -> ColumnElement[bool]:
    """SQL: no row points to this row of `target`, leaving out the tables `but`."""
    condition: ColumnElement[bool] = target.c.id == target.c.id
    for column in references_to(target):
        if column.table.name not in but:
            alias = column.table.alias()
            condition &= ~exists().where(alias.c[column.name] == target.c.id)
    return condition


def readable_columns(table: Table) -> Sequence[Column[Any]]:
    """What a person may read of their rows: no secrets, and nothing about other people."""
    return [
        column
        for column in table.columns
        if column.name not in SECRET
        and (column.name == "person_id" or not _points_to_people(column))
    ]


def rows_of(belongings: Belongings) -> Sequence[Any]:
    columns = readable_columns(belongings.table)
    return db.execute(select(*columns).where(belongings.where)).mappings().all()


def _points_to_people(column: Column[Any]) -> bool:
    return any(key.column.table is PERSON for key in column.foreign_keys)
