"""Campaigns that pursue an ask of the library, as its page tells visitors."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.campaigns.measure_models import Measure
from app.foundation.db import db
from app.library import queries as library
from app.library import registry
from app.library.registry import Pursuit

MOST = 20


def pursued(ask_ids: Sequence[int]) -> Sequence[Pursuit]:
    """Published campaigns for these asks, the newest first."""
    rows = db.execute(
        select(Measure.ask_id, Measure.title, Measure.place, Measure.year, Measure.slug)
        .where(Measure.ask_id.in_(ask_ids), Measure.published_at.is_not(None))
        .order_by(Measure.year.desc(), Measure.id.desc())
        .limit(MOST)
    )
    return [
        Pursuit(ask_id, f"{title} ({place or year})", url_for("campaigns.campaign", slug=slug))
        for ask_id, title, place, year, slug in rows
        if ask_id is not None
    ]


def choices() -> list[tuple[int, str]]:
    """The asks that a campaign can pursue, each with its recommendation."""
    return [(ask.id, f"{code}: {ask.title}" if code else ask.title) for ask, code in library.asks()]


registry.PURSUITS.append(pursued)
