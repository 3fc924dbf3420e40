"""The audit: who did what to what. Every domain calls it; nobody changes a line of it."""

from __future__ import annotations

from typing import Any

from flask import g

from app.accounts.models import AuditEntry
from app.foundation import clock, signals
from app.foundation.db import db
from app.foundation.policy import viewer


def audit(area: str, action: str, object_id: int | None = None, **detail: Any) -> None:
    """Note an act of the viewer; `detail` holds numbers and keys, never anybody's data."""
    db.add(
        AuditEntry(
            at=clock.now(),
            actor_id=viewer.person_id,
            area=area,
            action=action,
            object_id=object_id,
            detail=detail,
            request_id=g.get("request_id", ""),
        )
    )


@signals.staff_acted.connect
def _hear(area: str, *, action: str, object_id: int, **detail: Any) -> None:
    audit(area, action, object_id, **detail)
