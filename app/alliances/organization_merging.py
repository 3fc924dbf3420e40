"""Merging two records of one organization, with every row that changed, and undoing it.

Everything that points to the record that goes is moved to the one that stays, whatever table it
stands in. What cannot move, because the one that stays has it already, is left out.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import personal
from app.accounts.audit import audit
from app.alliances import row_changes
from app.alliances.duplicate_models import PairState
from app.alliances.organization_models import Organization, OrganizationState
from app.alliances.organization_pair_models import OrganizationMerge, OrganizationPair
from app.foundation import clock
from app.foundation.db import Base, db

ORGANIZATION = Base.metadata.tables[Organization.__tablename__]
OURS = frozenset({OrganizationPair.__tablename__, OrganizationMerge.__tablename__})
FILLED = ("website", "description", "zip", "city", "us_state", "commitment_id")
"""What the record that stays takes over where it says nothing itself."""
LISTING = ("listed", "authority_by", "authority_title", "authority_on")
RANK = (
    OrganizationState.MEMBER,
    OrganizationState.APPLIED,
    OrganizationState.PROSPECT,
    OrganizationState.DECLINED,
    OrganizationState.LEFT,
)
"""Which of two standings counts."""


class NotToMerge(Exception):
    """One of them went into another record already, or they are the same."""


class NotToUndo(Exception):
    """It was undone already, a person of it was erased, or its record was merged on."""


def merge(kept: Organization, gone: Organization, *, by: int | None) -> OrganizationMerge:
    """Let one record go into another. Raises NotToMerge."""
    db.flush()
    row_changes.lock(kept, gone)
    if kept.id == gone.id or kept.merged_into_id or gone.merged_into_id:
        raise NotToMerge
    before = _rows(kept.id, gone.id)
    _take_over(kept, gone)
    db.flush()
    _move_everything(kept.id, gone.id)
    db.expire_all()
    kept.chapter_of_id = None if kept.chapter_of_id == kept.id else kept.chapter_of_id
    gone.merged_into_id, gone.listed = kept.id, False
    db.flush()
    record = OrganizationMerge(
        kept_id=kept.id,
        gone_id=gone.id,
        moved={"changes": row_changes.between(before, _rows(kept.id, gone.id))},
        merged_by_id=by,
        merged_at=clock.now(),
    )
    db.add(record)
    _say_of_pair(kept.id, gone.id, PairState.MERGED)
    db.flush()
    db.expire_all()
    audit("alliances", "organizations merged", record.id, kept=kept.id, gone=gone.id)
    return record


def undo(record: OrganizationMerge) -> int:
    """Put everything back that nobody changed since; how many rows stayed. Raises NotToUndo."""
    kept, gone = (db.get_one(Organization, number) for number in (record.kept_id, record.gone_id))
    row_changes.lock(kept, gone)
    db.refresh(record, with_for_update=True)
    merged_on = kept.merged_into_id is not None or gone.merged_into_id != kept.id
    if record.undone_at or not record.moved or merged_on:
        raise NotToUndo
    stayed = row_changes.undo(record.moved["changes"])
    record.undone_at = clock.now()
    _say_of_pair(record.kept_id, record.gone_id, PairState.DIFFERENT)
    db.flush()
    db.expire_all()
    audit("alliances", "merge of organizations undone", record.id, stayed=stayed)
    return stayed


def forget(person_id: int) -> None:
    """A person is erased: merges that hold a row about them cannot be undone any more."""
    pointing: dict[str, set[str]] = {}
    for column in personal.references_to(personal.PERSON):
        pointing.setdefault(column.table.name, set()).add(column.name)
    for record in db.scalars(select(OrganizationMerge)).all():
        for each in record.moved.get("changes", ()):
            names = pointing.get(each["table"], ())
            rows = [row for row in (each["before"], each["after"]) if row]
            if any(row.get(name) == person_id for row in rows for name in names):
                record.moved = {}
                break


def _rows(*ids: int) -> row_changes.Rows:
    pointing = [
        column for column in personal.references_to(ORGANIZATION) if column.table.name not in OURS
    ]
    return row_changes.rows([*pointing, ORGANIZATION.c.id], ids)


def _take_over(kept: Organization, gone: Organization) -> None:
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    if RANK.index(gone.state) < RANK.index(kept.state):
        kept.state = gone.state
    if gone.listed and not kept.listed:
        for name in LISTING:
            setattr(kept, name, getattr(gone, name))


def _move_everything(kept_id: int, gone_id: int) -> None:
    """Row by row, so that one that is there already does not keep the others."""
    for column in personal.references_to(ORGANIZATION):
        table = column.table
        if table.name in OURS or column.name == "merged_into_id":
            continue
        keys = list(table.primary_key)
        for key in db.execute(select(*keys).where(column == gone_id)).all():
            here = [part == value for part, value in zip(keys, key, strict=True)]
            try:
                with db.begin_nested():
                    db.execute(table.update().where(*here).values({column: kept_id}))
            except IntegrityError:
                db.execute(table.delete().where(*here))


def _say_of_pair(one: int, other: int, state: PairState) -> None:
    first, second = sorted((one, other))
    found = db.scalars(
        select(OrganizationPair).where(
            OrganizationPair.first_id == first, OrganizationPair.second_id == second
        )
    ).first()
    if found is not None:
        found.state = state
