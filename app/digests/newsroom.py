"""Staff write news, change it, and throw it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.digests import twice
from app.digests.models import Item
from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.web import find_or_404


class Stale(edge.Conflict):
    """Somebody else saved the item since the page was opened."""


@dataclass(frozen=True)
class Draft:
    """A piece of news as staff typed it."""

    title: str
    title_es: str
    body: str
    body_es: str
    link: str
    is_pinned: bool
    alliance_id: int | None
    from_on: date
    until_on: date


def write(draft: Draft, *, by_id: int) -> Item:
    """A new piece of news; the same form sent twice is one."""
    before = twice.first_of(Item, vars(draft), by_id=by_id)
    if before is not None:
        return before
    now = clock.now()
    item = Item(**vars(draft), created_by_id=by_id, created_at=now, updated_at=now)
    db.add(item)
    db.flush()
    return item


def rewrite(item_id: int, draft: Draft, *, version: int) -> None:
    """Change news that was read in this version; raises Stale. Issues that told it keep theirs."""
    item = find_or_404(db.get(Item, item_id, with_for_update=True, populate_existing=True))
    if item.version != version:
        raise Stale(f"item {item_id} is at version {item.version}")
    for name, value in vars(draft).items():
        setattr(item, name, value)
    item.version += 1
    item.updated_at = clock.now()


def remove(item_id: int) -> None:
    """Throw news away; issues that told it keep theirs."""
    db.delete(find_or_404(db.get(Item, item_id)))
