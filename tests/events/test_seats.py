"""Seats: exact under any order of events, and in line by who came first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.events import sign_ups
from app.events.models import Event, EventState, SignUp, SignUpState
from app.events.seating import EventClosed
from app.events.sign_ups import Visitor
from app.foundation import clock, edge, signals
from app.foundation.db import database
from app.foundation.db import db as session_here
from app.foundation.web import Whereas
from app.mail.models import Message
from app.people.models import Person, Standing
from tasks.events import sweep
from tests.factories import EventFactory, PersonFactory, SignUpFactory

CONFIRMED, WAITING = SignUpState.CONFIRMED, SignUpState.WAITING
HELD, CANCELLED = SignUpState.HELD, SignUpState.CANCELLED
OFFERED = SignUpState.OFFERED
HALF_AN_HOUR = timedelta(minutes=31)


@pytest.fixture
def wait() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def states(db: Session, event: Event) -> list[SignUpState]:
    query = select(SignUp.state).where(SignUp.event_id == event.id)
    return list(db.scalars(query.order_by(SignUp.place, SignUp.id)))


def kinds(db: Session) -> list[str]:
    return [kind.removeprefix("events/") for kind in db.scalars(select(Message.kind))]


def visitor(name: str, email: str | None = None) -> Visitor:
    return Visitor(name, email or f"{name.lower()}@example.org", None, "en")


def confirm(person: Person) -> None:
    """Press the link of each sign-up of a person."""
    person.standing = Standing.ACTIVE
    wishes = select(SignUp.event_id).where(SignUp.person_id == person.id)
    for event_id in session_here.scalars(wishes).all():
        signals.person_confirmed.send(person, about=f"event:{event_id}")


def test_full_event_puts_the_next_person_on_the_waiting_list(db: Session) -> None:
    event = EventFactory(capacity=1)
    first, second = PersonFactory(), PersonFactory()
    assert sign_ups.sign_up(event, first.id).state == CONFIRMED
    assert sign_ups.sign_up(event, second.id).state == WAITING
    assert kinds(db) == ["sign_up_confirmed", "waiting"]


def test_an_event_without_limit_has_a_seat_for_everybody(db: Session) -> None:
    event = EventFactory(capacity=None)
    for _n in range(3):
        sign_ups.sign_up(event, PersonFactory().id)
    assert states(db, event) == [CONFIRMED] * 3


def test_cancelling_gives_the_seat_to_the_first_in_line(db: Session) -> None:
    event = EventFactory(capacity=1)
    seated, *line = [sign_ups.sign_up(event, PersonFactory().id) for _n in range(3)]
    sign_ups.cancel(seated)
    assert states(db, event) == [CANCELLED, OFFERED, WAITING]
    sign_ups.cancel(line[1])
    sign_ups.cancel(line[1])
    assert states(db, event) == [CANCELLED, OFFERED, CANCELLED]
    assert kinds(db).count("seat_offered") == 1


def test_whoever_comes_back_goes_to_the_end_of_the_line(db: Session) -> None:
    event = EventFactory(capacity=1)
    sign_ups.sign_up(event, PersonFactory().id)
    early, late = (sign_ups.sign_up(event, PersonFactory().id) for _n in range(2))
    sign_ups.cancel(early)
    sign_ups.sign_up(event, early.person_id)
    assert [early.state, late.state] == [WAITING, WAITING]
    assert early.place > late.place
    assert kinds(db).count("waiting") == 3


def test_a_held_seat_counts_for_half_an_hour(db: Session, wait: time_machine.Traveller) -> None:
    event = EventFactory(capacity=1)
    sign_ups.hold(event, visitor("Ana"), "/")
    assert sign_ups.sign_up(event, PersonFactory().id).state == WAITING
    wait.shift(HALF_AN_HOUR)
    assert sign_ups.sign_up(event, PersonFactory().id).state == WAITING
    assert states(db, event) == [HELD, OFFERED, WAITING]


def test_confirming_in_time_keeps_the_seat(db: Session) -> None:
    event = EventFactory(capacity=1)
    own = sign_ups.hold(event, visitor("Ana"), "/")
    sign_ups.sign_up(event, PersonFactory().id)
    confirm(db.get_one(Person, own.person_id))
    assert states(db, event) == [CONFIRMED, WAITING]


def test_confirming_later_takes_a_free_seat(db: Session, wait: time_machine.Traveller) -> None:
    event = EventFactory(capacity=1)
    own = sign_ups.hold(event, visitor("Ana"), "/")
    wait.shift(HALF_AN_HOUR)
    confirm(db.get_one(Person, own.person_id))
    assert own.state == CONFIRMED


def test_confirming_later_joins_the_line_if_none_is_free(
    db: Session, wait: time_machine.Traveller
) -> None:
    event = EventFactory(capacity=1)
    own = sign_ups.hold(event, visitor("Ana"), "/")
    wait.shift(HALF_AN_HOUR)
    sign_ups.sign_up(event, PersonFactory().id)
    sign_ups.sign_up(event, PersonFactory().id)
    confirm(db.get_one(Person, own.person_id))
    assert states(db, event) == [CONFIRMED, WAITING, WAITING]
    assert own.place == 4


def test_a_visitor_of_a_full_event_holds_nothing_and_waits_once_confirmed(db: Session) -> None:
    event = EventFactory(capacity=1)
    sign_ups.sign_up(event, PersonFactory().id)
    own = sign_ups.hold(event, visitor("Ana"), "/")
    assert (own.state, own.held_until) == (HELD, None)
    confirm(db.get_one(Person, own.person_id))
    assert own.state == WAITING


def test_a_visitors_form_sent_twice_is_one_person_and_one_seat(db: Session) -> None:
    event = EventFactory(capacity=5)
    first = sign_ups.hold(event, visitor("Ana"), "/")
    second = sign_ups.hold(event, visitor("ana", "ANA@example.org"), "/")
    assert first is second
    assert db.scalar(select(func.count(Person.id))) == 1


def test_one_address_cannot_hold_all_seats(db: Session) -> None:
    event = EventFactory(capacity=10)
    for n in range(6):
        sign_ups.hold(event, visitor(f"Ana {n}", "ana@example.org"), "/")
    assert states(db, event) == [HELD] * 3
    assert kinds(db) == ["please_confirm"] * 3


@pytest.mark.parametrize(
    "values",
    [
        {"state": EventState.DRAFT},
        {"state": EventState.CANCELLED},
        {"ends_at": clock.now() - timedelta(minutes=1)},
    ],
)
def test_nobody_signs_up_for_what_is_not_open(db: Session, values: dict[str, object]) -> None:
    event = EventFactory(**values)
    with pytest.raises(EventClosed):
        sign_ups.sign_up(event, PersonFactory().id)
    with pytest.raises(EventClosed):
        sign_ups.hold(event, visitor("Ana"), "/")
    assert kinds(db) == []


def test_visitors_do_not_learn_that_there_is_a_draft(client: FlaskClient, db: Session) -> None:
    event = EventFactory(state=EventState.DRAFT)
    form = {"name": "Ana", "email": "ana@example.org", "zip": "43215"}

    answers = [client.post(f"/events/{slug}/sign-up", data=form) for slug in (event.slug, "none")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_confirming_after_the_event_was_cancelled_gives_no_seat(db: Session) -> None:
    event = EventFactory()
    own = sign_ups.hold(event, visitor("Ana"), "/")
    event.state = EventState.CANCELLED
    confirm(db.get_one(Person, own.person_id))
    assert own.state == CANCELLED
    assert kinds(db) == ["please_confirm"]


def test_nobody_gives_a_seat_back_after_the_event(db: Session) -> None:
    event = EventFactory(ends_at=clock.now() - timedelta(hours=1))
    own = SignUpFactory(event=event)
    with pytest.raises(EventClosed):
        sign_ups.cancel(own)
    assert own.state == CONFIRMED


def test_the_sweep_releases_seats_and_tells_the_next(
    db: Session, wait: time_machine.Traveller
) -> None:
    event = EventFactory(capacity=1)
    sign_ups.hold(event, visitor("Ana"), "/")
    sign_ups.sign_up(event, PersonFactory().id)
    db.commit()
    sweep()
    assert states(db, event) == [HELD, WAITING]
    db.commit()
    wait.shift(HALF_AN_HOUR)
    sweep()
    sweep()
    assert states(db, event) == [HELD, OFFERED]
    assert kinds(db).count("seat_offered") == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        (HELD, None, HELD),
        (HELD, WAITING, WAITING),
        (HELD, CANCELLED, HELD),
        (CONFIRMED, WAITING, CONFIRMED),
        (HELD, CONFIRMED, CONFIRMED),
    ],
)
def test_two_records_of_one_person_keep_the_better_sign_up(
    db: Session, ours: SignUpState, theirs: SignUpState | None, kept: SignUpState
) -> None:
    event = EventFactory(capacity=None if theirs != WAITING else 1)
    new, old = PersonFactory(), PersonFactory()
    if theirs == WAITING:
        SignUpFactory(event=event, state=CONFIRMED if ours != CONFIRMED else CANCELLED)
    SignUpFactory(event=event, person=new, state=ours)
    if theirs is not None:
        SignUpFactory(event=event, person=old, state=theirs)
    signals.person_merged.send(new.id, into_id=old.id)
    mine = db.scalars(select(SignUp).where(SignUp.person_id == old.id)).one()
    assert mine.state == kept
    assert db.scalars(select(SignUp).where(SignUp.person_id == new.id)).all() == []


def test_an_erased_person_frees_their_seats(db: Session) -> None:
    event = EventFactory(capacity=1)
    over = EventFactory(ends_at=clock.now() - timedelta(hours=1))
    ana = PersonFactory()
    past = SignUpFactory(event=over, person=ana)
    own = sign_ups.sign_up(event, ana.id)
    next_in_line = sign_ups.sign_up(event, PersonFactory().id)
    signals.person_erased.send(ana)
    assert [own.state, next_in_line.state, past.state] == [CANCELLED, OFFERED, CONFIRMED]


def test_fifty_at_once_for_twenty_seats_end_in_exactly_twenty(app: Whereas, db: Session) -> None:
    event = EventFactory(capacity=20)
    people = [PersonFactory().id for _n in range(50)]
    event_id = event.id
    db.commit()

    def one(person_id: int) -> SignUpState:
        with app.app_context(), edge.step() as session:
            return sign_ups.sign_up(session.get_one(Event, event_id), person_id).state

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(one, people))
    assert outcomes.count(CONFIRMED) == 20
    assert outcomes.count(WAITING) == 30
    places = list(db.scalars(select(SignUp.place).order_by(SignUp.place)))
    assert places == list(range(1, 51))
    seated = db.scalars(select(SignUp.place).where(SignUp.state == CONFIRMED)).all()
    assert max(seated) == 20
    assert database().engine.pool.checkedout() <= 1
