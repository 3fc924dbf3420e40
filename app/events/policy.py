"""Who may do what with events (SECURITY: matrix)."""

from __future__ import annotations

from app.events.models import Event, EventState
from app.foundation.policy import Viewer


def may_edit(viewer: Viewer, event: Event) -> bool:
    """Draft, publish, move, cancel, and see the exact number of people."""
    return viewer.is_staff or viewer.leads(event.alliance_id)


def may_see(viewer: Viewer, event: Event) -> bool:
    """Drafts are for their organizers, staff and administrators; the rest is public."""
    return event.state != EventState.DRAFT or viewer.is_admin or may_edit(viewer, event)


def may_see_discreet(viewer: Viewer, event: Event) -> bool:
    """People who chose to be known only to their coordinator; staff do not see them."""
    return viewer.leads(event.alliance_id)
