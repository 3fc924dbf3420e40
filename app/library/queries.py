"""Reads of the library that deserve a name."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.library.models import TalkingPoint


def bank() -> Select[TalkingPoint]:
    """The talking points that may be picked, with their sources; the newest facts first."""
    return (
        select(TalkingPoint)
        .options(joinedload(TalkingPoint.source))
        .where(TalkingPoint.withdrawn_at.is_(None))
        .order_by(TalkingPoint.as_of.desc(), TalkingPoint.id)
    )
