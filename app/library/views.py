"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.library import point_views
from app.library.blueprint import blueprint

ROOMS = (point_views,)

__all__ = ["ROOMS", "blueprint"]
