"""What coordinators write to the members of their alliance or to the guests of an event.

The same engine as digests; capped per day and alliance, and asked again immediately before each
mail whether its writer still may and its reader still belongs.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from app.accounts.audit import audit
from app.alliances import mails as alliance_mails
from app.alliances.models import Alliance
from app.digests import audience, tree
from app.digests.audience import Audience
from app.digests.models import Announcement
from app.digests.tree import Group, Leaf
from app.foundation import clock, edge, language
from app.foundation.db import db
from app.foundation.web import find_or_404
from app.mail import mailings
from app.mail.models import Mailing
from app.people.models import Address, Person, Purpose

KIND = "announcement"
DAY = timedelta(hours=24)
GOOD_FOR = timedelta(days=2)


class Stale(edge.Conflict):
    """Somebody else saved it since the page was opened."""


class Gone(edge.Conflict):
    """It was sent, so it cannot change."""


class TooMany(Exception):
    """The alliance wrote as often as it may within a day."""


class WrongNumber(Exception):
    """Not as many people as were shown will get it now, or nobody."""


@dataclass(frozen=True)
class Draft:
    """What a coordinator typed, the Spanish only where some readers shall have their own."""

    subject: str
    body: str
    subject_es: str = ""
    body_es: str = ""


def create(alliance: Alliance, draft: Draft, *, event_id: int | None, by_id: int) -> Announcement:
    now = clock.now()
    made = Announcement(
        alliance_id=alliance.id,
        event_id=event_id,
        **asdict(draft),
        author_id=by_id,
        created_at=now,
        updated_at=now,
    )
    db.add(made)
    db.flush()
    return made


def save(announcement_id: int, draft: Draft, *, version: int) -> None:
    """Change a draft that was read in this version; raises Stale or Gone."""
    found = _locked(announcement_id)
    if found.mailing_id is not None:
        raise Gone(f"announcement {found.id} was sent")
    if found.version != version:
        raise Stale(f"announcement {found.id} is at version {found.version}")
    for name, words in asdict(draft).items():
        setattr(found, name, words)
    found.version += 1
    found.updated_at = clock.now()


def send(announcement_id: int, *, people: int, by_id: int, unlimited: bool) -> None:
    """Hand it to the mail engine, once; doing it again changes nothing.

    Raises TooMany or WrongNumber. Replies go to whoever sends it.
    """
    found = _locked(announcement_id)
    if found.mailing_id is not None:
        return
    # locked, so that two at once count each other
    alliance = db.get_one(Alliance, found.alliance_id, with_for_update=True)
    if not unlimited and left_today(found.alliance_id) <= 0:
        raise TooMany
    now_getting = audience.count(whom(found)).people
    if people != now_getting or not people:
        raise WrongNumber
    now = clock.now()
    found.author_id = by_id
    mailing = mailings.schedule(
        kind=KIND,
        purpose=whom(found).purpose,
        once=f"announcement:{found.id}",
        subject_id=found.id,
        title=found.subject,
        due_at=now,
        expires_at=now + GOOD_FOR,
        from_name=alliance_mails.sender(alliance.name, language.DEFAULT),
        reply_to=reply_address(by_id),
        facts={"people": people},
        created_by_id=by_id,
    )
    found.mailing_id = mailing.id
    found.version += 1
    audit("digests", "announcement sent", found.id, alliance=found.alliance_id, people=people)


def whom(found: Announcement) -> Audience:
    """Members who agreed that coordinators write to them, or who has a seat at the event."""
    if found.event_id is None:
        members = tree.members_of(found.alliance_id)
        return Audience(members, purpose=Purpose.ANNOUNCEMENTS)
    guests = Group(parts=(Leaf("event", {"events": [found.event_id]}),))
    return Audience(guests, purpose=Purpose.EVENTS)


def left_today(alliance_id: int) -> int:
    """How often an alliance may still write within these 24 hours."""
    lately = (
        select(func.count())
        .select_from(Announcement)
        .join(Mailing, Mailing.id == Announcement.mailing_id)
        .where(Announcement.alliance_id == alliance_id, Mailing.created_at > clock.now() - DAY)
    )
    return int(current_app.config["LETTERS_A_DAY"]) - (db.scalar(lately) or 0)


def _locked(announcement_id: int) -> Announcement:
    return find_or_404(
        db.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)
    )


def reply_address(person_id: int) -> str:
    """The address of whoever writes; nothing means the coalition's own."""
    email = select(Address.email).join(Person, Person.address_id == Address.id)
    return db.scalar(email.where(Person.id == person_id)) or ""
