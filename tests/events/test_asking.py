"""What the sign-up form asks: guests, the organizers' questions, shifts, photos, co-hosts."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import shifts, sign_ups
from app.events.co_host_models import CoHostState
from app.events.models import Event, Part, SignUp, SignUpState
from app.events.questions import Question, QuestionKind, read, stored
from app.events.seating import Wish
from app.people.models import Consent
from tests.events.hosting import CoHostFactory, ShiftFactory
from tests.factories import EventFactory, PersonFactory, SignUpFactory
from tests.signing_in import post, sign_in

VISITOR = {"name": "Maria", "email": "maria@example.org"}
QUESTIONS = (
    Question("diet", "What do you not eat?"),
    Question("ride", "How do you come?", QuestionKind.CHOICE, True, ("Bus", "Car")),
    Question("first-time", "Is it your first time?", QuestionKind.YES_NO),
    Question("chairs", "How many chairs can you bring?", QuestionKind.NUMBER),
)
IN_SPANISH = Question(
    "ride",
    "How do you come?",
    QuestionKind.CHOICE,
    options=("Bus", "Car"),
    label_es="¿Cómo vienes?",
    options_es=("En autobús", "En auto"),
)


def own(db: Session, event: Event) -> SignUp:
    return db.scalars(select(SignUp).where(SignUp.event_id == event.id)).one()


def send(client: FlaskClient, **values: object) -> int:
    return client.post("/events/reading/sign-up", data=VISITOR | values).status_code


def test_questions_are_kept_as_they_were_asked() -> None:
    asked = (*QUESTIONS, IN_SPANISH)
    assert tuple(read(stored(asked))) == asked


def test_a_question_is_asked_in_spanish_and_counted_as_in_english(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="reading", questions=stored([IN_SPANISH]))
    page = client.get("/es/events/reading").text
    assert all(words in page for words in ("¿Cómo vienes?", '<option value="Bus">En autobús<'))
    assert "How do you come?" not in page
    assert (
        client.post("/es/events/reading/sign-up", data=VISITOR | {"asked_ride": "Bus"}).status_code
        == 200
    )
    [answer] = own(db, event).answers
    assert answer == {"key": "ride", "question": "How do you come?", "answer": "Bus"}


def test_one_sign_up_takes_seats_for_guests(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", capacity=5)
    assert send(client, guests=" Bo \n\nCy Young\n") == 200
    assert (own(db, event).seats, own(db, event).guests) == (3, ["Bo", "Cy Young"])
    sign_in(client, PersonFactory(name="Ana"))
    post(client, "/events/reading/sign-up", data={"guests": "Di\nEl"})
    states = db.scalars(select(SignUp.state).order_by(SignUp.place)).all()
    assert states == [SignUpState.HELD, SignUpState.WAITING]


def test_six_guests_are_too_many(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    assert send(client, guests="\n".join("abcdef")) == 422
    assert send(client, guests="a" * 101) == 422
    assert db.scalars(select(SignUp)).all() == []


def test_a_guest_with_a_script_for_a_name_stays_text(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    ana = PersonFactory(name="Ana")
    sign_in(client, ana)
    post(client, "/events/reading/sign-up", data={"guests": "<script>alert(1)</script>"})
    page = client.get("/events/reading").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_answers_are_kept_with_the_words_of_the_question(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", questions=stored(QUESTIONS))
    page = client.get("/events/reading").text
    assert all(question.label in page for question in QUESTIONS)
    assert send(client, asked_ride="Bus", asked_chairs="4", asked_diet="Nuts") == 200
    assert own(db, event).answers == [
        {"key": "diet", "question": "What do you not eat?", "answer": "Nuts"},
        {"key": "ride", "question": "How do you come?", "answer": "Bus"},
        {"key": "chairs", "question": "How many chairs can you bring?", "answer": "4"},
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"asked_ride": "Rocket"},
        {"asked_ride": "Bus", "asked_chairs": "many"},
        {"asked_ride": "Bus", "asked_first-time": "perhaps"},
    ],
)
def test_a_wrong_answer_is_given_back(
    client: FlaskClient, db: Session, wrong: dict[str, str]
) -> None:
    EventFactory(slug="reading", questions=stored(QUESTIONS))
    assert send(client, **wrong) == 422
    assert db.scalars(select(SignUp)).all() == []


def test_boxes_start_empty_and_photos_may_be_refused(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    assert " checked" not in client.get("/events/reading").text
    send(client, no_photo="y")
    assert own(db, event).no_photo


def test_a_hybrid_event_asks_how_one_takes_part(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading", is_online=True, online_link="https://meet.example.org")
    assert "How will you take part?" in client.get("/events/reading").text
    send(client, part="online")
    assert own(db, event).part == Part.ONLINE


def test_an_event_at_a_place_has_no_online_part(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    send(client, part="online")
    assert own(db, event).part == Part.IN_PERSON


def test_co_hosts_see_only_those_who_agreed_and_that_is_logged(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="reading")
    CoHostFactory(event=event, alliance__name="Dayton Alliance", state=CoHostState.ACCEPTED)
    ana = PersonFactory()
    sign_in(client, ana)
    assert "Dayton Alliance may see that I come" in client.get("/events/reading").text
    post(client, "/events/reading/sign-up", data={"shares": "y"})
    assert own(db, event).shares
    consent = db.scalars(select(Consent).where(Consent.person_id == ana.id)).one()
    assert (consent.wording, consent.scope) == ("co-hosts-1", f"event:{event.id}")


def test_an_invited_co_host_is_not_shown(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    CoHostFactory(event=event, alliance__name="Dayton Alliance")
    assert "Dayton Alliance" not in client.get("/events/reading").text


def test_a_shift_is_taken_with_the_seat_and_freed_with_it(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    shift = ShiftFactory(event=event, title="Set up chairs", capacity=1, opens=-60, minutes=45)
    page = client.get("/events/reading").text
    assert "Set up chairs, 5:30 PM – 6:15 PM (1 place left)" in page.replace("\u202f", " ")
    sign_in(client, PersonFactory())
    post(client, "/events/reading/sign-up", data={"shifts": str(shift.id)})
    assert [each.left for each in shifts.of_event(event.id)] == [0]
    sign_ups.cancel(own(db, event))
    assert [each.left for each in shifts.of_event(event.id)] == [1]


def test_a_full_shift_refuses_the_form_and_keeps_what_was_typed(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="reading")
    shift = ShiftFactory(event=event, title="Set up chairs", capacity=1)
    ShiftFactory(event=event, title="Make coffee")
    sign_ups.sign_up(event, PersonFactory().id, Wish(shift_ids=(shift.id,)))
    db.commit()
    answer = client.post("/events/reading/sign-up", data=VISITOR | {"shifts": str(shift.id)})
    assert answer.status_code == 422
    assert "Somebody else was faster: Set up chairs is full." in answer.text
    assert 'value="Maria"' in answer.text
    assert len(db.scalars(select(SignUp)).all()) == 1


def test_the_error_of_the_only_shift_that_is_full_leads_to_its_field(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="reading")
    shift = ShiftFactory(event=event, title="Set up chairs", capacity=1)
    sign_ups.sign_up(event, PersonFactory().id, Wish(shift_ids=(shift.id,)))
    db.commit()
    page = client.post("/events/reading/sign-up", data=VISITOR | {"shifts": str(shift.id)}).text
    assert '<a href="#shifts">Can you help: Somebody else was faster' in page
    assert 'id="shifts"' in page
    assert "Can you help?" not in client.get("/events/reading").text


def test_a_shift_of_another_event_is_nobodys(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading")
    foreign = ShiftFactory()
    ShiftFactory(event=db.scalars(select(Event).where(Event.slug == "reading")).one())
    assert send(client, shifts=[str(foreign.id), "99999", "x"]) in (200, 422)
    assert [each.taken for each in shifts.of_event(foreign.event_id)] == [0]


def test_moving_an_event_moves_its_shifts(db: Session) -> None:
    event = EventFactory()
    shift = ShiftFactory(event=event, opens=-30, minutes=60)
    before = shifts.starts_at(event, shift)
    moved_by = event.starts_at - before
    event.starts_at += moved_by
    assert shifts.starts_at(event, shift) == before + moved_by
    assert shifts.ends_at(event, shift) - shifts.starts_at(event, shift) == moved_by * 2


def test_a_late_confirmation_loses_a_shift_that_others_filled(db: Session) -> None:
    event = EventFactory()
    shift = ShiftFactory(event=event, capacity=1)
    waits = SignUpFactory(event=event, state=SignUpState.HELD)
    shifts.choose(waits, [shift.id])
    sign_ups.sign_up(event, PersonFactory().id, Wish(shift_ids=(shift.id,)))
    sign_ups.confirm_held(waits.person_id, f"event:{event.id}")
    assert waits.state == SignUpState.CONFIRMED
    assert shifts.chosen_by(waits.id) == frozenset()


def page_again(client: FlaskClient) -> str:
    return client.get("/events/reading?again=1").text


def test_a_full_place_says_that_there_is_room_online(client: FlaskClient, db: Session) -> None:
    event = EventFactory(
        slug="reading", is_online=True, online_link="https://meet.example.org", seats_at_place=1
    )
    SignUpFactory(event=event)
    SignUpFactory(event=event, state=SignUpState.WAITING)
    page = client.get("/events/reading").text
    assert "Every seat at the place is taken; online there is room." in page
    proposed = re.findall(r"<input[^>]* checked[^>]*>", page)
    assert [re.findall(r'value="(\w+)"', each) for each in proposed] == [["online"]]
    assert "Sign me up" in page
    event.seats_online = 1
    SignUpFactory(event=event, part=Part.ONLINE)
    db.commit()
    assert "Every seat is taken. You can join the waiting list." in page_again(client)
