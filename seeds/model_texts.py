"""The model texts: put in once from reference/model_texts.toml, then staff's to change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.campaigns import model_texts
from app.campaigns.body_models import Instrument
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.model_texts import About
from app.campaigns.text_models import ModelText
from app.campaigns.texts import Draft
from app.foundation.db import db
from app.library.models import TalkingPoint

FILE = Path(__file__).parent / "reference" / "model_texts.toml"


def seed() -> int:
    """Put in what is missing, after the library; how many there are in the file."""
    entries = tomllib.loads(FILE.read_text())
    there = set(db.scalars(select(ModelText.slug).where(ModelText.slug.in_(entries))))
    rows = db.execute(select(TalkingPoint.key, TalkingPoint.id))
    points = {row[0]: row[1] for row in rows}
    for slug, entry in entries.items():
        if slug not in there:
            parts = [_clause(each, points) for each in entry["clauses"]]
            draft = Draft(entry["title"], parts)
            model_texts.write(_about(entry), draft, by_id=None, slug=slug)
    return len(entries)


def _about(entry: Mapping[str, Any]) -> About:
    return About(
        Instrument(entry["instrument"]),
        entry["about"],
        entry.get("source_title", ""),
        entry.get("source_url", ""),
    )


def _clause(entry: Mapping[str, str], points: Mapping[str, int]) -> Clause:
    point = entry.get("point")
    return Clause(
        ClauseKind(entry["kind"]),
        entry["words"],
        source=entry.get("source", ""),
        point_id=points[point] if point else None,
    )
