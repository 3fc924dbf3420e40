"""What people do with kits: write, adopt, put away; and what an event takes from one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.accounts.audit import audit
from app.events.kit_models import Kit
from app.events.models import Event, EventKind
from app.foundation import clock
from app.foundation.db import db


@dataclass(frozen=True)
class Contents:
    """What somebody writes into a kit."""

    kind: EventKind
    title: str
    description: str
    minutes: int
    roles: Sequence[str]
    materials: Sequence[str]
    checklist: Sequence[str]
    questions: Sequence[dict[str, Any]] = ()
    reminders: Sequence[dict[str, Any]] = ()
    title_es: str = ""
    description_es: str = ""


def national() -> Sequence[Kit]:
    """The kits that everybody may use, by title."""
    return _all(Kit.alliance_id.is_(None))


def of_alliance(alliance_id: int) -> Sequence[Kit]:
    """An alliance's own kits, by title."""
    return _all(Kit.alliance_id == alliance_id)


def usable(kit_id: int, alliance_id: int) -> Kit | None:
    """A kit that the alliance may begin an event from: its own or a national one."""
    return db.scalars(
        select(Kit).where(
            Kit.id == kit_id,
            (Kit.alliance_id == alliance_id) | Kit.alliance_id.is_(None),
            Kit.archived_at.is_(None),
        )
    ).first()


def own(kit_id: int, alliance_id: int | None) -> Kit | None:
    """A kit by its number, if it is this alliance's; without one, a national kit."""
    whose = Kit.alliance_id.is_(None) if alliance_id is None else Kit.alliance_id == alliance_id
    return db.scalars(select(Kit).where(Kit.id == kit_id, whose)).first()


def write(contents: Contents, alliance_id: int | None) -> Kit:
    """A new kit of an alliance, or a national one."""
    now = clock.now()
    kit = Kit(alliance_id=alliance_id, created_at=now, updated_at=now)
    _fill(kit, contents)
    db.add(kit)
    db.flush()
    audit("events", "kit", kit.id)
    return kit


def change(kit: Kit, contents: Contents) -> None:
    """Events that were begun from it stay as they are."""
    _fill(kit, contents)
    kit.updated_at = clock.now()
    audit("events", "kit-change", kit.id)


def adopt(kit: Kit, alliance_id: int) -> Kit:
    """The alliance's own copy of a kit, to be changed; doing it twice gives the first one."""
    there = db.scalars(
        select(Kit).where(Kit.alliance_id == alliance_id, Kit.adopted_from_id == kit.id)
    ).first()
    if there is not None:
        there.archived_at = None
        return there
    copy = write(contents_of(kit), alliance_id)
    copy.adopted_from_id = kit.id
    db.flush()
    return copy


def put_away(kit: Kit) -> None:
    """Nobody begins an event from it any more."""
    kit.archived_at = kit.archived_at or clock.now()
    audit("events", "kit-away", kit.id)


def bring_back(kit: Kit) -> None:
    kit.archived_at = None
    audit("events", "kit-back", kit.id)


def delete(kit: Kit) -> None:
    """Gone for good; events keep what they took from it, adopted kits stand by themselves."""
    audit("events", "kit-delete", kit.id)
    db.delete(kit)


def used(kit: Kit) -> int:
    """How many events were begun from it."""
    return db.scalar(select(func.count()).select_from(Event).where(Event.kit_id == kit.id)) or 0


def pour(kit: Kit, event: Event) -> None:
    """Let a new event take over what the form does not show: a copy, not a link.

    The Spanish of a title or a description comes along while the event says the same in English.
    """
    event.kit_id = kit.id
    if event.title == kit.title:
        event.title_es = kit.title_es
    if event.description == kit.description:
        event.description_es = kit.description_es
    event.roles = list(kit.roles)
    event.materials = list(kit.materials)
    event.checklist = list(kit.checklist)
    event.questions = list(kit.questions)
    event.reminders = list(kit.reminders) or None  # none: the ordinary ones


def keep(event: Event) -> Kit:
    """A kit of the alliance made from an event that went well."""
    return write(
        Contents(
            kind=event.kind,
            title=event.title,
            description=event.description,
            minutes=event.minutes,
            roles=event.roles,
            materials=event.materials,
            checklist=event.checklist,
            questions=event.questions,
            reminders=event.reminders or (),
            title_es=event.title_es,
            description_es=event.description_es,
        ),
        event.alliance_id,
    )


def contents_of(kit: Kit) -> Contents:
    return Contents(
        kind=kit.kind,
        title=kit.title,
        description=kit.description,
        minutes=kit.minutes,
        roles=kit.roles,
        materials=kit.materials,
        checklist=kit.checklist,
        questions=kit.questions,
        reminders=kit.reminders,
        title_es=kit.title_es,
        description_es=kit.description_es,
    )


def _fill(kit: Kit, contents: Contents) -> None:
    kit.kind = contents.kind
    kit.title = contents.title
    kit.description = contents.description
    kit.minutes = contents.minutes
    kit.roles = list(contents.roles)
    kit.materials = list(contents.materials)
    kit.checklist = list(contents.checklist)
    kit.questions = list(contents.questions)
    kit.reminders = list(contents.reminders)
    kit.title_es = contents.title_es
    kit.description_es = contents.description_es


def _all(whose: ColumnElement[bool]) -> Sequence[Kit]:
    return db.scalars(
        select(Kit).where(whose).order_by(Kit.archived_at.is_not(None), func.lower(Kit.title))
    ).all()
