"""All rooms of views, so that the application finds them on one blueprint."""

from __future__ import annotations

from app.accounts import (
    admin_views,
    closing_views,
    join_views,
    mail_again_views,
    preferences_views,
    settings_views,
    sign_in_views,
)
from app.accounts.blueprint import blueprint

ROOMS = (
    join_views,
    sign_in_views,
    settings_views,
    preferences_views,
    mail_again_views,
    admin_views,
    closing_views,
)

__all__ = ["ROOMS", "blueprint"]
