"""What events hear of people: they confirmed, they are one with another record, they are erased."""

from __future__ import annotations

from typing import Any

from app.alliances.hand_over_models import HandOver
from app.events import co_hosts, door, own_calendar, sign_ups
from app.foundation import signals
from app.people.models import Person


@signals.person_confirmed.connect
def _confirmed(person: Person, *, about: str = "", **_more: Any) -> None:
    sign_ups.confirm_held(person.id, about)


@signals.person_merged.connect
def _merged(from_id: int, *, into_id: int, **_more: Any) -> None:
    sign_ups.hand_over(from_id, into_id)
    co_hosts.hand_over(from_id, into_id)


@signals.person_erased.connect
def _erased(person: Person, **_more: Any) -> None:
    sign_ups.withdraw_all(person.id)
    own_calendar.remove(person.id)


@signals.coordination_handed_over.connect
def _handed_over(hand_over: HandOver, **_more: Any) -> dict[str, int]:
    """Links to the door that the other knows open nothing any more."""
    return {"door_links": door.revoke_all_by(hand_over.from_id, hand_over.alliance_id)}
