"""Reads of alliances that deserve a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.alliances.models import Alliance, CoordinatorTerm
from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import LedAlliance


def alliances_led_by(person_id: int) -> Sequence[LedAlliance]:
    """The alliances whose coordinator the person is today."""
    today = clock.today()
    rows = db.execute(
        select(Alliance.id, Alliance.slug, Alliance.name)
        .join(CoordinatorTerm)
        .where(
            CoordinatorTerm.person_id == person_id,
            CoordinatorTerm.since <= today,
            or_(CoordinatorTerm.until.is_(None), CoordinatorTerm.until >= today),
        )
        .order_by(Alliance.name)
        .distinct()
    )
    return [LedAlliance(*row) for row in rows]
