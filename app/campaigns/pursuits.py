"""Campaigns that pursue an ask of the library, as its page tells visitors."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.campaigns.measure_models import Measure
from app.foundation.db import db
from app.library import queries as library
from app.library import registry
from app.library.indexing import slug
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
        Pursuit(ask_id, f"{title} ({place or year})", url_for("campaigns.campaign", slug=address))
        for ask_id, title, place, year, address in rows
        if ask_id is not None
    ]


def recommendation_url(measure: Measure) -> str:
    """The page of what a campaign pursues; empty where its ask follows from no recommendation."""
    followed = measure.ask.follows if measure.ask else None
    return url_for("library.recommendation", code=slug(followed.code)) if followed else ""


def choices() -> list[tuple[int, str]]:
    """The asks that a campaign can pursue, each with its recommendation."""
    return [(ask.id, f"{code}: {ask.title}" if code else ask.title) for ask, code in library.asks()]


registry.PURSUITS.append(pursued)
