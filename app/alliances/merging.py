"""Merging two records of one person, with a record of every row that changed, and undoing it.

Domains move what belongs to them when they hear `person_merged`. Here the rows that point to either
person are compared before and after, so that undoing puts back what nobody has changed since; what
the person did in the meantime stays with the record that was kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, select

from app.accounts import personal, sessions
from app.accounts.audit import audit
from app.accounts.models import NationalRole
from app.alliances import row_changes
from app.alliances.duplicate_models import PairState, PersonMerge, PersonPair
from app.foundation import clock, signals
from app.foundation.db import db
from app.people.models import Person, Standing, Unsubscription

OURS = frozenset({"person_pair", "person_merge", "organization_merge", "audit_entry"})


class NotToMerge(Exception):
    """One is erased, has a national role, or went into another record already."""


class NotToUndo(Exception):
    """It was undone already, somebody of it was erased, or its record was merged on."""


def merge(kept: Person, gone: Person, *, by: int | None) -> PersonMerge:
    """Let one record go into another. Raises NotToMerge.

    Whoever did not want mail under either record gets none; alliances that both led are led by
    the one who is left.
    """
    db.flush()
    row_changes.lock(kept, gone)
    erased = Standing.ERASED in (kept.standing, gone.standing)
    if kept.id == gone.id or erased or _has_role(gone.id) or _went_on(kept.id, gone.id):
        raise NotToMerge
    before = row_changes.rows(_pointing(), (kept.id, gone.id))
    _keep_silence(kept.id, gone.id)
    signals.person_merged.send(gone.id, into_id=kept.id)
    db.flush()
    changed = row_changes.between(before, row_changes.rows(_pointing(), (kept.id, gone.id)))
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
    kept, gone = db.get_one(Person, record.kept_id), db.get_one(Person, record.gone_id)
    row_changes.lock(kept, gone)
    db.refresh(record, with_for_update=True)
    if record.undone_at is not None or not record.moved or _went_on(kept.id):
        raise NotToUndo
    stayed = row_changes.undo(record.moved["changes"])
    gone.standing = Standing(record.moved["standing"])
    record.undone_at = clock.now()
    _say_of_pair(record.kept_id, record.gone_id, PairState.DIFFERENT)
    db.flush()
    db.expire_all()
    audit("alliances", "merge undone", record.id, stayed=stayed)
    return stayed


def _went_on(*ids: int) -> bool:
    """Whether one of them went into another record, and that was not undone."""
    gone = PersonMerge.gone_id.in_(ids) & PersonMerge.undone_at.is_(None)
    return db.scalar(select(PersonMerge.id).where(gone).limit(1)) is not None


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


def _pointing() -> Iterator[Column[Any]]:
    """Every column that points to a person, in the tables that merging may change."""
    for column in personal.references_to(personal.PERSON):
        if column.table.name not in OURS:
            yield column
