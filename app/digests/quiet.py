"""Alliances in which nothing happens any more: noticed, their members asked once, put to rest.

Half a year without an event makes an alliance quiet. Its members are asked by one mail who would
take over. Where nobody offers within a month it rests, until something is planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.alliances.models import Alliance, LifeCycle
from app.alliances.quiet_models import QuietSpell, TakeOverOffer
from app.digests import quiet_mails, tree
from app.digests.audience import Audience
from app.events.models import Event, EventState
from app.foundation import clock
from app.foundation.db import db
from app.mail import mailings
from app.people.models import Person, Purpose

KIND = "quiet alliance"
SIX_MONTHS = timedelta(days=182)
A_MONTH = timedelta(days=30)
GOOD_FOR = timedelta(days=7)


def due() -> Sequence[int]:
    """Active alliances that held nothing for half a year, plan nothing, and were not asked yet."""
    long_ago = clock.now() - SIX_MONTHS
    asked = exists().where(
        QuietSpell.alliance_id == Alliance.id,
        QuietSpell.ended_at.is_(None) | (QuietSpell.ended_at > long_ago),
    )
    founded = func.coalesce(Alliance.approved_at, Alliance.created_at)
    return db.scalars(
        select(Alliance.id)
        .where(Alliance.life_cycle == LifeCycle.ACTIVE, founded <= long_ago, ~_has_event(), ~asked)
        .order_by(Alliance.id)
    ).all()


def notice(alliance_id: int) -> QuietSpell | None:
    """Note that an alliance is quiet and ask its members; None if it is not, or was asked."""
    alliance = db.get_one(Alliance, alliance_id, with_for_update=True)
    if alliance_id not in due():
        return None
    now = clock.now()
    spell = QuietSpell(alliance_id=alliance_id, noticed_at=now, alliance=alliance)
    db.add(spell)
    db.flush()
    mailings.schedule(
        kind=KIND,
        purpose=Purpose.ANNOUNCEMENTS,
        once=f"quiet:{spell.id}",
        subject_id=spell.id,
        title=alliance.name,
        due_at=now,
        expires_at=now + GOOD_FOR,
    )
    audit("alliances", "alliance is quiet", spell.id, alliance=alliance_id)
    return spell


def whom(spell: QuietSpell) -> Audience:
    """The members who agreed that they are written to about their alliance."""
    return Audience(tree.members_of(spell.alliance_id), purpose=Purpose.ANNOUNCEMENTS)


def end_spells() -> int:
    """Alliances that plan something again, or were woken by hand, are no longer quiet; how many."""
    woken = QuietSpell.rested_at.is_not(None) & (Alliance.life_cycle == LifeCycle.ACTIVE)
    spells = db.scalars(_open().where(_has_event() | woken)).all()
    for spell in spells:
        end(spell)
    return len(spells)


def end(spell: QuietSpell) -> None:
    """Something happens again; who rested is active again."""
    spell.ended_at = clock.now()
    if spell.alliance.life_cycle == LifeCycle.DORMANT:
        spell.alliance.life_cycle = LifeCycle.ACTIVE
    audit("alliances", "alliance no longer quiet", spell.id, alliance=spell.alliance_id)


def put_to_rest() -> int:
    """Alliances for which nobody offered anything within a month rest; how many."""
    offered = exists().where(TakeOverOffer.spell_id == QuietSpell.id)
    spells = db.scalars(
        _open().where(
            QuietSpell.rested_at.is_(None),
            QuietSpell.noticed_at <= clock.now() - A_MONTH,
            ~offered,
        )
    ).all()
    for spell in spells:
        spell.rested_at = clock.now()
        if spell.alliance.life_cycle == LifeCycle.ACTIVE:
            spell.alliance.life_cycle = LifeCycle.DORMANT
        audit("alliances", "alliance put to rest", spell.id, alliance=spell.alliance_id)
    return len(spells)


def offer(spell: QuietSpell, person: Person, note: str) -> TakeOverOffer:
    """A member would take over; staff are told once. Again changes only the words."""
    db.flush()
    found = db.scalars(
        select(TakeOverOffer).where(
            TakeOverOffer.spell_id == spell.id, TakeOverOffer.person_id == person.id
        )
    ).first()
    if found is None:
        found = TakeOverOffer(spell_id=spell.id, person_id=person.id, offered_at=clock.now())
        db.add(found)
        quiet_mails.take_over_offered(spell.alliance, person, spell.id)
    found.note = note
    db.flush()
    return found


def open_spell(alliance_slug: str) -> QuietSpell | None:
    return db.scalars(_open().where(Alliance.slug == alliance_slug)).first()


def spell(number: int) -> QuietSpell | None:
    return db.scalars(_open().where(QuietSpell.id == number)).first()


def open_spells() -> dict[int, QuietSpell]:
    """What is quiet now, by alliance."""
    return {spell.alliance_id: spell for spell in db.scalars(_open())}


def offers() -> dict[int, list[TakeOverOffer]]:
    """Who would take over, by open spell."""
    rows = db.scalars(
        select(TakeOverOffer)
        .join(TakeOverOffer.spell)
        .options(joinedload(TakeOverOffer.person))
        .where(QuietSpell.ended_at.is_(None))
        .order_by(TakeOverOffer.offered_at, TakeOverOffer.id)
    )
    found: dict[int, list[TakeOverOffer]] = {}
    for row in rows:
        found.setdefault(row.spell_id, []).append(row)
    return found


def _open() -> Select[QuietSpell]:
    return (
        select(QuietSpell)
        .join(QuietSpell.alliance)
        .options(contains_eager(QuietSpell.alliance))
        .where(QuietSpell.ended_at.is_(None))
        .order_by(QuietSpell.id)
    )


def _has_event() -> ColumnElement[bool]:
    """Whether an alliance held something in the last half year, or plans something."""
    return exists().where(
        Event.alliance_id == Alliance.id,
        Event.state == EventState.PUBLISHED,
        Event.starts_at > clock.now() - SIX_MONTHS,
    )
