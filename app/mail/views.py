"""Pages of mail; each room registers its own on the blueprint."""

from __future__ import annotations

from app.mail import staff_views, unsubscribe_views
from app.mail.blueprint import blueprint

__all__ = ["blueprint", "staff_views", "unsubscribe_views"]
