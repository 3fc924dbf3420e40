"""What an import filled in records that were here before is emptied again."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.db import db
from app.moving import staging
from app.moving.applying import ZONE
from app.moving.judging import Facts
from app.moving.models import ImportRow, ImportRun, Outcome
from app.people.models import Person


def empty_again(run: ImportRun) -> None:
    """Empty what the import filled, where it still says what the import wrote."""
    rows = db.scalars(
        select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.outcome == Outcome.CHANGED)
    ).all()
    filled = [row for row in rows if row.before]
    facts = {row.id: told for row, told in staging.facts_of(run, filled) if isinstance(told, Facts)}
    for row in filled:
        person = db.get(Person, row.person_id) if row.person_id else None
        if person is None:
            continue
        told = facts.get(row.id)
        if told and "phone" in row.before and person.phone == told.phone:
            person.phone = None
        if told and told.place and "zip" in row.before and person.zip == told.place.zip:
            person.zip = person.city = person.state = None
            person.latitude = person.longitude = None
            was = row.before[-1].removeprefix(ZONE)
            if row.before[-1] != was and person.time_zone == told.place.time_zone:
                person.time_zone = was
    db.flush()
