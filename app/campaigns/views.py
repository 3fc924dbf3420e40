"""All views of campaigns under one blueprint."""

from __future__ import annotations

from app.campaigns import (
    campaign_views,
    contact_views,
    council_day_views,
    council_views,
    desk_campaign_views,
    endorsement_views,
    hearing,
    local_text_views,
    model_text_views,
    models,
    paper_views,
    register_views,
    roster_views,
    seat_views,
    sign_views,
    stage_views,
    support_views,
    text_views,
    whip_views,
)
from app.campaigns.blueprint import blueprint

__all__ = [
    "blueprint",
    "campaign_views",
    "contact_views",
    "council_day_views",
    "council_views",
    "desk_campaign_views",
    "endorsement_views",
    "hearing",
    "local_text_views",
    "model_text_views",
    "models",
    "paper_views",
    "register_views",
    "roster_views",
    "seat_views",
    "sign_views",
    "stage_views",
    "support_views",
    "text_views",
    "whip_views",
]
