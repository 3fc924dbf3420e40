"""Reads of issues, and of how the mailing of one stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.alliances.models import PUBLIC, Alliance, Membership, MembershipState
from app.digests.models import Announcement, Issue, Item
from app.foundation import clock
from app.foundation.db import db
from app.foundation.web import find_or_404
from app.mail import queries as mail
from app.mail.models import Delivery, Mailing, MailingState
from app.mail.queries import Place


def issues() -> Select[Any]:
    """All issues with their mailings, for the list."""
    query = select(Issue, Mailing).outerjoin(Mailing, Mailing.id == Issue.mailing_id)
    return cast("Select[Any]", query)


def news() -> Select[Any]:
    """All news with the name of the alliance that it is for, for the list."""
    query = select(Item, Alliance.name).outerjoin(Alliance, Alliance.id == Item.alliance_id)
    return cast("Select[Any]", query)


def announcements(alliance_id: int) -> Select[Any]:
    """What an alliance wrote, with its mailings, for the list."""
    query = (
        select(Announcement, Mailing)
        .outerjoin(Mailing, Mailing.id == Announcement.mailing_id)
        .where(Announcement.alliance_id == alliance_id)
    )
    return cast("Select[Any]", query)


def issue(issue_id: int) -> Issue:
    """An issue with its mailing, or 404."""
    query = select(Issue).where(Issue.id == issue_id).options(joinedload(Issue.mailing))
    return find_or_404(db.scalars(query).first())


def locked(issue_id: int) -> Issue:
    """An issue with its mailing, which nobody else changes until the transaction ends."""
    found = find_or_404(db.get(Issue, issue_id, with_for_update=True, populate_existing=True))
    if found.mailing_id is not None:
        db.get(Mailing, found.mailing_id, with_for_update=True, populate_existing=True)
    db.refresh(found, ["mailing"])
    return found


def is_waiting(mailing: Mailing) -> bool:
    """Whether nothing of it has gone out, so that it can still be taken back."""
    return mailing.state == MailingState.SCHEDULED


def is_under_way(mailing: Mailing) -> bool:
    """Whether it goes out, went out, or is about to."""
    return not is_waiting(mailing) or mailing.due_at <= clock.now()


def is_large(mailing: Mailing) -> bool:
    """Whether it goes to so many people that a second person looks at it."""
    return "large" in mailing.facts


def needs_second_person(mailing: Mailing) -> bool:
    """Whether a large issue waits for somebody else's yes, or for its hour to pass."""
    return is_waiting(mailing) and is_large(mailing) and "approved_by" not in mailing.facts


def by_alliance(mailing: Mailing) -> Sequence[tuple[str, Place, int]]:
    """How many copies of an alliance's members stand where."""
    place = mail.place_in(mailing)
    rows = db.execute(
        select(Alliance.name, place, func.count())
        .select_from(Delivery)
        .join(Membership, Membership.person_id == Delivery.person_id)
        .join(Alliance, Alliance.id == Membership.alliance_id)
        .where(Delivery.mailing_id == mailing.id, Membership.state == MembershipState.ACTIVE)
        .group_by(Alliance.id, Alliance.name, place)
    )
    return [(name, Place(where), number) for name, where, number in rows]


def alliance_choices() -> Sequence[tuple[int, str]]:
    rows = db.execute(
        select(Alliance.id, Alliance.name)
        .where(Alliance.life_cycle.in_(PUBLIC))
        .order_by(Alliance.name)
    )
    return [(alliance_id, name) for alliance_id, name in rows]
