"""All views of events, and what events hear of people, under one blueprint."""

from __future__ import annotations

from app.events import (
    calendar_views,
    call_staff_views,
    call_views,
    claim_views,
    desk_views,
    door_desk_views,
    door_views,
    heard,
    kit_staff_views,
    kit_views,
    needs_views,
    observance_views,
    organizer_views,
    plan_views,
    public_views,
    reminder_views,
    report_views,
    series_views,
    share_views,
    sign_up_views,
)
from app.events.blueprint import blueprint

__all__ = [
    "blueprint",
    "calendar_views",
    "call_staff_views",
    "call_views",
    "claim_views",
    "desk_views",
    "door_desk_views",
    "door_views",
    "heard",
    "kit_staff_views",
    "kit_views",
    "needs_views",
    "observance_views",
    "organizer_views",
    "plan_views",
    "public_views",
    "reminder_views",
    "report_views",
    "series_views",
    "share_views",
    "sign_up_views",
]
