"""Many at once: exact seats, an ordered line, exact shifts, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.events import shifts, sign_ups, waiting
from app.events.models import Event, SignUp, SignUpState
from app.events.seating import Wish
from app.foundation import edge
from app.foundation.web import Whereas
from tests.events.hosting import ShiftFactory
from tests.factories import EventFactory, PersonFactory, SignUpFactory
from tests.statements import count_statements

SEATS, PEOPLE, TIMES = 20, 50, 20
CONFIRMED, WAITING = SignUpState.CONFIRMED, SignUpState.WAITING
VISITOR = {"name": "Maria", "email": "maria@example.org", "zip": ""}


def rush(app: Whereas, event_id: int, wishes: dict[int, Wish]) -> None:
    """Everybody signs up at the same time."""

    def one(person_id: int) -> None:
        with app.app_context(), edge.step() as session:
            try:
                sign_ups.sign_up(session.get_one(Event, event_id), person_id, wishes[person_id])
            except shifts.ShiftFull:
                session.rollback()

    with ThreadPoolExecutor(len(wishes)) as pool:
        list(pool.map(one, wishes))


def flaws(db: Session, event_id: int) -> list[str]:
    """What is not as it must be: no seat too many, nobody lost, and no party seated that came
    after one of its size."""
    rows = db.execute(
        select(SignUp.place, SignUp.seats, SignUp.state)
        .where(SignUp.event_id == event_id)
        .order_by(SignUp.place)
    ).all()
    seated = [row for row in rows if row.state == CONFIRMED]
    line = [row for row in rows if row.state == WAITING]
    free = SEATS - sum(row.seats for row in seated)
    holds = {
        "everybody has a place of their own": [row.place for row in rows]
        == list(range(1, PEOPLE + 1)),
        "everybody is seated or in line": len(seated) + len(line) == PEOPLE,
        "no seat is given twice": free >= 0,
        "no seat is free that the first in line could have": bool(line) and line[0].seats > free,
        "nobody is seated before one who came earlier": bool(line)
        and max(row.place for row in seated) < line[0].place,
    }
    db.commit()
    return [claim for claim, is_so in holds.items() if not is_so]


def many_at_once(app: Whereas, db: Session, *, guests: bool) -> int:
    """The event for whose seats they came."""
    event_id = EventFactory(capacity=SEATS).id
    names = ("Bo", "Cy")
    wishes = {
        PersonFactory().id: Wish(guests=names[: number % 3] if guests else ())
        for number in range(PEOPLE)
    }
    db.commit()
    rush(app, event_id, wishes)
    return event_id


@pytest.mark.parametrize("guests", [False, True])
def test_many_at_once_take_exactly_the_seats_there_are(
    app: Whereas, db: Session, guests: bool
) -> None:
    assert flaws(db, many_at_once(app, db, guests=guests)) == []


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("guests", [False, True])
def test_twenty_times_in_a_row(app: Whereas, db: Session, guests: bool) -> None:
    for _time in range(TIMES):
        assert flaws(db, many_at_once(app, db, guests=guests)) == []


def test_a_shift_is_never_overbooked(app: Whereas, db: Session) -> None:
    event = EventFactory(capacity=None)
    shift = ShiftFactory(event=event, capacity=3)
    event_id, wish = event.id, Wish(shift_ids=(shift.id,))
    wishes = {PersonFactory().id: wish for _n in range(12)}
    db.commit()
    rush(app, event_id, wishes)
    assert [each.taken for each in shifts.of_event(event_id)] == [3]
    assert db.scalar(select(func.count()).select_from(SignUp)) == 3


def test_one_offer_claimed_from_two_devices_at_once_is_one_seat(app: Whereas, db: Session) -> None:
    event = EventFactory(capacity=1)
    seated = SignUpFactory(event=event)
    own = sign_ups.sign_up(event, PersonFactory().id)
    sign_ups.cancel(seated)
    own_id = own.id
    db.commit()

    def claim(_device: int) -> None:
        with app.app_context(), edge.step() as session:
            waiting.claim(session.get_one(SignUp, own_id))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(claim, range(2)))
    db.expire_all()
    assert db.get_one(SignUp, own_id).state == CONFIRMED


@pytest.mark.parametrize("people", [1, 20, 500])
def test_the_page_costs_the_same_whatever_it_holds(
    client: FlaskClient, db: Session, people: int
) -> None:
    event = EventFactory(slug="reading", capacity=people)
    ShiftFactory(event=event)
    person = PersonFactory()
    for _n in range(people):
        SignUpFactory(event=event, person=PersonFactory(address=person.address))
    db.commit()
    with count_statements() as statements:
        page = client.get("/events/reading")
    assert page.status_code == 200
    assert len(statements) <= 4
    assert len(page.data) <= 12 * 1024


def test_a_visitor_signs_up_in_two_requests_and_twelve_statements(
    client: FlaskClient, db: Session
) -> None:
    EventFactory(slug="reading", capacity=20)
    db.commit()
    with count_statements() as statements:
        client.get("/events/reading")
        answer = client.post("/events/reading/sign-up", data=VISITOR | {"guests": "Bo\nCy"})
    assert answer.status_code == 200
    assert len(statements) <= 12
