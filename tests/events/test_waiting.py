"""The waiting list: offers in order, parties of several, and claims in time, late and twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import mails, seating, sign_ups, waiting
from app.events.models import Event, EventState, Part, SignUp, SignUpState
from app.events.seating import EventClosed, Wish
from app.foundation import clock
from app.mail.models import Message
from tasks.events import sweep
from tests.events.test_desk import as_filled
from tests.factories import EventFactory, PersonFactory, SignUpFactory, coordinator_of
from tests.signing_in import post, sign_in

CONFIRMED, WAITING = SignUpState.CONFIRMED, SignUpState.WAITING
OFFERED, CANCELLED = SignUpState.OFFERED, SignUpState.CANCELLED
PARTY = ("Bo", "Cy")


@pytest.fixture(autouse=True)
def wait() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def full_event(seats: int = 3, **values: object) -> tuple[Event, list[SignUp]]:
    """An event whose seats are all taken by people who come alone."""
    event = EventFactory(capacity=seats, **values)
    return event, [SignUpFactory(event=event) for _n in range(seats)]


def join(event: Event, *guests: str, **wish: object) -> SignUp:
    return sign_ups.sign_up(event, PersonFactory().id, Wish(guests=guests, **wish))


def path(own: SignUp) -> str:
    return mails.claim_url(own, "en").removeprefix("http://localhost")


def offers(db: Session) -> list[Message]:
    query = select(Message).where(Message.kind == "events/seat_offered")
    return list(db.scalars(query.order_by(Message.id)))


@pytest.mark.parametrize(
    ("before", "window"),
    [
        (timedelta(days=30), timedelta(hours=24)),
        (timedelta(days=4), timedelta(hours=24)),
        (timedelta(days=2), timedelta(hours=12)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(minutes=40), timedelta(minutes=15)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_the_nearer_the_event_the_shorter_an_offer_runs(
    before: timedelta, window: timedelta
) -> None:
    now = datetime(2027, 7, 1, 12, tzinfo=UTC)
    assert waiting.claim_until(now + before, now) == now + window


def test_a_free_seat_is_offered_to_the_first_for_a_day(db: Session) -> None:
    event, seated = full_event(1)
    first, second = join(event), join(event)
    sign_ups.cancel(seated[0])
    assert [first.state, second.state] == [OFFERED, WAITING]
    assert first.held_until == clock.now() + timedelta(hours=24)
    [mail] = offers(db)
    assert mail.person_id == first.person_id
    assert path(first) in mail.text


def test_an_offer_that_runs_out_goes_to_the_next(db: Session, wait: time_machine.Traveller) -> None:
    event, seated = full_event(1)
    first, second = join(event), join(event)
    sign_ups.cancel(seated[0])
    db.commit()
    wait.shift(timedelta(hours=24, seconds=1))
    sweep()
    sweep()
    db.expire_all()
    assert [first.state, second.state] == [CANCELLED, OFFERED]
    assert len(offers(db)) == 2


def test_a_party_waits_until_there_are_seats_for_all_of_it(db: Session) -> None:
    event, seated = full_event()
    party, single = join(event, *PARTY), join(event)
    sign_ups.cancel(seated[0])
    sign_ups.cancel(seated[1])
    assert [party.state, single.state] == [WAITING, WAITING]
    late = join(event)
    assert late.state == WAITING
    sign_ups.cancel(seated[2])
    assert [party.state, single.state] == [OFFERED, WAITING]


def test_a_party_that_takes_fewer_is_offered_what_is_free(db: Session) -> None:
    event, seated = full_event()
    party = join(event, *PARTY, takes_fewer=True)
    sign_ups.cancel(seated[0])
    sign_ups.cancel(seated[1])
    assert (party.state, party.seats) == (OFFERED, 1)
    waiting.claim(party, ["Bo"])
    assert (party.state, party.seats, party.guests) == (CONFIRMED, 1, [])


def test_on_the_last_day_no_seat_stays_empty_for_a_party(
    db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event()
    party, single = join(event, *PARTY), join(event)
    sign_ups.cancel(seated[0])
    db.commit()
    sweep()
    db.expire_all()
    assert [party.state, single.state] == [WAITING, WAITING]
    day_before = event.starts_at - timedelta(hours=20)
    db.commit()
    wait.move_to(day_before)
    sweep()
    db.expire_all()
    assert [party.state, single.state] == [WAITING, OFFERED]


def test_on_the_last_day_no_seat_of_a_part_stays_empty_either(
    db: Session, wait: time_machine.Traveller
) -> None:
    event = EventFactory(
        is_online=True, online_link="https://meet.example.org", seats_at_place=3, seats_online=9
    )
    seated = [SignUpFactory(event=event, part=Part.IN_PERSON) for _n in range(3)]
    party, single = join(event, *PARTY), join(event)
    sign_ups.cancel(seated[0])
    wait.move_to(event.starts_at - timedelta(hours=20))
    db.commit()
    sweep()
    db.expire_all()
    assert [party.state, single.state] == [WAITING, OFFERED]


def test_on_the_last_day_a_party_that_takes_fewer_passes_one_that_does_not(
    db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event()
    party, smaller = join(event, *PARTY), join(event, "Di", takes_fewer=True)
    sign_ups.cancel(seated[0])
    wait.move_to(event.starts_at - timedelta(hours=20))
    db.commit()
    sweep()
    db.expire_all()
    assert [party.state, smaller.state, smaller.seats] == [WAITING, OFFERED, 1]


def test_somebody_without_an_address_gets_the_seat_at_once(db: Session) -> None:
    event, seated = full_event(1)
    own = sign_ups.sign_up(event, PersonFactory(without_email=True).id)
    assert own.state == WAITING
    sign_ups.cancel(seated[0])
    assert own.state == CONFIRMED


def test_a_full_place_does_not_keep_people_from_the_screen(db: Session) -> None:
    event = EventFactory(
        is_online=True, online_link="https://meet.example.org", seats_at_place=1, seats_online=2
    )
    here = [join(event, part=Part.IN_PERSON) for _n in range(2)]
    there = [join(event, part=Part.ONLINE) for _n in range(3)]
    assert [own.state for own in here] == [CONFIRMED, WAITING]
    assert [own.state for own in there] == [CONFIRMED, CONFIRMED, WAITING]
    sign_ups.cancel(there[0])
    assert [here[1].state, there[2].state] == [WAITING, OFFERED]


def test_the_whole_event_may_hold_fewer_than_its_parts_together(db: Session) -> None:
    event = EventFactory(
        is_online=True,
        online_link="https://meet.example.org",
        capacity=2,
        seats_at_place=2,
        seats_online=2,
    )
    owns = [join(event, part=part) for part in (Part.IN_PERSON, Part.ONLINE, Part.ONLINE)]
    assert [own.state for own in owns] == [CONFIRMED, CONFIRMED, WAITING]


def test_nothing_is_offered_once_the_event_has_begun(
    db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event(1)
    own = join(event)
    wait.move_to(event.starts_at + timedelta(minutes=1))
    sign_ups.cancel(seated[0])
    assert own.state == WAITING
    assert offers(db) == []


def test_opening_the_link_asks_and_its_button_takes_the_seat(
    client: FlaskClient, db: Session
) -> None:
    event, seated = full_event(1, slug="reading")
    own = join(event)
    sign_ups.cancel(seated[0])
    page = client.get(path(own))
    client.head(path(own))
    assert "A seat is kept for you" in page.text
    assert own.state == OFFERED
    answer = client.post(path(own))
    assert (answer.status_code, answer.location) == (303, "/events/reading?done=seat-taken")
    assert own.state == CONFIRMED
    assert answer.headers.getlist("Set-Cookie") == []


def test_a_link_used_twice_is_one_seat_and_one_mail(client: FlaskClient, db: Session) -> None:
    event, seated = full_event(1)
    own = join(event)
    sign_ups.cancel(seated[0])
    answers = [client.post(path(own)).status_code for _n in range(2)]
    assert answers == [303, 303]
    confirmed = db.scalars(select(Message).where(Message.kind == "events/sign_up_confirmed"))
    assert len(confirmed.all()) == 1
    assert "This seat is yours already" in client.get(path(own)).text


def test_a_late_link_is_explained_and_leads_back_to_the_line(
    client: FlaskClient, db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event(1)
    own, second = join(event), join(event)
    sign_ups.cancel(seated[0])
    late = path(own)
    wait.shift(timedelta(hours=25))
    answer = client.post(late)
    assert answer.status_code == 410
    assert "The time to take this seat is over" in answer.text
    assert client.post(f"{late}/again").status_code == 303
    assert [own.state, second.state] == [WAITING, OFFERED]
    assert own.place > second.place
    assert "You are on the waiting list" in client.get(late).text


def test_whoever_asks_again_is_told_that_a_seat_was_free(
    client: FlaskClient, db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event(1)
    own = join(event)
    sign_ups.cancel(seated[0])
    late = path(own)
    wait.shift(timedelta(hours=25))
    answer = client.post(f"{late}/again", follow_redirects=True)
    assert own.state == CONFIRMED
    assert "The seat is yours." in answer.text
    assert "You are on the waiting list again" not in answer.text


def test_a_link_of_an_older_offer_points_to_the_newer(
    client: FlaskClient, db: Session, wait: time_machine.Traveller
) -> None:
    event, seated = full_event(1)
    own = join(event)
    sign_ups.cancel(seated[0])
    old = path(own)
    db.commit()
    wait.shift(timedelta(hours=25))
    sweep()
    db.expire_all()
    sign_ups.wait_again(own)
    assert own.state == CONFIRMED
    sign_ups.cancel(own)
    assert "You gave this seat back" in client.get(old).text
    event.capacity = 2
    own.state, own.offers, own.held_until = OFFERED, 2, clock.now() + timedelta(hours=1)
    db.commit()
    assert "There is a newer mail about a seat for you" in client.get(old).text
    assert client.post(old).status_code == 410


def test_guests_who_stay_away_give_their_seats_to_the_next(
    client: FlaskClient, db: Session
) -> None:
    event, seated = full_event()
    party, single = join(event, *PARTY), join(event)
    for own in seated:
        sign_ups.cancel(own)
    page = client.get(path(party)).text
    assert re.findall(r'name="guest" value="(\d)" checked', page) == ["0", "1"]
    client.post(path(party), data={"choose": "1", "guest": ["1"]})
    assert (party.state, party.seats, party.guests) == (CONFIRMED, 2, ["Cy"])
    assert single.state == OFFERED


def test_a_seat_at_a_cancelled_event_cannot_be_taken(client: FlaskClient, db: Session) -> None:
    event, seated = full_event(1, slug="reading")
    own = join(event)
    sign_ups.cancel(seated[0])
    event.state = EventState.CANCELLED
    db.flush()
    with pytest.raises(EventClosed):
        waiting.claim(own)
    assert client.post(path(own)).location == "/events/reading?done=event-closed"


def test_a_forged_claim_leads_nowhere(client: FlaskClient, db: Session) -> None:
    event, seated = full_event(1)
    own = join(event)
    sign_ups.cancel(seated[0])
    other = mails.cancel_url(own.id, "en").rsplit("/", 1)[1]
    answers = [client.post(f"/events/offers/{token}").status_code for token in (other, "x.y")]
    assert answers == [404, 404]
    assert own.state == OFFERED


def test_the_page_of_an_online_event_says_when_its_screen_is_full(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(
        slug="reading",
        is_online=True,
        online_link="https://meet.example.org",
        venue="",
        street="",
        seats_online=2,
    )
    join(event)
    db.commit()
    assert join(event).state == CONFIRMED
    assert join(event).state == WAITING
    db.commit()
    page = client.get("/events/reading?again=1").text
    assert "Every seat is taken. You can join the waiting list." in page


def test_an_event_that_goes_online_takes_its_people_and_its_line_along(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(
        is_online=True, online_link="https://meet.example.org", seats_at_place=1, seats_online=2
    )
    here = [join(event, part=Part.IN_PERSON) for _n in range(2)]
    sign_in(client, coordinator_of(event.alliance))
    form = as_filled(event, place="online", venue="", street="", zip="")
    path = f"/desk/{event.alliance.slug}/events/{event.id}/edit"
    assert post(client, path, form).status_code == 303
    for own in here:
        db.refresh(own)
    assert [own.part for own in here] == [Part.ONLINE, Part.ONLINE]
    assert [own.state for own in here] == [CONFIRMED, OFFERED]
    assert seating.measure(event).free(Part.ONLINE) == 0
