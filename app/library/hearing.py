"""What becomes of picks, letters and reading lists when something happens to a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app.foundation import signals
from app.foundation.db import db
from app.library.models import PointUse
from app.library.reading_models import PressItem, PressState, ReadingMark
from app.people.models import Person


@signals.person_merged.connect
def move_to(from_id: int, *, into_id: int, **_more: Any) -> None:
    """Two records are one person, who reads what either wanted to read."""
    db.flush()
    for column in (PointUse.picked_by_id, PressItem.writer_id):
        db.execute(update(column.class_).where(column == from_id).values({column.key: into_id}))
    kept = select(ReadingMark.entry_id).where(ReadingMark.person_id == into_id)
    theirs = ReadingMark.person_id == from_id
    db.execute(delete(ReadingMark).where(theirs, ReadingMark.entry_id.in_(kept)))
    db.execute(update(ReadingMark).where(theirs).values(person_id=into_id))


@signals.person_erased.connect
def forget(person: Person, **_more: Any) -> None:
    """A person goes: nobody learns what they read, and their letter needs another writer."""
    db.flush()
    db.execute(delete(ReadingMark).where(ReadingMark.person_id == person.id))
    used = PointUse.picked_by_id == person.id
    db.execute(update(PointUse).where(used).values(picked_by_id=None))
    written = PressItem.writer_id == person.id
    begun = written & (PressItem.state == PressState.TAKEN)
    db.execute(update(PressItem).where(begun).values(state=PressState.SEEN))
    db.execute(update(PressItem).where(written).values(writer_id=None))
