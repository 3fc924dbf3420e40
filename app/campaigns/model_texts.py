"""The coalition's model texts, and what an alliance begins with when it takes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.campaigns import clauses, records, texts
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import ModelText
from app.foundation import geo
from app.foundation.db import db


def for_instrument(instrument: Instrument) -> Sequence[ModelText]:
    """Model texts, those of this kind first."""
    return db.scalars(
        select(ModelText).order_by(ModelText.instrument != instrument, ModelText.title)
    ).all()


def by_slug(slug: str) -> ModelText | None:
    return db.scalars(select(ModelText).where(ModelText.slug == slug)).first()


def first_words(measure: Measure, slug: str) -> dict[str, str]:
    """Title and words of a model text with what we know filled in; empty without one."""
    model = by_slug(slug)
    version = texts.version_of_model(model.id) if model else None
    if version is None:
        return {"title": measure.title, "words": ""}
    values = values_of(measure)
    parts = texts.localized(version, values)
    return {
        "title": clauses.filled(version.title, values),
        "words": "\n\n".join(clauses.lines(parts)),
    }


def values_of(measure: Measure) -> Mapping[str, str]:
    """What the slots of a text hold for a campaign."""
    division = measure.body.division
    return {
        "City": records.place_name(division),
        "County": division.county,
        "State": geo.STATES.get(division.state, division.state),
        "Council": measure.body.name,
        "Year": str(measure.year),
        "Clerk": measure.body.clerk,
        "Alliance": measure.alliance.name if measure.alliance else "",
    }
