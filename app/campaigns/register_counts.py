"""The register's numbers, counted once after each change of its records.

The last thing that a transaction which changed a record does is to give the register a new
revision. What was counted at one stays true for as long as the database says that one, so every
process keeps its own numbers, and none of them is ever told old ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, event, func, select
from sqlalchemy.orm import ORMExecuteState, Session

from app.campaigns.measure_models import Measure
from app.campaigns.register_models import THE_ONE, RegisterRevision
from app.foundation import tokens
from app.foundation.db import built_once, db, table_of, upsert

CHANGED = "register_changed"
"""In a session's `info`: its transaction changed a record."""


@dataclass(frozen=True)
class Totals:
    """The register's numbers by its counting rule, and how many records it lists."""

    listed: int
    passed: int
    verified: int
    places: int
    by_state: Mapping[str, int]


def totals() -> Totals:
    """How much is listed and how much passed, by state; one statement if nothing has changed."""
    token = db.scalar(_token())
    return _counted() if token is None else _counted_at(token)


@built_once
def _token() -> Select[str]:
    return select(RegisterRevision.token).where(RegisterRevision.id == THE_ONE)


@lru_cache(maxsize=4)
def _counted_at(_token: str) -> Totals:
    """Counted after the token was read: newer than it at worst, and then nobody asks for it."""
    return _counted()


def _counted() -> Totals:
    """One statement that reads an index alone."""
    passed = Measure.counted
    rows = db.execute(
        select(
            Measure.us_state,
            func.count(),
            func.count().filter(passed),
            func.count().filter(passed, Measure.verified),
            func.count(Measure.body_id.distinct()).filter(passed),
        )
        .where(Measure.published_at.is_not(None))
        .group_by(Measure.us_state)
    ).all()
    return Totals(
        listed=sum(row[1] for row in rows),
        passed=sum(row[2] for row in rows),
        verified=sum(row[3] for row in rows),
        places=sum(row[4] for row in rows),
        by_state={row[0]: row[4] for row in rows if row[0] and row[4]},
    )


@event.listens_for(Session, "after_flush")
def _notice_objects(session: Session, _context: object) -> None:
    touched = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(each, Measure) for each in touched):
        session.info[CHANGED] = True


@event.listens_for(Session, "do_orm_execute")
def _notice_statements(asked: ORMExecuteState) -> None:
    table = None if asked.is_select else getattr(asked.statement, "table", None)
    if table is not None and table.name == Measure.__tablename__:
        asked.session.info[CHANGED] = True


@event.listens_for(Session, "before_commit")
def _revise(session: Session) -> None:
    """Last of all, so that two who change records wait for each other for no longer than a commit
    takes, and never both at once."""
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(CHANGED, False):
        row = {"token": tokens.new()}
        session.execute(
            upsert(table_of(RegisterRevision))
            .values(id=THE_ONE, **row)
            .on_conflict_do_update(index_elements=["id"], set_=row)
        )
