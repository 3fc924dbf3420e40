"""What coordinators write to the members of their alliance or to the guests of an event.

The same engine as digests; capped per day and alliance, and asked again immediately before each
mail whether its writer still may and its reader still belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from app.accounts.audit import audit
from app.alliances import mails as alliance_mails
from app.alliances.models import Alliance
from app.digests import actions, audience, queries, tree
from app.digests.actions import NobodyToSend, Sending, WrongNumber
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
DAY = timedelta(days=1)
GOOD_FOR = timedelta(days=2)
STEERING: Mapping[str, Callable[[Mailing], bool]] = {
    "pause": mailings.pause,
    "resume": mailings.resume,
    "cancel": mailings.cancel,
}
"""What may be done with a letter that goes out."""


class Stale(edge.Conflict):
    """Somebody else saved it since the page was opened."""


class Gone(edge.Conflict):
    """It was sent, so it cannot change."""


class TooMany(Exception):
    """The alliance wrote as often as it may within a day."""


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


def send(announcement_id: int, sending: Sending, *, unlimited: bool) -> None:
    """Hand it to the mail engine, once; doing it again changes nothing.

    Raises TooMany, NobodyToSend, WrongNumber or NoSuchDay. Replies go to whoever sends it.
    """
    found = _locked(announcement_id)
    if found.mailing_id is not None:
        return
    # locked, so that two at once count each other
    alliance = db.get_one(Alliance, found.alliance_id, with_for_update=True)
    if not unlimited and left_on(sending.on or clock.today(), alliance.id) <= 0:
        raise TooMany
    people = audience.count(whom(found)).people
    if not people:
        raise NobodyToSend
    if people != sending.people:
        raise WrongNumber(people)
    found.mailing_id = _mailing(found, alliance, sending).id
    found.author_id = sending.by_id
    found.version += 1
    audit("digests", "announcement sent", found.id, alliance=alliance.id, people=people)


def _mailing(found: Announcement, alliance: Alliance, sending: Sending) -> Mailing:
    now = clock.now()
    facts: dict[str, object] = {"people": sending.people}
    due_at, good_for = now, GOOD_FOR
    if sending.on is not None:
        facts["on"] = sending.on.isoformat()
        due_at, good_for = max(now, actions.begin_of(sending.on)), GOOD_FOR + DAY
    return mailings.schedule(
        kind=KIND,
        purpose=whom(found).purpose,
        once=f"announcement:{found.id}:{found.version}",
        subject_id=found.id,
        title=found.subject,
        due_at=due_at,
        expires_at=due_at + good_for,
        from_name=alliance_mails.sender(alliance.name, language.DEFAULT),
        reply_to=reply_address(sending.by_id),
        facts=facts,
        created_by_id=sending.by_id,
    )


def take_back(announcement_id: int) -> bool:
    """Make a scheduled letter a draft again; False if it goes out already."""
    found = _locked(announcement_id)
    mailing = mailing_of(found)
    if mailing is None or not queries.is_waiting(mailing):
        return False
    mailings.cancel(mailing)
    found.mailing_id = None
    found.version += 1
    audit("digests", "announcement taken back", found.id, alliance=found.alliance_id)
    return True


def steer(announcement_id: int, act: str) -> bool:
    """Do one of STEERING; False if it was too late for that."""
    found = _locked(announcement_id)
    mailing = mailing_of(found)
    done = mailing is not None and STEERING[act](mailing)
    if done:
        audit("digests", f"announcement {act}", found.id, alliance=found.alliance_id)
    return done


def mailing_of(found: Announcement) -> Mailing | None:
    """Its mailing, unless it is a draft."""
    return db.get(Mailing, found.mailing_id) if found.mailing_id else None


def whom(found: Announcement) -> Audience:
    """Members who agreed that coordinators write to them, or who has a seat at the event."""
    if found.event_id is None:
        members = tree.members_of(found.alliance_id)
        return Audience(members, purpose=Purpose.ANNOUNCEMENTS)
    guests = Group(parts=(Leaf("event", {"events": [found.event_id]}),))
    return Audience(guests, purpose=Purpose.EVENTS)


def left_on(day: date, alliance_id: int) -> int:
    """How often an alliance may still write for a day (the coalition's own)."""
    around = clock.instant(datetime.combine(day, time()), clock.HOME_ZONE)
    written = (
        select(Mailing)
        .join(Announcement, Announcement.mailing_id == Mailing.id)
        .where(
            Announcement.alliance_id == alliance_id,
            Mailing.due_at.between(around - DAY, around + 2 * DAY),
        )
    )
    days = [day_of(mailing) for mailing in db.scalars(written)]
    return int(current_app.config["LETTERS_A_DAY"]) - days.count(day)


def day_of(mailing: Mailing) -> date:
    """For which day it was sent; one for a day begins where the day begins first."""
    return (
        audience.chosen_day(mailing) or mailing.due_at.astimezone(ZoneInfo(clock.HOME_ZONE)).date()
    )


def _locked(announcement_id: int) -> Announcement:
    """A letter that nobody else changes until the transaction ends."""
    return find_or_404(
        db.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)
    )


def reply_address(person_id: int) -> str:
    """The address of whoever writes; nothing means the coalition's own."""
    email = select(Address.email).join(Person, Person.address_id == Address.id)
    return db.scalar(email.where(Person.id == person_id)) or ""
