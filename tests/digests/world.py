"""What the tests of digests start from: Columbus with its events, and readers."""

from __future__ import annotations

import quopri
from datetime import datetime, timedelta

from app.alliances.models import Alliance
from app.digests import composition, tree
from app.digests.models import Issue, Item
from app.digests.tree import Group, Leaf, Match
from app.events.models import Event
from app.foundation import clock
from app.foundation.db import db
from app.mail.registry import Copy, Reader
from app.people.models import Person
from tests.factories import AllianceFactory, EventFactory

INTRODUCTION = """Council passed it again: **seven votes**, none against.

One thing to read: [reparations and victims](https://example.org/reparations)."""


def issue(**values: object) -> Issue:
    """A monthly issue for everybody."""
    now = clock.now()
    made = Issue(
        **{
            "subject": "November digest",
            "introduction": INTRODUCTION,
            "created_at": now,
            "updated_at": now,
            **values,
        }
    )
    db.add(made)
    db.flush()
    return made


def news(title: str, **values: object) -> Item:
    """A piece of news for everybody, good for a month from today."""
    now, today = clock.now(), clock.today()
    made = Item(
        **{
            "title": title,
            "from_on": today,
            "until_on": today + timedelta(days=30),
            "created_at": now,
            "updated_at": now,
            **values,
        }
    )
    db.add(made)
    db.flush()
    return made


def chosen(match: Match = Match.ALL, **values: dict[str, object]) -> dict[str, object]:
    """A choice of people as issues keep it: `chosen(state={"states": ["OH"]})`."""
    leaves = tuple(Leaf(kind, chosen) for kind, chosen in values.items())
    return tree.as_json(Group(match, leaves))


def columbus() -> Alliance:
    """The Columbus Alliance with a reading in 18 days and a council evening in 20."""
    alliance = AllianceFactory(name="Columbus Alliance", slug="columbus")
    event(alliance, "Remembrance reading", days=18, access="step-free", capacity=40)
    event(alliance, "Evening at the council", days=20, venue="City Hall")
    return alliance


def event(alliance: Alliance, title: str, *, days: int, **values: object) -> Event:
    """A published event at 18:30 of its alliance's clock."""
    day = clock.today(alliance.time_zone) + timedelta(days=days)
    slug = title.lower().replace(" ", "-")
    made: Event = EventFactory(
        alliance=alliance,
        title=title,
        slug=slug,
        wall_start=datetime(day.year, day.month, day.day, 18, 30),
        **values,
    )
    return made


def reader(person: Person) -> Reader:
    """The person as the engine hands them to composers."""
    return Reader(
        person_id=person.id,
        name=person.name,
        email=person.address.email if person.address else "",
        language=person.language,
        unsubscribe_url="http://localhost/unsubscribe/token",
        preferences_url="http://localhost/preferences/token",
    )


def copy_for(issue: Issue, person: Person) -> Copy | None:
    one = reader(person)
    return composition.composer(issue, [one])(one)


def plain(quoted: str | bytes) -> str:
    """Quoted-printable text as people read it."""
    if isinstance(quoted, str):
        return quoted
    return quopri.decodestring(quoted).decode().replace("\r\n", "\n")
