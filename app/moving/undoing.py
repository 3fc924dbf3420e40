"""Taking an import back: what it made goes, what it filled is empty again, what lives stays."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.accounts import personal
from app.accounts.audit import audit
from app.alliances.models import Membership
from app.foundation import clock, language
from app.foundation.db import db
from app.moving import staging, things
from app.moving.applying import HOW, ZONE
from app.moving.judging import Facts
from app.moving.models import ImportKind, ImportRow, ImportRun, ImportState, Outcome
from app.moving.staging import NotNow
from app.moving.things import Undone
from app.people.models import Person

OURS = frozenset({"membership", "consent", "unsubscription", "import_row"})
"""What an import itself writes about a person; anything else is a sign of life."""


def undo(run: ImportRun) -> Undone:
    """Take an import back, but for who did something since. Raises NotNow.

    Addresses that must not be e-mailed stay on their list, and wishes not to get mail are kept.
    """
    if run.state != ImportState.APPLIED:
        raise NotNow
    if run.kind == ImportKind.DO_NOT_EMAIL:
        raise NotNow
    done = _undo_things(run) if run.kind in staging.KINDS else _undo_people(run)
    run.state, run.undone_at = ImportState.UNDONE, clock.now()
    audit("moving", "import undone", run.id)
    return done


def _undo_things(run: ImportRun) -> Undone:
    with language.speaking(run.language):
        rows = things.rows_with_marks(run)
        return staging.KINDS[run.kind].undo(run, staging.sheet_of(run, rows))


def _undo_people(run: ImportRun) -> Undone:
    _put_back(run)
    made = select(ImportRow.person_id).where(
        ImportRow.run_id == run.id,
        ImportRow.outcome == Outcome.NEW,
        ImportRow.person_id.is_not(None),  # as it is of whoever is gone: NOT IN would find nobody
    )
    person = personal.PERSON
    theirs = person.c.id.in_(made)
    total = len(db.scalars(select(person.c.id).where(theirs)).all())
    idle = personal.nobody_refers_to(person, but=OURS)
    gone = db.execute(
        delete(Person)
        .where(theirs, Person.confirmed_at.is_(None), idle)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.execute(
        delete(Membership).where(
            Membership.how == f"{HOW} {run.id}", ~Membership.person_id.in_(made)
        )
    )
    return Undone(len(gone), total - len(gone))


def _put_back(run: ImportRun) -> None:
    """Empty again what the import filled, where it still says what the import wrote."""
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
