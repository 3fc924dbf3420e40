"""All tables of campaigns, room by room, so that migrations find them."""

from __future__ import annotations

from app.campaigns import (
    aftercare_models,
    body_models,
    congress_models,
    contact_models,
    measure_models,
    place_models,
    register_models,
    renewal_models,
    support_models,
    text_models,
    turnout_models,
    visit_models,
    vote_models,
)

__all__ = [
    "aftercare_models",
    "body_models",
    "congress_models",
    "contact_models",
    "measure_models",
    "place_models",
    "register_models",
    "renewal_models",
    "support_models",
    "text_models",
    "turnout_models",
    "visit_models",
    "vote_models",
]
