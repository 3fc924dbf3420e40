"""Consent that people gave elsewhere, carried over with evidence, and the one mail that asks.

Carrying over takes two: staff say where, when, in which words and with what evidence; a second
person confirms, or an hour passes in which either can stop it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, delete, exists, func, insert, select, update

from app.accounts.audit import audit
from app.foundation import clock
from app.foundation.db import db, table_of
from app.mail.models import Suppression
from app.moving.models import ImportRow, ImportRun, ImportState, Outcome
from app.moving.staging import NotNow
from app.people import actions as people
from app.people import wordings
from app.people.actions import Agreement
from app.people.models import Address, Consent, Person, Purpose, Standing, Unsubscription

WAIT = timedelta(minutes=60)
CARRIED = (Purpose.DIGEST, Purpose.ANNOUNCEMENTS)
WAITING = (ImportRun.consent_asked_at.is_not(None), ImportRun.consent_confirmed_at.is_(None))
"""SQL: imports whose consent waits for a second person or its hour."""


class SamePerson(Exception):
    """Whoever asks to carry a consent over cannot confirm it before the hour is over."""


class NothingAsked(Exception):
    """No consent waits to be carried over here."""


@dataclass(frozen=True)
class Record:
    """What is known of a consent given elsewhere."""

    source: str
    given_on: date
    wording: str
    evidence_id: int


def ask(run: ImportRun, record: Record, by: int | None) -> None:
    """Ask to carry consent over for those whom this import made and who agreed elsewhere."""
    if run.state != ImportState.APPLIED or run.consent_confirmed_at is not None:
        raise NothingAsked
    run.consent_source, run.consent_on = record.source, record.given_on
    run.consent_wording, run.consent_evidence_id = record.wording, record.evidence_id
    run.consent_by_id, run.consent_asked_at = by, clock.now()
    audit("moving", "consent asked", run.id)


def waits(run: ImportRun) -> bool:
    """Whether a consent waits to be carried over."""
    return run.consent_asked_at is not None and run.consent_confirmed_at is None


def stop(run: ImportRun) -> None:
    """Do not carry it over. Raises NothingAsked."""
    if not waits(run):
        raise NothingAsked
    run.consent_asked_at = None
    audit("moving", "consent stopped", run.id)


def confirm(run: ImportRun, by: int | None) -> int:
    """Carry it over; for how many. Raises NothingAsked, SamePerson."""
    if not waits(run):
        raise NothingAsked
    if not may_confirm(run, by):
        raise SamePerson
    return _carry_over(run)


def may_confirm(run: ImportRun, by: int | None) -> bool:
    """Whether they are another person than who asked, or the hour is over."""
    asked = run.consent_asked_at
    return asked is not None and (by != run.consent_by_id or clock.now() >= asked + WAIT)


def due() -> list[int]:
    """The imports whose hour is over."""
    return list(
        db.scalars(
            select(ImportRun.id).where(ImportRun.consent_asked_at <= clock.now() - WAIT, *WAITING)
        )
    )


def carry_over_due(run_id: int) -> int:
    """Carry over what waited for its hour; for how many. Twice it does nothing."""
    run = db.scalars(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).one()
    if not waits(run):
        return 0
    return _carry_over(run)


def _carry_over(run: ImportRun) -> int:
    """Only for new people who agreed: never for who was here, unsubscribed, or said no."""
    run.consent_confirmed_at = clock.now()
    found = db.execute(_willing(run)).all()
    given = _noon(run.consent_on) if run.consent_on else clock.now()
    rows = [
        {
            "person_id": person_id,
            "purpose": purpose,
            "given": True,
            "scope": f"import:{run.id}",
            "wording": run.consent_wording,
            "channel": f"carried over from {run.consent_source}",
            "at": given,
        }
        for person_id, _address in found
        for purpose in CARRIED
    ]
    if rows:
        db.execute(insert(table_of(Consent)), rows)
        _open_mail({person for person, _ in found}, {address for _, address in found})
    audit("moving", "consent carried over", run.id, people=len(found))
    return len(found)


def _noon(day: date) -> datetime:
    return clock.instant(datetime.combine(day, time(12)), clock.HOME_ZONE)


def _willing(run: ImportRun) -> Select[int, int]:
    suppressed = exists().where(Suppression.digest == Address.digest)
    said_no = exists().where(Consent.person_id == Person.id, Consent.given.is_(False))
    return (
        select(Person.id, Address.id)
        .join(Address, Address.id == Person.address_id)
        .join(ImportRow, ImportRow.person_id == Person.id)
        .where(
            ImportRow.run_id == run.id,
            ImportRow.outcome == Outcome.NEW,
            ImportRow.opted_in,
            Person.standing == Standing.ACTIVE,
            ~suppressed,
            ~said_no,
        )
    )


def _open_mail(people: set[int], addresses: set[int]) -> None:
    for chunk in _pieces(people):
        db.execute(
            delete(Unsubscription).where(
                Unsubscription.person_id.in_(chunk), Unsubscription.purpose.in_(CARRIED)
            )
        )
    for chunk in _pieces(addresses):
        db.execute(
            update(Address)
            .where(Address.id.in_(chunk), Address.confirmed_at.is_(None))
            .values(confirmed_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def _pieces(numbers: set[int], size: int = 5000) -> list[list[int]]:
    ordered = sorted(numbers)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def count_willing(run: ImportRun) -> int:
    """For how many a consent would be carried over."""
    willing = _willing(run).subquery()
    return db.scalar(select(func.count()).select_from(willing)) or 0


def permit(person: Person) -> bool:
    """Somebody pressed the button of the mail that asked: their address is theirs, and they want
    our mail. False where the address is gone. Pressed twice it is one yes."""
    address = db.get(Address, person.address_id) if person.address_id else None
    if address is None:
        return False
    if address.confirmed_at is not None and person.confirmed_at is not None:
        return True
    address.confirmed_at = address.confirmed_at or clock.now()
    person.confirmed_at = clock.now()
    for purpose in CARRIED:
        wording = wordings.CURRENT[purpose]
        people.agree(person, Agreement(purpose, wording, "permission mail"))
    return True


def ask_by_mail(run: ImportRun) -> None:
    """Let the one mail go out that asks whom we may not write to. Raises NotNow."""
    if run.state != ImportState.APPLIED or run.asked_at is not None:
        raise NotNow
    run.asked_at = clock.now()
    audit("moving", "permission asked", run.id)


def all_asked(run_id: int) -> None:
    """Everybody of an import was asked."""
    db.get_one(ImportRun, run_id).all_asked = True
