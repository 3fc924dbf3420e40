"""The rows of lanes: one place locks them, so that rates and breakers hold over all workers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import current_app
from sqlalchemy import select

from app.foundation.db import db, upsert
from app.mail.models import Lane

RELAY = ""
"""The provider of the lane that all mail passes."""


def sender() -> str:
    """The domain that receivers know us by."""
    return str(current_app.config["MAIL_DOMAIN"])


def locked(providers: Collection[str]) -> Mapping[str, Lane]:
    """These lanes, made where there was none; nobody else changes them until the step ends."""
    rows = [{"sender": sender(), "provider": provider} for provider in sorted(providers)]
    db.execute(upsert(Lane).values(rows).on_conflict_do_nothing())
    found = db.scalars(
        select(Lane)
        .where(Lane.sender == sender(), Lane.provider.in_(providers))
        .order_by(Lane.provider)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {lane.provider: lane for lane in found}
