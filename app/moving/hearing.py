"""What becomes of imported rows when a person goes; connected when the views are loaded.

Rows that were matched with the person are emptied as everything of theirs is. Here go those that
nobody matched yet or that were refused, so that no later import brings the person back; rows that
are not in yet find them in `erased`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import String, cast, func, or_, select

from app.foundation import signals, text
from app.foundation.db import db
from app.moving import erased
from app.moving.contacts import contact_in
from app.moving.models import ImportRow, ImportRun
from app.people.models import Address, Person

LAST_DIGITS = 4
"""So many digits of a phone number stand together, however it is written."""


@signals.person_erased.connect
def forget(person: Person, **_more: Any) -> None:
    db.flush()
    address = db.get(Address, person.address_id) if person.address_id else None
    email = (address.email or "") if address else ""
    shared = address is not None and _others_at(address, person)
    erased.note(email, person.phone or "", person.name, shared=shared)
    for row, run in _naming(email, person.phone or ""):
        theirs = [_is_theirs(cell, email, person.phone or "") for cell in row.cells]
        if any(theirs) and (not shared or _names(row, theirs, person)):
            erased.keep_off(run, email)
            row.reason, row.cells = "", _kept(row, run, theirs, text.folded(person.name))
    db.flush()


def _others_at(address: Address, person: Person) -> bool:
    others = select(Person.id).where(Person.address_id == address.id, Person.id != person.id)
    return db.scalars(others).first() is not None


def _naming(email: str, phone: str) -> Iterator[tuple[ImportRow, ImportRun]]:
    """Rows that may hold the address or the number."""
    written = func.lower(cast(ImportRow.cells, String))
    parts = [part for part in (email, phone[-LAST_DIGITS:]) if part]
    if not parts:
        return iter(())
    wanted = or_(*(written.contains(part, autoescape=True) for part in parts))
    rows = db.execute(
        select(ImportRow, ImportRun).join(ImportRun, ImportRun.id == ImportRow.run_id).where(wanted)
    )
    return iter([(row, run) for row, run in rows])


def _is_theirs(cell: str, email: str, phone: str) -> bool:
    return any(contact in (email, phone) for contact in contact_in(cell) if contact)


def _names(row: ImportRow, theirs: Sequence[bool], person: Person) -> bool:
    """Whether a row tells of this person and not of another at the same address."""
    others = [cell for cell, own in zip(row.cells, theirs, strict=True) if not own]
    return set(text.folded(person.name).split()) <= set(text.folded(" ".join(others)).split())


def _kept(row: ImportRow, run: ImportRun, theirs: Sequence[bool], name: str) -> list[str]:
    """Nothing of a row about a person; one about an event or a group only loses its contact."""
    if run.kind in erased.ABOUT_PEOPLE:
        return []
    pairs = zip(row.cells, theirs, strict=True)
    return ["" if own or text.folded(cell) == name else cell for cell, own in pairs]
