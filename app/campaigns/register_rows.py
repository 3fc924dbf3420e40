"""The lines of the register, each drawn once for what it says and a language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, request
from markupsafe import Markup
from sqlalchemy import Row, Select, select

from app.campaigns import measure_words as words
from app.campaigns import register
from app.campaigns.measure_models import AWAITS_AGREEMENT, Measure
from app.foundation import language
from app.foundation.db import built_once, db
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


def newest_passed(limit: int) -> Sequence[Listed]:
    """Those that count as passed, the newest first."""
    order = Measure.year.desc(), Measure.stage_on.desc(), Measure.id.desc()
    return db.execute(listed().where(Measure.counted).order_by(*order).limit(limit)).all()


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
