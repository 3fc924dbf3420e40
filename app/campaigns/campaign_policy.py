"""Who may do what with a campaign (SECURITY: matrix)."""

from __future__ import annotations

from app.campaigns.measure_models import Measure
from app.foundation.policy import Viewer


def may_edit(viewer: Viewer, measure: Measure) -> bool:
    """Move it, see where the votes stand, the asks, their owners and the evidence."""
    if viewer.is_staff:
        return True
    return measure.alliance_id is not None and viewer.leads(measure.alliance_id)


def may_see(viewer: Viewer, measure: Measure) -> bool:
    """What is not published yet is for its organizers, staff and administrators."""
    return measure.published_at is not None or viewer.is_admin or may_edit(viewer, measure)
