"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.alliances import (
    audience_conditions,
    constituency_views,
    coordinator_views,
    directory_views,
    duplicate_views,
    edit_views,
    founding_views,
    hand_over_views,
    hearing,
    invitation_views,
    joining_views,
    member_views,
    naming,
    organization_duplicate_views,
    organization_hearing,
    organization_staff_views,
    organization_views,
    partner_views,
)
from app.alliances.blueprint import blueprint

ROOMS = (
    audience_conditions,
    constituency_views,
    coordinator_views,
    directory_views,
    duplicate_views,
    edit_views,
    founding_views,
    hand_over_views,
    hearing,
    invitation_views,
    joining_views,
    member_views,
    naming,
    organization_duplicate_views,
    organization_hearing,
    organization_staff_views,
    organization_views,
    partner_views,
)

__all__ = ["ROOMS", "blueprint"]
