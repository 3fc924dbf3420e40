"""The lines of the register, each drawn once for what it says and a language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import get_template_attribute, request
from markupsafe import Markup
from sqlalchemy import Row, Select, select

from app.campaigns import measure_words as words
from app.campaigns import register
from app.campaigns.measure_models import AWAITS_AGREEMENT, Measure
from app.foundation import language
from app.foundation.db import built_once
from app.foundation.tables import drawn_cells

Listed = Row[Any]


@built_once
def listed() -> Select[Any]:
    """What the register says of each of its records."""
    return select(
        Measure.slug,
        Measure.title,
        Measure.place,
        Measure.us_state,
        Measure.instrument,
        Measure.year,
        Measure.stage,
        Measure.stance,
        Measure.verified,
        Measure.extras[AWAITS_AGREEMENT].as_boolean().label("awaits_agreement"),
    ).where(Measure.published_at.is_not(None))


def passed() -> Select[Any]:
    """The same of those that count as passed."""
    return listed().where(Measure.counted)


def drawn(row: Listed) -> Markup:
    """The cells of one line."""
    return _drawn(row, language.current(), request.script_root)


@lru_cache(maxsize=2048)
def _drawn(row: Any, _language: str, _root: str) -> Markup:
    title = get_template_attribute("campaigns/_register_row.html", "title")
    standing = get_template_attribute("campaigns/_register_row.html", "standing")
    return drawn_cells(
        register.REGISTER.columns,
        words.where(row),
        title(row),
        words.INSTRUMENTS[row.instrument],
        row.year,
        standing(row, *words.tag(row)),
    )
