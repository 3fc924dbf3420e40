"""The log of time and money spent on lobbying, by year; a list for the books, not advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.campaigns.measure_models import Measure
from app.campaigns.visit_models import LobbyingEntry, LobbyingKind
from app.foundation import clock
from app.foundation.db import db


@dataclass(frozen=True)
class Spent:
    """What somebody spent, when and on what."""

    on: date
    kind: LobbyingKind
    what: str
    minutes: int
    cents: int
    person_id: int | None = None
    measure_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True)
class Total:
    """Minutes and cents of one kind in a year."""

    minutes: int = 0
    cents: int = 0


def note(alliance_id: int, spent: Spent) -> LobbyingEntry:
    """One more line; a visit has one, which a corrected report writes anew."""
    entry = _of_visit(spent.visit_id) or LobbyingEntry(
        alliance_id=alliance_id, visit_id=spent.visit_id, created_at=clock.now()
    )
    entry.on, entry.kind, entry.what = spent.on, spent.kind, spent.what
    entry.minutes, entry.cents = spent.minutes, spent.cents
    entry.person_id, entry.measure_id = spent.person_id, spent.measure_id
    db.add(entry)
    db.flush()
    return entry


def of_alliance(alliance_id: int) -> Select[LobbyingEntry]:
    return (
        select(LobbyingEntry)
        .where(LobbyingEntry.alliance_id == alliance_id)
        .options(
            joinedload(LobbyingEntry.person),
            joinedload(LobbyingEntry.measure).load_only(Measure.title),
        )
    )


def numbered(alliance_id: int, number: int) -> LobbyingEntry | None:
    return db.scalars(of_alliance(alliance_id).where(LobbyingEntry.id == number)).first()


def years(alliance_id: int) -> Sequence[int]:
    """Years with entries, the newest first."""
    ours = LobbyingEntry.alliance_id == alliance_id
    first = db.scalar(select(func.min(LobbyingEntry.on)).where(ours))
    last = db.scalar(select(func.max(LobbyingEntry.on)).where(ours))
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def totals(alliance_id: int, year: int) -> Mapping[LobbyingKind, Total]:
    """What was spent in a year, by kind."""
    rows = db.execute(
        select(LobbyingEntry.kind, func.sum(LobbyingEntry.minutes), func.sum(LobbyingEntry.cents))
        .where(LobbyingEntry.alliance_id == alliance_id, in_year(year))
        .group_by(LobbyingEntry.kind)
    )
    found = {kind: Total(int(minutes), int(cents)) for kind, minutes, cents in rows}
    return {kind: found.get(kind, Total()) for kind in LobbyingKind}


def dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _of_visit(visit_id: int | None) -> LobbyingEntry | None:
    if visit_id is None:
        return None
    return db.scalars(select(LobbyingEntry).where(LobbyingEntry.visit_id == visit_id)).first()


def in_year(year: int) -> Any:
    return LobbyingEntry.on.between(date(year, 1, 1), date(year, 12, 31))
