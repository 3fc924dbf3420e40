"""By when the next step is due, where the facts of the stage that was entered tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.campaigns import partial, stages
from app.campaigns.stages import Stage


def due(stage: Stage, facts: Mapping[str, Any], today: date) -> date | None:
    """The first of its days that is still ahead; words such as `after the recess` are none."""
    told = (_day(str(facts.get(key, ""))) for key in stages.DUE.get(stage, ()))
    return next((day for day in told if day and day >= today), None)


def _day(raw: str) -> date | None:
    try:
        return partial.last_day(partial.checked(raw))
    except partial.WrongDate:
        return None
