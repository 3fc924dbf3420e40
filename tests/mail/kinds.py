"""A kind of mailing for tests, composed here only; and what a test does with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, null, select

from app.foundation.db import UTCDateTime
from app.mail import registry
from app.mail.models import Mailing
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person

MOVED = "moved"


class Circular:
    """Everybody with a person's row, at once; facts say what differs.

    `refuse_state` is a state whose people are refused; `at` gives people of a state a later hour.
    """

    name = "circular"

    def audience(self, mailing: Mailing) -> Select[Any]:
        due_at = literal(mailing.due_at, UTCDateTime())
        later = literal(mailing.due_at + timedelta(hours=3), UTCDateTime())
        hour = case((Person.state == mailing.facts.get("late_state", ""), later), else_=due_at)
        chosen = select(Person.id.label("person_id"), hour.label("due_at"))
        limit = mailing.facts.get("from_person", 0)
        return chosen.where(Person.id >= limit)

    def refusal(self, mailing: Mailing) -> ColumnElement[Any] | None:
        state = mailing.facts.get("refused_state")
        return case((Person.state == state, MOVED), else_=null()) if state else None

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        title = mailing.title

        def compose(reader: Reader) -> Copy | None:
            if reader.name == "Nothing":
                return None
            if reader.name == "Broken":
                raise RuntimeError("no copy for them")
            text = f"Dear {reader.name},\n\n{title}\n\n{reader.unsubscribe_url}\n"
            return Copy(title, text, f"<p>Dear {reader.name}</p>")

        return compose


registry.register(Circular())
