"""Taking an import back: what it made goes, what it filled is empty again, what lives stays."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import aliased

from app.accounts import personal
from app.accounts.audit import audit
from app.alliances.models import Membership
from app.foundation import clock, language
from app.foundation.db import db
from app.moving import consents, filling, staging, things
from app.moving.applying import HOW
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
    if consents.waits(run):
        consents.stop(run)
    done = _undo_things(run) if run.kind in staging.KINDS else _undo_people(run)
    run.state, run.undone_at = ImportState.UNDONE, clock.now()
    audit("moving", "import undone", run.id)
    return done


def _undo_things(run: ImportRun) -> Undone:
    with language.speaking(run.language):
        rows = things.rows_with_marks(run)
        return staging.KINDS[run.kind].undo(run, staging.sheet_of(run, rows))


def _undo_people(run: ImportRun) -> Undone:
    filling.empty_again(run)
    person = personal.PERSON
    theirs = person.c.id.in_(_made_by(run))
    total = len(db.scalars(select(person.c.id).where(theirs)).all())
    idle = Person.confirmed_at.is_(None) & personal.nobody_refers_to(person, but=OURS)
    gone = db.execute(
        delete(Person)
        .where(theirs, idle, ~_also_brought(run))
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    ).all()
    alive = select(person.c.id).where(theirs, ~idle)
    db.execute(
        delete(Membership).where(
            Membership.how == f"{HOW} {run.id}", ~Membership.person_id.in_(alive)
        )
    )
    return Undone(len(gone), total - len(gone))


def _made_by(run: ImportRun) -> Select[int | None]:
    """Who is here by this import, or stayed for its sake when the one that made them went."""
    here = aliased(ImportRow)
    return (
        select(ImportRow.person_id)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .where(
            or_(ImportRun.id == run.id, ImportRun.state == ImportState.UNDONE),
            ImportRow.outcome == Outcome.NEW,
            ImportRow.person_id.is_not(None),  # as it is of whoever is gone: NOT IN finds nobody
            exists().where(here.run_id == run.id, here.person_id == ImportRow.person_id),
        )
    )


def _also_brought(run: ImportRun) -> ColumnElement[bool]:
    """SQL: another import that stands has the person in its list too."""
    return (
        exists()
        .where(
            ImportRow.person_id == Person.id,
            ImportRow.run_id == ImportRun.id,
            ImportRun.id != run.id,
            ImportRun.state == ImportState.APPLIED,
        )
        .correlate(Person)
    )
