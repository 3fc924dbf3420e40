"""Pages of moving in; each room registers its own on the blueprint."""

from __future__ import annotations

from app.moving import (
    approval_views,
    consent_approvals,
    consent_views,
    hearing,
    import_views,
    own_views,
    permission_views,
)
from app.moving.blueprint import blueprint

__all__ = [
    "approval_views",
    "blueprint",
    "consent_approvals",
    "consent_views",
    "hearing",
    "import_views",
    "own_views",
    "permission_views",
]
