"""All tables of campaigns, room by room, so that migrations find them."""

from __future__ import annotations

from app.campaigns import body_models, congress_models, place_models

__all__ = ["body_models", "congress_models", "place_models"]
