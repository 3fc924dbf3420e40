"""Looking at an issue as real people will get it; each look is written down for them to see."""

from __future__ import annotations

import quopri
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.alliances.models import CoordinatorTerm
from app.digests import audience, composition, event_sections, facts, upcoming
from app.digests.models import Issue
from app.foundation import clock, language, links, tables
from app.foundation.db import db
from app.mail import letters
from app.mail.quoted import Quoted, quote
from app.mail.registry import Copy, Reader
from app.people import actions as people
from app.people import preferences
from app.people.models import Disclosure, Person, Purpose

WHAT = "digest preview"
OPEN_FOR = timedelta(hours=1)
LOOKED_AT = 300
FOUND = 10
"""How many people are gone through to find one with events and one without."""


@dataclass(frozen=True)
class Sheet:
    """A copy as its reader sees it."""

    subject: str
    text: str
    html: str
    size: int
    """Bytes of both parts on the wire."""


def three(issue: Issue) -> list[int]:
    """A member with events, one without, and a coordinator, as far as there are such."""
    coordinators = db.scalars(_readers(issue, _leads()).limit(LOOKED_AT)).all()
    others = db.scalars(_readers(issue, ~_leads()).limit(LOOKED_AT)).all()
    calendar = upcoming.read()
    around = facts.circumstances([*coordinators, *others])
    busy = [n for n in others if event_sections.events_for(calendar, around[n])]
    quiet = [n for n in others if n not in set(busy)]
    leading = sorted(coordinators, key=lambda n: not event_sections.events_for(calendar, around[n]))
    return [found[0] for found in (busy, quiet, leading) if found]


def another(issue: Issue, seen: Collection[int]) -> list[int]:
    """One more reader, whom nobody looked at just now."""
    return list(db.scalars(_readers(issue, Person.id.not_in(seen)).limit(1)))


def specimens(issue: Issue) -> list[Sheet]:
    """Copies of different readers, in each language, for the program alone to look at."""
    chosen = three(issue)
    for code in language.LANGUAGES:
        chosen += db.scalars(_readers(issue, Person.language == code).limit(1))
    people = db.scalars(select(Person).where(Person.id.in_(chosen)).order_by(Person.id))
    found = [sheet(issue, person) for person in people]
    return [each for each in found if each is not None]


def readers(issue: Issue, named: str) -> Sequence[Person]:
    """Readers of an issue whose name holds some letters, for choosing one."""
    name = func.lower(Person.name).like(tables.like(named), escape="\\")
    ids = _readers(issue, name).limit(FOUND)
    return db.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name)).all()


def beside(issue: Issue, person_id: int, *, later: bool) -> list[int]:
    """The next reader of an issue after a person, or the one before."""
    if later:
        query = _readers(issue, Person.id > person_id)
    else:
        query = _readers(issue, Person.id < person_id).order_by(None).order_by(Person.id.desc())
    return list(db.scalars(query.limit(1)))


def reader(issue: Issue, person_id: int) -> list[int]:
    """The person, if they get the issue."""
    return list(db.scalars(_readers(issue, Person.id == person_id)))


def open_to(viewer_id: int, person_ids: Sequence[int]) -> None:
    """Write down that a viewer looks at these people's copies."""
    for person_id in person_ids:
        people.disclose(person_id, to=viewer_id, role="staff", what=WHAT)


def opened_by(viewer_id: int) -> list[Person]:
    """The people whose copies the viewer asked to see within the hour, in that order."""
    rows = db.scalars(
        select(Person)
        .join(Disclosure, Disclosure.person_id == Person.id)
        .where(
            Disclosure.viewer_id == viewer_id,
            Disclosure.what == WHAT,
            Disclosure.at > clock.now() - OPEN_FOR,
        )
        .order_by(Disclosure.id)
    )
    return list({person.id: person for person in rows}.values())


def sheet(issue: Issue, person: Person, *, real_links: bool = False) -> Sheet | None:
    """The person's copy, or None if there is nothing to tell them.

    Its personal links lead nowhere, for they belong to the person, unless it is for themselves.
    """
    one = reader_of(person, Purpose.DIGEST, real_links=real_links)
    copy = composition.composer(issue, [one])(one)
    return None if copy is None else sheet_of(copy)


def sheet_of(copy: Copy) -> Sheet:
    """A copy as people read it."""
    return Sheet(
        subject=copy.subject,
        text=_plain(copy.text),
        html=_plain(copy.html),
        size=_bytes(copy.text) + _bytes(copy.html),
    )


def reader_of(person: Person, purpose: Purpose, *, real_links: bool) -> Reader:
    """The person as composers know them; without real links theirs lead nowhere."""
    unsubscribe_url = preferences_url = "about:blank"
    code = person.language
    if real_links:
        token = preferences.token_of(person.id)
        unsubscribe_url = letters.unsubscribe_url(person.id, purpose, code=code)
        preferences_url = links.absolute("accounts.preferences_by_link", language=code, token=token)
    return Reader(
        person_id=person.id,
        name=person.name,
        email="",
        language=code,
        unsubscribe_url=unsubscribe_url,
        preferences_url=preferences_url,
    )


def _readers(issue: Issue, which: ColumnElement[bool]) -> Select[int]:
    """Ids of readers of an issue; never of people whom only their coordinator knows."""
    getting = audience.receivers(audience.of(issue)).subquery()
    return (
        select(Person.id)
        .join(getting, getting.c.person_id == Person.id)
        .where(Person.discreet.is_(False), which)
        .order_by(Person.id)
    )


def _leads() -> ColumnElement[bool]:
    today = clock.today()
    return Person.id.in_(
        select(CoordinatorTerm.person_id).where(
            CoordinatorTerm.since <= today,
            or_(CoordinatorTerm.until.is_(None), CoordinatorTerm.until >= today),
        )
    )


def _plain(part: str | Quoted) -> str:
    if isinstance(part, str):
        return part
    return quopri.decodestring(part).decode().replace("\r\n", "\n")


def _bytes(part: str | Quoted) -> int:
    return len(quote(part) if isinstance(part, str) else part)
