"""What to-dos do when something happens to a person; connected when the views are loaded."""

from __future__ import annotations

from typing import Any

from app.foundation import signals
from app.people.models import Person
from app.work import actions


@signals.person_merged.connect
def move_to(from_id: int, *, into_id: int, **_more: Any) -> None:
    actions.hand_over(from_id, into_id)


@signals.person_erased.connect
def find_somebody_else(person: Person, **_more: Any) -> None:
    actions.hand_over(person.id, None)
