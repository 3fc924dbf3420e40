"""Pages of upkeep; each room registers its own on the blueprint."""

from __future__ import annotations

from app.upkeep import health_views
from app.upkeep.blueprint import blueprint

__all__ = ["blueprint", "health_views"]
