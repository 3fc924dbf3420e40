"""Who may act for an organization: whoever speaks for it today, and staff."""

from __future__ import annotations

from typing import Any

from flask import abort

from app.alliances import organization_queries as queries
from app.alliances.organization_models import Organization
from app.foundation.policy import Viewer


def speaks_for(viewer: Viewer, /, **address: Any) -> bool:
    """The rule of an organization's own pages; what is not public answers others with 404."""
    if viewer.is_staff:
        return True
    if viewer.person_id is None:
        return False
    led = queries.represented_by(viewer.person_id)
    return any(each.slug == address["slug"] for each in led) or abort(404)


def may_see(viewer: Viewer, organization: Organization) -> bool:
    """Its page is public once it may be named; before, it is for its own people and staff."""
    if organization.listed and organization.is_member:
        return True
    if viewer.is_staff:
        return True
    if viewer.person_id is None:
        return False
    mine = queries.represented_by(viewer.person_id)
    return any(each.id == organization.id for each in mine)
