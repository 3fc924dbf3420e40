"""What people agree to when they sign up, in the log of consents: only once they have confirmed."""

from __future__ import annotations

from app.events.models import SignUp
from app.people import actions as people
from app.people.actions import Agreement
from app.people.models import Purpose

CO_HOSTS = "co-hosts-1"


def note(own: SignUp) -> None:
    """Log that somebody agreed that the alliances which hold the event together see their name."""
    if own.shares:
        agreement = Agreement(Purpose.EVENTS, CO_HOSTS, "web", scope=f"event:{own.event_id}")
        people.note_consent(own.person_id, agreement)
