"""Pages of moving in; each room registers its own on the blueprint."""

from __future__ import annotations

from app.moving import consent_views, hearing, import_views, permission_views
from app.moving.blueprint import blueprint

__all__ = ["blueprint", "consent_views", "hearing", "import_views", "permission_views"]
