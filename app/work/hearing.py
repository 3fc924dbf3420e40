"""What to-dos do when something happens to a person; connected when the views are loaded."""

from __future__ import annotations

from typing import Any

from app.alliances.hand_over_models import HandOver
from app.foundation import signals
from app.people.models import Person
from app.work import actions, hand_over_plan


@signals.person_merged.connect
def move_to(from_id: int, *, into_id: int, **_more: Any) -> None:
    actions.hand_over(from_id, into_id)


@signals.person_erased.connect
def find_somebody_else(person: Person, **_more: Any) -> None:
    actions.hand_over(person.id, None)


@signals.coordination_handed_over.connect
def move_what_is_open(hand_over: HandOver, **_more: Any) -> dict[str, int]:
    """The successor owes what is open, and has a plan of their own for taking over."""
    hand_over_plan.drop(hand_over)
    moved = actions.hand_over_open(hand_over.alliance_id, hand_over.from_id, hand_over.into_id)
    hand_over_plan.begin(hand_over)
    return {"to_dos": moved}
