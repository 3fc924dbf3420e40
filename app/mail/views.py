"""Pages of mail; each room registers its own on the blueprint."""

from __future__ import annotations

from app.mail import (
    came_back_views,
    do_not_email_views,
    doubt_views,
    holding_views,
    overview_views,
    unsubscribe_views,
    webhook_views,
)
from app.mail.blueprint import blueprint

__all__ = [
    "blueprint",
    "came_back_views",
    "do_not_email_views",
    "doubt_views",
    "holding_views",
    "overview_views",
    "unsubscribe_views",
    "webhook_views",
]
