"""Signing up in two requests, for members and for visitors; cancelling by a link."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import mails
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock
from app.mail.models import Message
from app.people.models import Person, Standing
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    member_of,
    seed_places,
)
from tests.signing_in import post, sign_in

VISITOR = {"name": "Maria", "email": "maria@example.org", "zip": ""}


def sign_ups(db: Session, event: Event) -> list[tuple[str, str]]:
    rows = db.execute(
        select(Person.name, SignUp.state)
        .join(SignUp.person)
        .where(SignUp.event_id == event.id)
        .order_by(SignUp.place)
    )
    return [(name, state.value) for name, state in rows]


def messages(db: Session, kind: str) -> list[Message]:
    return list(
        db.scalars(select(Message).where(Message.kind == f"events/{kind}").order_by(Message.id))
    )


def confirm_path(message: Message) -> str:
    return re.search(r"http://localhost(/confirm/\S+)", message.text)[1]


def test_a_member_signs_up_with_one_button(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory(name="Columbus Alliance")
    event = EventFactory(slug="reading", alliance=alliance, title="Reading")
    sign_in(client, member_of(alliance, name="Ana"))
    page = client.get("/events/reading").text
    assert "Sign me up" in page
    answer = post(client, "/events/reading/sign-up")
    assert (answer.status_code, answer.location) == (303, "/events/reading?done=signed-up")
    assert sign_ups(db, event) == [("Ana", "confirmed")]
    [mail] = messages(db, "sign_up_confirmed")
    assert mail.subject == "You are signed up: Reading"
    assert mail.from_name == "Columbus Alliance via Coalition for Justice"
    assert [a["method"] for a in mail.attachments] == ["PUBLISH"]
    assert "You are signed up" in client.get("/events/reading?done=signed-up").text


def test_the_same_form_twice_is_one_sign_up_and_one_mail(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    sign_in(client, member_of(event.alliance, name="Ana"))
    first = post(client, "/events/reading/sign-up")
    second = post(client, "/events/reading/sign-up")
    assert first.location == second.location
    assert sign_ups(db, event) == [("Ana", "confirmed")]
    assert len(messages(db, "sign_up_confirmed")) == 1


def test_a_visitor_confirms_by_the_link_in_the_mail(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", capacity=2)
    answer = client.post("/events/reading/sign-up", data=VISITOR)
    assert answer.status_code == 200
    assert "inbox" in answer.text
    assert sign_ups(db, event) == [("Maria", "held")]
    [mail] = messages(db, "please_confirm")
    client.get(confirm_path(mail))
    assert sign_ups(db, event) == [("Maria", "held")]
    pressed = client.post(confirm_path(mail))
    assert pressed.status_code == 303
    assert sign_ups(db, event) == [("Maria", "confirmed")]
    assert len(messages(db, "sign_up_confirmed")) == 1


def test_a_known_address_gets_the_same_answer(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    PersonFactory(name="Maria", address__email="maria@example.org")
    known = client.post("/events/reading/sign-up", data=VISITOR)
    unknown = client.post("/events/reading/sign-up", data=VISITOR | {"email": "other@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("maria@", "other@") == unknown.text
    assert len(messages(db, "please_confirm")) == 2


def test_a_visitor_who_typed_nonsense_gets_it_back(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    seed_places(db)
    answer = client.post(
        "/events/reading/sign-up", data={"name": "Maria", "email": "maria", "zip": "123456"}
    )
    assert answer.status_code == 422
    assert 'value="Maria"' in answer.text
    assert "does not look like an e-mail address" in answer.text
    assert sign_ups(db, event) == []


def test_a_zip_code_of_a_visitor_is_kept(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    seed_places(db)
    client.post("/events/reading/sign-up", data=VISITOR | {"zip": "43004"})
    maria = db.scalars(select(Person).where(Person.name == "Maria")).one()
    assert (maria.city, maria.standing) == ("Blacklick", Standing.UNCONFIRMED)


def test_no_cookie_is_set_for_visitors(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    answers = [
        client.get("/events/"),
        client.get("/events/reading"),
        client.post("/events/reading/sign-up", data=VISITOR),
    ]
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], [], []]


def test_a_full_event_says_so_and_offers_the_list(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", capacity=1)
    SignUpFactory(event=event)
    sign_in(client, member_of(event.alliance, name="Ana"))
    page = client.get("/events/reading").text
    assert "Every seat is taken. You can join the waiting list." in page
    answer = post(client, "/events/reading/sign-up")
    assert answer.location == "/events/reading?done=on-the-list"
    assert "You are on the waiting list" in client.get("/events/reading").text


def test_a_seat_is_given_back_on_the_page(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", capacity=1)
    ana = member_of(event.alliance, name="Ana")
    SignUpFactory(event=event, person=ana)
    next_in_line = SignUpFactory(event=event, state=SignUpState.WAITING)
    sign_in(client, ana)
    assert "Give my seat back" in client.get("/events/reading/cancel-sign-up").text
    answer = post(client, "/events/reading/cancel-sign-up")
    assert answer.location == "/events/reading?done=not-coming"
    assert next_in_line.state == SignUpState.OFFERED
    assert len(messages(db, "seat_offered")) == 1


def test_the_link_in_the_mail_asks_first_and_acts_once(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory(event__slug="reading", person=PersonFactory(name="Ana Reyes"))
    url = mails.cancel_url(own.id, "en").removeprefix("http://localhost")
    page = client.get(url)
    client.head(url)
    assert "You cannot come?" in page.text
    assert "Ana Reyes" not in page.text
    assert db.get_one(SignUp, own.id).state == SignUpState.CONFIRMED
    assert client.post(url).status_code == 303
    assert client.post(url).status_code == 303
    assert db.get_one(SignUp, own.id).state == SignUpState.CANCELLED
    assert "You are not signed up any more" in client.get(url).text


def test_a_forged_or_foreign_link_leads_nowhere(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory()
    token = mails.cancel_url(own.id, "en").rsplit("/", 1)[1]
    tail = token.partition(".")[2]
    assert client.post(f"/events/sign-ups/{own.id + 1:x}.{tail}").status_code == 404
    assert client.post("/events/sign-ups/nonsense").status_code == 404
    assert db.get_one(SignUp, own.id).state == SignUpState.CONFIRMED


def test_nobody_cancels_a_sign_up_that_is_not_theirs(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory(event__slug="reading")
    assert post(client, "/events/reading/cancel-sign-up", person=PersonFactory()).status_code == 404
    assert db.get_one(SignUp, own.id).state == SignUpState.CONFIRMED


def test_a_closed_event_takes_nobody(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", state=EventState.CANCELLED, cancel_reason="Snow")
    answer = client.post("/events/reading/sign-up", data=VISITOR)
    assert answer.location == "/events/reading?done=event-closed"
    page = client.get("/events/reading").text
    assert "This event is cancelled: Snow" in page
    assert "<form method" not in page.partition("<main")[2]
    assert sign_ups(db, event) == []


def test_a_stale_hold_is_confirmed_a_day_later(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", capacity=1)
    client.post("/events/reading/sign-up", data=VISITOR)
    path = confirm_path(messages(db, "please_confirm")[0])
    with time_machine.travel(clock.now() + timedelta(days=1)):
        client.post(path)
    assert sign_ups(db, event) == [("Maria", "confirmed")]


def test_a_confirming_visitor_who_is_known_hands_over_the_seat(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="reading")
    known = PersonFactory(name="Maria Lopez", address__email="maria@example.org")
    client.post("/events/reading/sign-up", data=VISITOR)
    path = confirm_path(messages(db, "please_confirm")[0])
    client.post(path, data={"person": str(known.id)})
    assert sign_ups(db, event) == [("Maria Lopez", "confirmed")]


def test_a_code_on_somebody_elses_phone_signs_nobody_in(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    client.post("/events/reading/sign-up", data=VISITOR)
    [mail] = messages(db, "please_confirm")
    code = re.search(r"^(\d{6})$", mail.text, re.MULTILINE)[1]
    answer = client.post("/check-inbox", data={"email": VISITOR["email"], "code": code})
    assert (answer.status_code, answer.location) == (303, "/events/reading?done=wish-confirmed")
    assert answer.headers.getlist("Set-Cookie") == []
    assert sign_ups(db, event) == [("Maria", "confirmed")]
    assert "on this device nobody is signed in" in client.get(answer.location).text
