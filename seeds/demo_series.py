"""The demo's weekly digest: one issue that went out with its news, and the next, scheduled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.alliances.models import Alliance
from app.digests import rota, series_rows
from app.digests.models import Issue, Item, SeriesName
from app.foundation import clock
from app.foundation.db import db
from app.people.models import DigestEvery
from seeds import demo_mail
from seeds.world import NEWS, World

NINE = time(9)


def seed(world: World) -> None:
    """Switch everything on that goes out by itself, with a week's history."""
    on = _last_day(world)
    at = clock.instant(datetime.combine(on, NINE), "America/New_York")
    columbus = db.scalar(select(Alliance.id).where(Alliance.slug == "columbus"))
    for *words, local in NEWS:
        db.add(_item(world, words, on, columbus if local else None))
    for name in SeriesName:
        series = series_rows.of(name, lock=True)
        series.is_on, series.on_since = True, at
    issue = Issue(
        series=SeriesName.WEEKLY,
        subject="This week",
        subject_es="Esta semana",
        every=DigestEvery.WEEKLY,
        scheduled_on=on,
        created_at=at,
        updated_at=at,
    )
    demo_mail.sent(world, issue, at)
    db.add(_item(world, NEW, world.now.date(), None))
    for name in rota.EVERY:
        rota.arrange(name)


NEW = ("A panel on July 17 needs two more speakers", "", "Do you know somebody? **Write to us.**")


def _last_day(world: World) -> date:
    """The last Thursday before today."""
    today = clock.today()
    return today - timedelta(days=(today.weekday() - 4) % 7 + 1)


def _item(world: World, words: Sequence[str], on: date, alliance_id: int | None) -> Item:
    title, title_es, body = words
    at = world.now - timedelta(hours=2)
    return Item(
        title=title,
        title_es=title_es,
        body=body,
        alliance_id=alliance_id,
        from_on=on - timedelta(days=1),
        until_on=on + timedelta(days=30),
        created_by_id=world.staff.id if world.staff else None,
        created_at=at,
        updated_at=at,
    )
