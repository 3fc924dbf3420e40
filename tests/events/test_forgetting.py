"""Names of past events: deleted after 90 days, while the number stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import forgetting, queries
from app.events.models import SignUp, SignUpState
from app.foundation import clock
from tests.factories import EventFactory, SignUpFactory, coordinator_of
from tests.signing_in import sign_in

SPRING = datetime.fromisoformat("2027-03-01T12:00:00-05:00")


def test_names_go_after_ninety_days_and_the_number_stays(db: Session, client: FlaskClient) -> None:
    with time_machine.travel(SPRING, tick=False):
        event = EventFactory(slug="past-panel")
        SignUpFactory.create_batch(6, event=event)
        SignUpFactory(event=event, state=SignUpState.WAITING)
        other = EventFactory(alliance=event.alliance)
        SignUpFactory(event=other)
        other.ends_at = clock.now() + timedelta(days=30)
        db.commit()
    with time_machine.travel(event.ends_at + timedelta(days=91), tick=False):
        assert forgetting.forget_names() == 1
        assert forgetting.forget_names() == 0
        db.commit()

        assert db.scalars(select(SignUp.event_id)).all() == [other.id]
        assert queries.counts([event.id, other.id]) == {
            event.id: queries.Counts(confirmed=6),
            other.id: queries.Counts(confirmed=1),
        }
        assert queries.seen("past-panel", None).counts == queries.Counts(confirmed=6)
        sign_in(client, coordinator_of(event.alliance))
        desk = f"/desk/{event.alliance.slug}/events"
        page = client.get(f"{desk}/{event.id}").text
        assert "Names are deleted 90 days after an event; the numbers stay." in page
        assert "Share the link of the event." not in page
        assert "Write to guests" not in page
        assert "Write to guests" in client.get(f"{desk}/{other.id}").text


def test_names_of_yesterday_stay(db: Session) -> None:
    with time_machine.travel(SPRING, tick=False):
        event = EventFactory()
        SignUpFactory(event=event)
        db.commit()
    with time_machine.travel(event.ends_at + timedelta(days=89), tick=False):
        assert forgetting.forget_names() == 0
        assert queries.count(event.id).confirmed == 1
