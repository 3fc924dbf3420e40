"""The confirmation round: the reminder's link, the call sheet, and people without e-mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import forgetting, mails
from app.events.models import Event, Part, Said, SignUp, SignUpState, Way
from app.events.questions import Question, QuestionKind, stored
from app.foundation import clock
from app.people import phones
from app.people.models import Consent, Disclosure, Person
from tests.events.hosting import ShiftFactory
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in

RUTH = {
    "name": "Ruth",
    "phone": "(614) 555-0100",
    "asked_on": "2026-11-20",
    "spoken": "en",
    "said_yes": "y",
    "guests": "",
}


@pytest.fixture
def alliance(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def event(alliance: Alliance) -> Event:
    return EventFactory(alliance=alliance, slug="reading", title="Reading")


@pytest.fixture
def leader(client: FlaskClient, alliance: Alliance) -> Person:
    person = coordinator_of(alliance)
    sign_in(client, person)
    return person


def by_phone(event: Event, **values: object) -> SignUp:
    return SignUpFactory(event=event, person=PersonFactory(without_email=True), **values)


def sheet(event: Event) -> str:
    return f"/desk/columbus/events/{event.id}/call-sheet"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(614) 555-0100", "+16145550100"),
        ("614.555.0100", "+16145550100"),
        ("+52 55 1234 5678", "+525512345678"),
    ],
)
def test_a_phone_number_has_one_form(typed: str, kept: str) -> None:
    assert phones.canonical(typed) == kept


@pytest.mark.parametrize("typed", ["", "call me", "555", "12345678901234567890"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(phones.WrongPhone):
        phones.canonical(typed)


def test_numbers_are_read_as_people_write_them() -> None:
    assert phones.readable("+16145550100") == "(614) 555-0100"
    assert phones.readable("+525512345678") == "+52 55 1234 5678"
    assert phones.readable("ask Ana") == "ask Ana"
    assert phones.callable_as("ext. 614-12") == "61412"


def test_the_reminder_asks_and_the_button_confirms(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory(event__slug="reading")
    path = mails.coming_url(own.id, "en").removeprefix("http://localhost")
    page = client.get(path)
    client.head(path)
    assert "Yes, I am coming" in page.text
    assert own.said is None
    answers = [client.post(path) for _twice in range(2)]
    assert {answer.location for answer in answers} == {"/events/reading?done=said-coming"}
    assert (own.said, own.said_to_id) == (Said.COMING, None)
    assert answers[0].headers.getlist("Set-Cookie") == []


def test_who_gave_the_seat_back_cannot_confirm_it(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory(event__slug="reading", state=SignUpState.CANCELLED)
    path = mails.coming_url(own.id, "en").removeprefix("http://localhost")
    assert "You have no seat at this event" in client.get(path).text
    assert client.post(path).location == "/events/reading?done=event-closed"
    assert client.post("/events/sign-ups/nonsense/coming").status_code == 404


def test_somebody_without_e_mail_is_signed_up_by_voice(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    answer = post(client, f"/desk/columbus/events/{event.id}/by-voice", RUTH | {"guests": "Bo"})
    assert answer.status_code == 303
    own = db.scalars(select(SignUp).where(SignUp.event_id == event.id)).one()
    ruth = db.get_one(Person, own.person_id)
    assert (ruth.name, ruth.phone, ruth.address_id) == ("Ruth", "+16145550100", None)
    assert (own.state, own.seats, own.way) == (SignUpState.CONFIRMED, 2, Way.VOICE)
    assert (own.asked_on.isoformat(), own.asked_by_id) == ("2026-11-20", leader.id)
    consent = db.scalars(select(Consent).where(Consent.person_id == ruth.id)).one()
    assert consent.channel == "asked by voice, 2026-11-20"


def test_by_voice_asks_what_the_event_asks(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    event.is_online, event.online_link = True, "https://example.org/meet"
    event.seats_at_place = 1
    event.questions = stored([Question("food", "Food?", QuestionKind.TEXT, required=True)])
    shift = ShiftFactory(event=event, capacity=1)
    form = f"/desk/columbus/events/{event.id}/by-voice"
    assert all(words in client.get(form).text for words in ("take part?", "Food?", "Can you help?"))
    assert post(client, form, RUTH | {"part": "online"}).status_code == 422
    said = {"part": "online", "asked_food": "None", "shifts": str(shift.id)}
    assert post(client, form, RUTH | said).status_code == 303
    own = db.scalars(select(SignUp).where(SignUp.event_id == event.id)).one()
    assert (own.part, own.answers[0]["answer"]) == (Part.ONLINE, "None")
    late = post(client, form, RUTH | said | {"name": "Bo", "phone": "614-555-0199"})
    assert late.status_code == 422
    assert "Somebody else was faster" in late.text
    assert len(db.scalars(select(SignUp).where(SignUp.event_id == event.id)).all()) == 1


def test_the_same_person_by_voice_twice_is_one(
    client: FlaskClient, db: Session, event: Event, alliance: Alliance, leader: Person
) -> None:
    second = EventFactory(alliance=alliance)
    for one in (event, event, second):
        post(client, f"/desk/columbus/events/{one.id}/by-voice", RUTH)
    assert len(db.scalars(select(Person).where(Person.name == "Ruth")).all()) == 1
    assert len(db.scalars(select(SignUp)).all()) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "abc"}, {"said_yes": ""}, {"asked_on": "2999-01-01"}, {"asked_on": ""}],
)
def test_by_voice_needs_a_number_a_day_and_a_yes(
    client: FlaskClient, db: Session, event: Event, leader: Person, wrong: dict[str, str]
) -> None:
    answer = post(client, f"/desk/columbus/events/{event.id}/by-voice", RUTH | wrong)
    assert answer.status_code == 422
    assert db.scalars(select(SignUp)).all() == []


def test_the_call_sheet_is_opened_on_purpose_and_that_is_noted(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    own = by_phone(event)
    assert "tel:" not in client.get(sheet(event)).text
    assert post(client, sheet(event)).status_code == 303
    page = client.get(sheet(event)).text
    assert 'href="tel:+16145550100"' in page
    noted = db.scalars(select(Disclosure).where(Disclosure.person_id == own.person_id)).one()
    assert (noted.viewer_id, noted.role, noted.what) == (
        leader.id,
        "coordinator",
        "call sheet, Reading",
    )


def test_what_they_said_is_kept_with_who_asked(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    coming, away = by_phone(event), by_phone(event)
    post(client, f"{sheet(event)}/{coming.id}", {"said": "no_answer"})
    assert coming.said == Said.NO_ANSWER
    post(client, f"{sheet(event)}/{coming.id}", {"said": "coming"})
    post(client, f"{sheet(event)}/{away.id}", {"said": "not_coming"})
    assert (coming.said, coming.said_to_id) == (Said.COMING, leader.id)
    assert (away.state, away.said) == (SignUpState.CANCELLED, Said.NOT_COMING)
    assert post(client, f"{sheet(event)}/{coming.id}", {"said": "perhaps"}).status_code == 400


def test_the_sheet_counts_who_is_still_to_be_called_and_has_boxes_on_paper(
    client: FlaskClient, event: Event, leader: Person
) -> None:
    first, second = by_phone(event), by_phone(event)
    post(client, sheet(event))
    left = [_left(client.get(sheet(event)).text)]
    for own, said in ((first, "no_answer"), (second, "coming")):
        post(client, f"{sheet(event)}/{own.id}", {"said": said})
        left.append(_left(client.get(sheet(event)).text))
    assert left == ["2", "2", "1"]
    assert client.get(sheet(event)).text.count("☐ Is not coming") == 2


def _left(html: str) -> str:
    found = re.search(r"To call</dt>\s*<dd[^>]*>(\d+)", html)
    assert found, html
    return found[1]


def test_nobody_notes_an_answer_for_another_event(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    foreign = by_phone(EventFactory())
    answer = post(client, f"{sheet(event)}/{foreign.id}", {"said": "not_coming"})
    assert answer.status_code == 404
    assert foreign.state == SignUpState.CONFIRMED


def test_staff_do_not_see_who_is_known_only_to_the_coordinator(
    client: FlaskClient, db: Session, event: Event
) -> None:
    hidden = by_phone(event)
    hidden.person.discreet = True
    db.flush()
    sign_in(client, staff_member())
    assert "There is nobody to call" in client.get(sheet(event)).text


def test_others_do_not_see_the_sheet(client: FlaskClient, db: Session, event: Event) -> None:
    by_phone(event)
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(sheet(event)).status_code == 404
    assert post(client, sheet(event)).status_code == 404


def test_whoever_we_knew_for_one_event_alone_is_forgotten_with_it(db: Session) -> None:
    long_ago = clock.now() - timedelta(days=100)
    event = EventFactory(starts_at=long_ago, ends_at=long_ago)
    gone, still_coming = by_phone(event), by_phone(event)
    SignUpFactory(person=still_coming.person)
    gone_id, kept_id = gone.person_id, still_coming.person_id
    forgetting.forget_names()
    db.expire_all()
    assert db.get(Person, gone_id) is None
    assert db.get(Person, kept_id) is not None
    assert event.past_confirmed == 2
