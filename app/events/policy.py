"""Who may do what with events (SECURITY: matrix)."""

from __future__ import annotations

from collections.abc import Collection

from app.alliances import organization_queries
from app.events.co_host_models import CoHost
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


def may_see_where(viewer: Viewer, event: Event, co_hosts: Collection[CoHost]) -> bool:
    """A private address and the online link without having a seat: organizers, and those who speak
    for an alliance or organization that holds the event with them."""
    if may_edit(viewer, event):
        return True
    if any(each.alliance_id and viewer.leads(each.alliance_id) for each in co_hosts):
        return True
    asked = {each.organization_id for each in co_hosts if each.organization_id}
    if not asked or viewer.person_id is None:
        return False
    return any(o.id in asked for o in organization_queries.represented_by(viewer.person_id))
