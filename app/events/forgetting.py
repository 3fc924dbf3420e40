"""Names are deleted 90 days after an event; numbers stay (SECURITY: retention)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, func, select, update

from app.alliances.models import Membership
from app.events import turnout
from app.events.door_models import Arrival
from app.events.models import Event, SignUp, SignUpState
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person

KEPT = timedelta(days=90)


def forget_names() -> int:
    """Count and delete the sign-ups of events that ended long enough ago; how many events."""
    confirmed = (
        select(func.coalesce(func.sum(SignUp.seats), 0))
        .where(SignUp.event_id == Event.id, SignUp.state == SignUpState.CONFIRMED)
        .correlate(Event)
        .scalar_subquery()
    )
    came = (
        select(func.sum(Arrival.people))
        .where(Arrival.event_id == Event.id)
        .correlate(Event)
        .scalar_subquery()
    )
    over = db.scalars(
        update(Event)
        .where(Event.ends_at < clock.now() - KEPT, Event.past_confirmed.is_(None))
        .values(past_confirmed=confirmed, past_came=came)
        .returning(Event.id)
        .execution_options(synchronize_session=False)
    ).all()
    if over:
        _keep_totals(over)
        db.execute(delete(Arrival).where(Arrival.event_id.in_(over)))
        _forget_sign_ups(over)
    return len(over)


def _keep_totals(event_ids: Sequence[int]) -> None:
    """How each of them filled day by day, for the chart of next year's."""
    rows = [{"id": each, "past_totals": t} for each, t in turnout.totals_of(event_ids).items()]
    db.execute(update(Event), rows)


def _forget_sign_ups(event_ids: Sequence[int]) -> None:
    """Delete them, and with the last of them whoever we knew by a phone number for them alone."""
    voices = db.scalars(
        delete(SignUp)
        .where(SignUp.event_id.in_(event_ids))
        .returning(SignUp.person_id)
        .execution_options(synchronize_session=False)
    ).all()
    db.execute(
        delete(Person)
        .where(
            Person.id.in_(voices),
            Person.address_id.is_(None),
            ~exists().where(SignUp.person_id == Person.id),
            ~exists().where(Membership.person_id == Person.id),
        )
        .execution_options(synchronize_session=False)
    )
