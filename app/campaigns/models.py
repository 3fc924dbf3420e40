"""All tables of campaigns, room by room, so that migrations find them."""

from __future__ import annotations

from app.campaigns import (
    body_models,
    congress_models,
    contact_models,
    measure_models,
    place_models,
    support_models,
    text_models,
    turnout_models,
    visit_models,
    vote_models,
)

__all__ = [
    "body_models",
    "congress_models",
    "contact_models",
    "measure_models",
    "place_models",
    "support_models",
    "text_models",
    "turnout_models",
    "visit_models",
    "vote_models",
]
