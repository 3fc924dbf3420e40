"""What news an issue tells: each series tells it in its next issue, and a pinned one in each.

What an issue tells is kept with it from the moment it starts.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.digests import arrangement
from app.digests.models import Issue, Item, News, Told
from app.foundation import clock
from app.foundation.db import db

WORDS = ("title", "title_es", "body", "body_es", "link", "is_pinned", "alliance_id")


def current(issue: Issue) -> Select[Item]:
    """What an issue that has not started would tell on its day, pinned news first."""
    day = issue.scheduled_on or clock.today()
    query = select(Item).where(Item.from_on <= day, Item.until_on >= day)
    if issue.series is not None:
        query = query.where(or_(Item.is_pinned, ~_told_before(issue)))
    return query.order_by(Item.is_pinned.desc(), Item.from_on.desc(), Item.id.desc())


def of(issue: Issue) -> Sequence[News]:
    """What an issue tells: kept with it once it started."""
    if issue.frozen_at is None:
        return db.scalars(current(issue)).all()
    return db.scalars(select(Told).where(Told.issue_id == issue.id).order_by(Told.id)).all()


def freeze(issue: Issue) -> None:
    """Keep what the issue tells; doing it again changes nothing."""
    if issue.frozen_at is not None:
        return
    for item in db.scalars(current(issue)).all():
        words = {name: getattr(item, name) for name in WORDS}
        db.add(Told(issue_id=issue.id, item_id=item.id, **words))
    issue.kept = arrangement.kept(issue)
    issue.frozen_at = clock.now()
    db.flush()


def _told_before(issue: Issue) -> ColumnElement[bool]:
    """Whether an earlier issue of the same series told the item."""
    return (
        select(Told.id)
        .join(Issue, Issue.id == Told.issue_id)
        .where(and_(Told.item_id == Item.id, Issue.series == issue.series))
        .exists()
    )
