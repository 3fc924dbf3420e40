"""Closing somebody's account and opening it again: the person stays, with all that is theirs."""

from __future__ import annotations

from app.accounts import links, roles, sessions
from app.accounts.audit import audit
from app.people.models import Person, Standing


def close(person: Person) -> None:
    """Let somebody in no more, from this moment; raises LastAdministrator.

    They are signed out everywhere, links that wait in their inbox open nothing, and mail to many
    leaves them out.
    """
    if roles.is_administrator(person.id):
        roles.refuse_last_administrator(person.id)
    person.standing = Standing.DISABLED
    sessions.end_all(person.id)
    links.end_pending(person)
    audit("accounts", "account closed", person.id)


def reopen(person: Person) -> None:
    """Let somebody in again, with the roles that they still have."""
    person.standing = Standing.ACTIVE
    audit("accounts", "account opened again", person.id)
