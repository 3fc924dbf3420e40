"""The link by which somebody answers for a to-do from their mail, without signing in."""

from __future__ import annotations

from app.foundation import links, tokens
from app.work.models import ToDo

PURPOSE = "to-do"


def url(to_do: ToDo, person_id: int, to_language: str) -> str:
    """Opens this one to-do, as long as it is this person's."""
    token = tokens.sign(PURPOSE, to_do.id, person_id)
    return links.absolute("work.by_link", language=to_language, token=token)


def read(token: str) -> tuple[int, int] | None:
    """Number of the to-do and of the person, or None for what we never wrote."""
    ids = tokens.read(PURPOSE, token)
    return (ids[0], ids[1]) if ids is not None and len(ids) == 2 else None
