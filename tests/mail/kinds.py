"""A kind of mailing that only tests register, and what its tests ask of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, null, select

from app.foundation import clock
from app.foundation.db import UTCDateTime, db
from app.mail import mailings, registry
from app.mail.models import Delivery, Mailing, Message, SendState
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person, Purpose

LATER = timedelta(hours=2)
FACTS = ("late_state", "refused_state", "broken")


class Circular:
    """To everybody, with a body that names them; the facts of a mailing make it differ.

    People of `late_state` are due two hours later, those of `refused_state` are refused, and a
    person called Nothing or Broken gets no copy.
    """

    name = "circular"

    def __init__(self) -> None:
        self.rounds: list[int] = []

    def audience(self, mailing: Mailing) -> Select[Any]:
        late = literal(mailing.due_at + LATER, UTCDateTime())
        at_once = literal(mailing.due_at, UTCDateTime())
        due_at = case((Person.state == mailing.facts.get("late_state", ""), late), else_=at_once)
        return select(Person.id.label("person_id"), due_at.label("due_at"))

    def refusal(self, mailing: Mailing) -> ColumnElement[Any] | None:
        state = mailing.facts.get("refused_state")
        return case((Person.state == state, "moved"), else_=null()) if state else None

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        title = mailing.title
        self.rounds.append(len(readers))
        if "broken" in mailing.facts:
            raise RuntimeError("nobody's copy can be written")

        def compose(reader: Reader) -> Copy | None:
            if reader.name == "Broken":
                raise RuntimeError("this copy cannot be written")
            if reader.name == "Nothing":
                return None
            text = f"Dear {reader.name},\n\n{reader.unsubscribe_url}\n{reader.preferences_url}\n"
            return Copy(title, text, f"<p>Dear {reader.name}</p>")

        return compose


CIRCULAR = Circular()
registry.register(CIRCULAR)


@contextmanager
def count_rounds() -> Iterator[list[int]]:
    """For how many people at a time copies are written during the block."""
    CIRCULAR.rounds = sizes = []
    yield sizes


def circular(once: str = "circular", **values: Any) -> Mailing:
    """A mailing of this kind that is due now, committed."""
    facts = {name: values.pop(name) for name in FACTS if name in values}
    wanted = {
        "purpose": Purpose.DIGEST,
        "subject_id": 1,
        "title": "Hello",
        "due_at": clock.now(),
        "facts": facts,
        "at_any_hour": True,
        **values,
    }
    mailing = mailings.schedule("circular", once=once, **wanted)
    db.commit()
    return mailing


def states(mailing: Mailing) -> Counter[str]:
    """How many copies of a mailing stand where."""
    rows = db.execute(
        select(Delivery.state, func.count())
        .where(Delivery.mailing_id == mailing.id)
        .group_by(Delivery.state)
    )
    return Counter({state.value: number for state, number in rows})


def reasons(mailing: Mailing, state: SendState = SendState.SKIPPED) -> Counter[str]:
    """Why copies of a mailing stand there."""
    rows = db.execute(
        select(Delivery.reason, func.count().label("number"))
        .where(Delivery.mailing_id == mailing.id, Delivery.state == state)
        .group_by(Delivery.reason)
    )
    return Counter({row.reason: row.number for row in rows})


def read(mailing: Mailing) -> Mailing:
    """The mailing as it stands now."""
    return db.get_one(Mailing, mailing.id, populate_existing=True)


def message(once: str) -> Message:
    return db.scalars(
        select(Message).where(Message.once == once).execution_options(populate_existing=True)
    ).one()
