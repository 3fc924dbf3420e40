"""Who may do what with events: the matrix of SECURITY as a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import policy
from app.events.models import Event, EventState
from app.foundation.policy import LedAlliance, Viewer
from tests.factories import AllianceFactory, EventFactory

RULES: dict[str, Callable[[Viewer, Event], bool]] = {
    "see draft": policy.may_see,
    "edit": policy.may_edit,
    "see discreet": policy.may_see_discreet,
}
TABLE = {
    "visitor": "- - -",
    "member": "- - -",
    "coordinator": "Y Y Y",
    "coordinator of another": "- - -",
    "staff": "Y Y -",
    "admin": "Y - -",
}


def viewer(who: str, alliance: Alliance) -> Viewer:
    if who == "visitor":
        return Viewer()
    found = Viewer(person_id=1)
    if who in ("staff", "admin"):
        found.national_roles = frozenset({who})
    led_id = {"coordinator": alliance.id, "coordinator of another": alliance.id + 1}.get(who)
    found.alliances_led = (LedAlliance(led_id, "x", "X"),) if led_id else ()
    return found


@pytest.mark.parametrize("who", TABLE)
def test_who_may_do_what_with_a_draft(db: Session, who: str) -> None:
    alliance = AllianceFactory()
    event = EventFactory(alliance=alliance, state=EventState.DRAFT)
    said = " ".join("Y" if may(viewer(who, alliance), event) else "-" for may in RULES.values())
    assert said == TABLE[who]


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.CANCELLED])
def test_what_is_public_is_for_everybody(db: Session, state: EventState) -> None:
    assert policy.may_see(Viewer(), EventFactory(state=state))
