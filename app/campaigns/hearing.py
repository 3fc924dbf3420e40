"""What campaigns hear of people: they confirmed, they are one with another record, they go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.alliances.hand_over_models import HandOver
from app.campaigns import named_endorsers, signing
from app.campaigns.aftercare_models import CongressCopy, Thanks
from app.campaigns.contact_models import Contact
from app.campaigns.measure_models import Measure, StageEntry
from app.campaigns.renewal_models import Renewal
from app.campaigns.support_models import Endorsement
from app.campaigns.text_models import TextVersion
from app.campaigns.turnout_models import Speaker
from app.campaigns.visit_models import LobbyingEntry, Visit, VisitGuest
from app.campaigns.vote_models import SeatAsk, SeatWord
from app.foundation import signals
from app.foundation.db import db
from app.people.models import Person

ROLES: tuple[InstrumentedAttribute[int | None], ...] = (
    Measure.owner_id,
    StageEntry.by_id,
    TextVersion.by_id,
    SeatWord.asked_by_id,
    SeatAsk.owner_id,
    Endorsement.by_id,
    Visit.owner_id,
    LobbyingEntry.person_id,
    Renewal.answered_by_id,
    Thanks.by_id,
    CongressCopy.by_id,
)
"""Who looks after something, asked somebody, or wrote something down."""
ONCE: tuple[InstrumentedAttribute[int], ...] = (VisitGuest.visit_id, Speaker.turnout_id)
"""Tables with one row for a person and each of these, which goes with the person."""


@signals.person_confirmed.connect
def _confirmed(person: Person, *, about: str = "", **_more: Any) -> None:
    signing.confirm(person.id, about)


@signals.person_merged.connect
def _merged(from_id: int, *, into_id: int, **_more: Any) -> None:
    signing.hand_over(from_id, into_id)
    for of_what in ONCE:
        _one_of_each(of_what, from_id, into_id)
    _contacts(from_id, into_id)
    for column in ROLES:
        db.execute(update(column.class_).where(column == from_id).values({column.key: into_id}))


@signals.person_leaving.connect
def _leaving(person: Person, **_more: Any) -> None:
    named_endorsers.forget(person)


@signals.person_erased.connect
def _erased(person: Person, **_more: Any) -> None:
    signing.forget(person.id)
    for of_what in ONCE:
        table: Any = of_what.class_
        db.execute(delete(table).where(table.person_id == person.id))
    db.execute(update(Contact).where(Contact.person_id == person.id).values(person_id=None))
    for column in ROLES:
        db.execute(update(column.class_).where(column == person.id).values({column.key: None}))


def _one_of_each(of_what: InstrumentedAttribute[int], from_id: int, into_id: int) -> None:
    """Move rows to the other record, but for those that it has already."""
    table: Any = of_what.class_
    theirs = select(of_what).where(table.person_id == into_id)
    db.execute(delete(table).where(table.person_id == from_id, of_what.in_(theirs)))
    db.execute(update(table).where(table.person_id == from_id).values(person_id=into_id))


def _contacts(from_id: int, into_id: int) -> None:
    """The letters and calls of both; what both told on one day was one."""
    known = {_which(own) for own in _told_by(into_id)}
    for own in _told_by(from_id):
        if _which(own) in known:
            db.delete(own)
        else:
            own.person_id = into_id
    db.flush()


def _told_by(person_id: int) -> Sequence[Contact]:
    return db.scalars(select(Contact).where(Contact.person_id == person_id)).all()


def _which(own: Contact) -> tuple[Any, ...]:
    return own.measure_id, own.seat_id, own.kind, own.on


@signals.coordination_handed_over.connect
def _handed_over(hand_over: HandOver, **_more: Any) -> dict[str, int]:
    """The successor looks after the alliance's campaigns and asks whom the other was to ask."""
    ours = select(Measure.id).where(Measure.alliance_id == hand_over.alliance_id)
    campaigns = update(Measure).where(Measure.id.in_(ours), Measure.owner_id == hand_over.from_id)
    asks = update(SeatAsk).where(
        SeatAsk.measure_id.in_(ours), SeatAsk.owner_id == hand_over.from_id
    )
    visits = update(Visit).where(
        Visit.measure_id.in_(ours),
        Visit.owner_id == hand_over.from_id,
        or_(Visit.reported_at.is_(None), Visit.thanked_on.is_(None)),
    )
    into = {"owner_id": hand_over.into_id}
    return {
        "campaigns": len(db.scalars(campaigns.values(into).returning(Measure.id)).all()),
        "asks": len(db.scalars(asks.values(into).returning(SeatAsk.id)).all()),
        "visits": len(db.scalars(visits.values(into).returning(Visit.id)).all()),
    }
