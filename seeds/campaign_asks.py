"""Which request of the library each of the demo's campaigns pursues."""

from __future__ import annotations

from sqlalchemy import select

from app.campaigns.body_models import Instrument
from app.foundation.db import db
from app.library.models import Ask

ASKS = {
    Instrument.RESOLUTION: "resolution-for-justice-day",
    Instrument.PROCLAMATION: "proclamation-for-justice-day",
}


def pursued(instrument: Instrument) -> int | None:
    return db.scalar(select(Ask.id).where(Ask.key == ASKS[instrument]))
