"""What campaigns hear of people: they confirmed, they are one with another record, they go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute

from app.campaigns import signing
from app.campaigns.measure_models import Measure, StageEntry
from app.campaigns.text_models import TextVersion
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
)
"""Who looks after something, asked somebody, or wrote something down."""


@signals.person_confirmed.connect
def _confirmed(person: Person, *, about: str = "", **_more: Any) -> None:
    signing.confirm(person.id, about)


@signals.person_merged.connect
def _merged(from_id: int, *, into_id: int, **_more: Any) -> None:
    signing.hand_over(from_id, into_id)
    for column in ROLES:
        db.execute(update(column.class_).where(column == from_id).values({column.key: into_id}))


@signals.person_erased.connect
def _erased(person: Person, **_more: Any) -> None:
    signing.forget(person.id)
    for column in ROLES:
        db.execute(update(column.class_).where(column == person.id).values({column.key: None}))
