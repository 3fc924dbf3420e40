"""All views and commands of campaigns under one blueprint."""

from __future__ import annotations

from app.campaigns import council_views, list_commands, models, seat_views
from app.campaigns.blueprint import blueprint

__all__ = ["blueprint", "council_views", "list_commands", "models", "seat_views"]
