"""Who may do what with an alliance; see each predicate. Denied unless it says yes."""

from __future__ import annotations

from typing import Any

from flask import abort

from app.alliances import queries
from app.alliances.models import Alliance
from app.foundation.policy import Viewer


def coordinates(viewer: Viewer, /, **address: Any) -> bool:
    """The rule of `/desk/<alliance>/…`: staff, and whoever coordinates it today.

    Its members get 403. Others get 404: what goes on in an alliance, and whether one of that
    name is being founded, is not theirs to know. Administrators do not read member data.
    """
    alliance = address["alliance"]
    if viewer.is_staff or any(led.slug == alliance for led in viewer.alliances_led):
        return True
    if viewer.person_id is not None and not queries.is_member(viewer.person_id, alliance):
        abort(404)
    return False


def may_lead(viewer: Viewer, alliance: Alliance) -> bool:
    """See its desk and members, answer who asks to join, invite, export."""
    return viewer.is_staff or viewer.leads(alliance.id)


def may_change_terms(viewer: Viewer, /, **_address: Any) -> bool:
    """Say who coordinates and until when; the views ask for the password first."""
    return viewer.is_staff


def may_decide_proposals(viewer: Viewer, /, **_address: Any) -> bool:
    return viewer.is_staff


def role_of(viewer: Viewer, alliance: Alliance) -> str:
    """In which role somebody opens a member's details; that member reads it on their page."""
    return "coordinator" if viewer.leads(alliance.id) else "staff"
