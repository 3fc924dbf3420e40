"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.library import (
    ask_views,
    debate_views,
    digest_section,
    front_views,
    hearing,
    point_views,
    press_views,
    reading_views,
    recommendation_views,
    staff_views,
)
from app.library.blueprint import blueprint

ROOMS = (
    ask_views,
    debate_views,
    digest_section,
    front_views,
    hearing,
    point_views,
    press_views,
    reading_views,
    recommendation_views,
    staff_views,
)

__all__ = ["ROOMS", "blueprint"]
