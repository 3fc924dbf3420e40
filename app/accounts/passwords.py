"""Passwords: argon2id, and the same work whether or not somebody has one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import select

from app.accounts.models import Credential
from app.foundation import clock, tokens
from app.foundation.db import db
from app.people.models import Address, Person, Standing

LEAST = 10
MOST = 200
AT_LEAST_TRIED = 2
"""Verifications of one sign-in, so that nobody can tell an unknown address from one that two share.

A third person with a password at the same address is verified as well and takes longer.
"""


def set_password(person_id: int, password: str) -> None:
    """Keep the hash of a person's new password."""
    credential = db.get(Credential, person_id)
    if credential is None:
        credential = Credential(person_id=person_id)
        db.add(credential)
    credential.password_hash = _hasher(_memory()).hash(_normal(password))
    credential.changed_at = clock.now()


def has_password(person_id: int) -> bool:
    return db.get(Credential, person_id) is not None


def unchanged_since(person_id: int, moment: datetime) -> bool:
    """Whether a password proven at a moment is still this person's."""
    credential = db.get(Credential, person_id)
    return credential is not None and credential.changed_at <= moment


def fits(person_id: int, password: str) -> bool:
    """Whether this is the person's password."""
    credential = db.get(Credential, person_id)
    return _verify(credential.password_hash if credential else _nobodys_hash(_memory()), password)


def owners(canonical_email: str, password: str) -> Sequence[Person]:
    """The active people at an address whose password this is."""
    rows = db.execute(
        select(Person, Credential.password_hash)
        .join(Address, Address.id == Person.address_id)
        .join(Credential, Credential.person_id == Person.id)
        .where(Address.email == canonical_email, Person.standing == Standing.ACTIVE)
        .order_by(Person.id)
    ).all()
    for _missing in range(AT_LEAST_TRIED - len(rows)):
        _verify(_nobodys_hash(_memory()), password)
    return [person for person, password_hash in rows if _verify(password_hash, password)]


def _memory() -> int:
    return int(current_app.config["PASSWORD_MEMORY"])


@cache
def _hasher(mebibytes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=mebibytes * 1024, parallelism=1)


@cache
def _nobodys_hash(mebibytes: int) -> str:
    """Costs as much to verify as somebody's."""
    return _hasher(mebibytes).hash(tokens.new())


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher(_memory()).verify(password_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """One form for the same keys pressed on different devices."""
    return unicodedata.normalize("NFKC", password)
