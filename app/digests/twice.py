"""A form that is sent twice, by a double click or going back, makes one draft and not two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from app.digests.models import Issue, Item
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person

TWICE = timedelta(hours=1)
"""Within that time the same words by the same person are the same form."""

Made = TypeVar("Made", Issue, Item)


def first_of(
    kind: type[Made], words: Mapping[str, Any], *, by_id: int, after: int = 0
) -> Made | None:
    """What this person made of the same words within the hour and nobody changed since.

    `after` is the id of what it was copied from. The person is locked, so that of two forms at
    once the second finds what the first made.
    """
    db.get_one(Person, by_id, with_for_update=True)
    latest = db.scalars(
        select(kind)
        .where(
            kind.created_by_id == by_id,
            kind.created_at > clock.now() - TWICE,
            kind.version == 1,
            kind.id > after,
        )
        .order_by(kind.id)
    )
    same = (made for made in latest if all(getattr(made, key) == words[key] for key in words))
    return next(same, None)
