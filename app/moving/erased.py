"""Who was erased while an import was on its way: rows that come in later bring nobody back.

For a day after an erasure keyed hashes tell it, of the address and the number, and no more than
that. An address that others use as well tells it only beside the name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from sqlalchemy import select

from app.foundation import clock, text, tokens
from app.foundation.db import db
from app.foundation.limits import Attempt
from app.foundation.tables import restored
from app.mail.models import SuppressionReason
from app.mail.suppression import suppress
from app.moving.contacts import contact_in
from app.moving.models import ImportKind, ImportRow, ImportRun, ImportState

KIND = "erased"
ABOUT_PEOPLE = (ImportKind.PEOPLE, ImportKind.DO_NOT_EMAIL)


def note(email: str, phone: str, name: str, *, shared: bool) -> None:
    """Somebody with this address and number is being erased."""
    for contact in (email, phone):
        if contact:
            _note(_beside(contact, name))
            if not (shared and contact == email):
                _note(contact)


def forget_erased(run: ImportRun, rows: Iterable[ImportRow]) -> None:
    """Empty the rows of those who were erased since the import began."""
    gone = set(
        db.scalars(
            select(Attempt.key_digest).where(Attempt.kind == KIND, Attempt.at >= run.created_at)
        )
    )
    if gone:
        for row in rows:
            _forget_in(run, row, gone)


def keep_off(run: ImportRun, email: str) -> None:
    """Who must not be e-mailed is kept so, even if that list is still to be imported."""
    if run.kind == ImportKind.DO_NOT_EMAIL and run.state != ImportState.APPLIED and email:
        suppress(email, SuppressionReason.ASKED)


def _forget_in(run: ImportRun, row: ImportRow, gone: Collection[str]) -> None:
    names = [text.folded(restored(cell)) for cell in row.cells]
    pairs = [f"{first} {last}" for first, last in pairwise(names)]
    theirs, email = set[int](), ""
    for number, cell in enumerate(row.cells):
        for contact in contact_in(cell):
            named = {place for place, name in enumerate(names) if _is(_beside(contact, name), gone)}
            paired = any(_is(_beside(contact, name), gone) for name in pairs)
            if _is(contact, gone) or named or paired:
                theirs |= {number, *named}
                email = contact if "@" in contact else email
    if theirs:
        keep_off(run, email)
        row.reason = ""
        kept = ["" if place in theirs else cell for place, cell in enumerate(row.cells)]
        row.cells = [] if run.kind in ABOUT_PEOPLE else kept


def _beside(contact: str, name: str) -> str:
    return f"{contact}\n{text.folded(name)}"


def _is(key: str, gone: Collection[str]) -> bool:
    return _digest(key) in gone


def _digest(key: str) -> str:
    return tokens.keyed_digest(KIND, key)


def _note(key: str) -> None:
    db.add(Attempt(kind=KIND, key_digest=_digest(key), at=clock.now()))
