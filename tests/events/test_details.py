"""Place, privacy, access, Spanish, questions and shifts, as organizers set them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import calendars, letters, mails, own_calendar, reminders, shifts
from app.events.models import Event, Part, SignUp, SignUpState
from app.events.questions import read
from app.foundation import clock
from app.mail.models import Message
from app.mail.registry import Reader
from tests.events.hosting import ShiftFactory
from tests.events.test_desk import as_filled
from tests.events.test_mails import unquoted
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    seed_places,
)
from tests.signing_in import post, sign_in

ADDRESS = ("Main Library", "96 S Grant Ave", "43004")


@pytest.fixture
def alliance(db: Session) -> Alliance:
    seed_places(db)
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def event(alliance: Alliance) -> Event:
    return EventFactory(alliance=alliance, slug="reading", title="Reading", zip="43004")


@pytest.fixture
def _leader(client: FlaskClient, alliance: Alliance) -> None:
    sign_in(client, coordinator_of(alliance))


def save(client: FlaskClient, event: Event, **values: object) -> int:
    form = {"version": str(event.version)} | values
    return post(client, f"/desk/columbus/events/{event.id}/details", form).status_code


@pytest.mark.usefixtures("_leader")
def test_a_private_address_is_nowhere_in_public(
    client: FlaskClient, db: Session, event: Event, alliance: Alliance
) -> None:
    assert save(client, event, address_is_private="y") == 303
    assert (event.latitude, event.longitude) == (alliance.latitude, alliance.longitude)
    db.commit()
    sign_in(client, PersonFactory())
    paths = ("/events/reading", "/events/reading.ics", "/calendar.ics", "/events/?format=csv")
    pages = [client.get(path).text for path in (*paths, "/events/", "/alliances/columbus")]
    assert [word for page in pages for word in ADDRESS if word in page] == []
    assert "Reading" not in client.get("/events/?q=Main+Library").text
    assert "you get the address when you sign up" in pages[0]
    assert [letters.facts(event, "en", seat=None).place.count(word) for word in ADDRESS] == [
        0,
        0,
        0,
    ]


def test_those_with_a_seat_know_where_to_go(client: FlaskClient, db: Session, event: Event) -> None:
    event.address_is_private = True
    own = SignUpFactory(event=event)
    sign_in(client, own.person)
    assert "96 S Grant Ave" in client.get("/events/reading").text
    assert "96 S Grant Ave" in letters.facts(event, "en").place
    assert "96 S Grant Ave" in calendars.attachment(event, "en").content
    own.state = SignUpState.WAITING
    db.commit()
    assert "96 S Grant Ave" not in client.get("/events/reading").text


@pytest.mark.parametrize(("part", "knows"), [(Part.IN_PERSON, True), (Part.ONLINE, False)])
def test_who_takes_part_online_is_told_the_link_and_no_private_address(
    client: FlaskClient, db: Session, event: Event, part: Part, knows: bool
) -> None:
    event.is_online, event.online_link = True, "https://meet.example.org/x"
    event.address_is_private = True
    own = SignUpFactory(event=event, part=part)
    db.commit()
    mails.post_confirmed(event, own)
    seat = mails.seat_url(own.id, "en").removeprefix("http://localhost")
    sign_in(client, own.person)

    message = db.scalars(select(Message)).one()
    entry = message.attachments[0]["content"]
    calendar = own_calendar.feed_of(own.person_id).decode()
    told = [client.get("/events/reading").text, message.text, entry, calendar, reminder_to(own)]

    whole = [text.replace("\r\n ", "") for text in told]
    assert ["meet.example.org/x" in text for text in whole] == [True] * 5
    assert ["96 S Grant" in text for text in (*whole, client.get(seat).text)] == [knows] * 6


def reminder_to(own: SignUp) -> str:
    mailing = reminders.schedule(own.event)[0]
    reader = Reader(own.person_id, "Ana", "ana@example.org", "en", "http://u", "http://p")
    copy = reminders.ReminderKind().composer(mailing, [reader])(reader)
    assert copy is not None
    return unquoted(copy.text)


def test_the_mail_about_a_move_says_the_private_place_that_was_told(
    client: FlaskClient, db: Session, event: Event
) -> None:
    event.is_online, event.online_link = True, "https://meet.example.org/x"
    event.address_is_private = True
    ana = SignUpFactory(event=event).person
    ben = SignUpFactory(event=event, part=Part.ONLINE).person
    sign_in(client, coordinator_of(event.alliance))
    form = as_filled(event, place="both", online_link=event.online_link, street="7 New Road")
    assert post(client, f"/desk/columbus/events/{event.id}/edit", form).status_code == 303

    told = {mail.person_id: mail.text for mail in db.scalars(select(Message))}
    assert "It was at: Main Library, 96 S Grant Ave" in told[ana.id]
    assert "It is now at: Main Library, 7 New Road" in told[ana.id]
    assert [word for word in ("Grant", "New Road") if word in told[ben.id]] == []


@pytest.mark.usefixtures("_leader")
def test_an_address_that_is_public_again_is_back_on_the_map(
    client: FlaskClient, db: Session, event: Event
) -> None:
    save(client, event, address_is_private="y")
    save(client, event)
    assert (event.zip, round(event.latitude, 2)) == ("43004", 40.01)


def test_a_late_link_is_shown_an_hour_before(
    client: FlaskClient, db: Session, event: Event
) -> None:
    event.is_online, event.online_link = True, "https://meet.example.org/x"
    event.link_opens_late = True
    ana = SignUpFactory(event=event).person
    assert "You get the link an hour before, if you sign up." in client.get("/events/reading").text
    sign_in(client, ana)
    early = client.get("/events/reading").text
    assert "meet.example.org" not in early
    assert "The link is here from an hour before." in early
    assert letters.facts(event, "en").online_link == ""
    assert "meet.example.org" not in calendars.attachment(event, "en").content
    last = reminders.plan(event)[-1]
    assert event.starts_at - last.due_at == timedelta(hours=1)
    db.commit()
    with time_machine.travel(event.starts_at - timedelta(minutes=59)):
        sign_in(client, ana)
        assert "meet.example.org" in client.get("/events/reading").text
        assert letters.facts(event, "en").online_link == "https://meet.example.org/x"


@pytest.mark.usefixtures("_leader")
def test_access_is_said_as_yes_no_or_ask(client: FlaskClient, db: Session, event: Event) -> None:
    said = {"step_free": "yes", "childcare": "no", "captions": "ask", "hearing_loop": ""}
    assert save(client, event, languages="English, Spanish", **said) == 303
    assert event.accessibility == {"step_free": "yes", "childcare": "no", "captions": "ask"}
    page = client.get("/events/reading").text
    for sentence in ("Step-free way in", "Childcare", "Captions", "English, Spanish"):
        assert sentence in page
    assert "Hearing loop" not in page
    assert save(client, event, step_free="perhaps") == 422
    assert letters.facts(event, "en", seat=None).access == (
        "Step-free way in: Yes; Captions: Ask us; Childcare: No; English, Spanish"
    )


@pytest.mark.usefixtures("_leader")
def test_readers_in_spanish_read_the_events_own_spanish(
    client: FlaskClient, db: Session, event: Event
) -> None:
    save(client, event, title_es="Lectura", description_es="Leemos **juntos**.")
    assert "Lectura" not in client.get("/events/reading").text
    page = client.get("/es/events/reading").text
    assert "<h1>Lectura</h1>" in page
    assert letters.facts(event, "es").title == "Lectura"
    assert letters.facts(event, "en").title == "Reading"


@pytest.mark.parametrize(
    "path",
    [
        "/events/",
        "/events/?format=csv",
        "/events/month/{month}",
        "/alliances/columbus",
        "/find?zip=43215",
        "/",
        "/me",
        "/observances/justice-day/2027",
        "/calendar.ics",
        "/events/reading.ics",
        "/events/reading/share",
    ],
)
def test_lists_and_feeds_say_the_title_in_the_language_of_their_reader(
    client: FlaskClient, db: Session, event: Event, path: str
) -> None:
    event.title_es, event.edition_id = "Lectura", EditionFactory(year=2027).id
    path = path.format(month=event.wall_start.strftime("%Y-%m"))
    sign_in(client, SignUpFactory(event=event).person)
    assert ["Lectura" in client.get(prefix + path).text for prefix in ("", "/es")] == [False, True]
    assert ["Reading" in client.get(prefix + path).text for prefix in ("", "/es")] == [True, False]


def test_who_reads_spanish_has_it_in_the_calendar_of_their_own(
    client: FlaskClient, db: Session, event: Event
) -> None:
    event.title_es = "Lectura"
    person = SignUpFactory(event=event, person__language="es").person
    token = own_calendar.token_of(own_calendar.renew(person.id))
    assert "SUMMARY:Lectura" in client.get(f"/calendars/{token}.ics").text


def test_an_attachment_speaks_the_language_of_its_reader(db: Session, event: Event) -> None:
    event.title_es = "Lectura"
    ana, bo = (
        SignUpFactory(event=event, person=PersonFactory(language=each)) for each in ("es", "en")
    )
    for own in (ana, bo):
        mails.post_confirmed(event, own)
    kept = db.scalars(select(Message).order_by(Message.id)).all()
    assert ["SUMMARY:Lectura" in str(each.attachments) for each in kept] == [True, False]


@pytest.mark.usefixtures("_leader")
def test_a_part_cannot_have_fewer_seats_than_are_taken(
    client: FlaskClient, db: Session, event: Event
) -> None:
    event.is_online, event.online_link = True, "https://meet.example.org/x"
    for _n in range(2):
        SignUpFactory(event=event)
    assert save(client, event, seats_at_place="1") == 422
    assert save(client, event, seats_at_place="2", seats_online="5") == 303
    assert (event.seats_at_place, event.seats_online) == (2, 5)


@pytest.mark.usefixtures("_leader")
def test_two_who_edit_at_once_notice(client: FlaskClient, db: Session, event: Event) -> None:
    assert save(client, event, version=str(event.version - 1)) == 422


@pytest.mark.usefixtures("_leader")
def test_a_question_is_put_on_the_form_and_taken_off(
    client: FlaskClient, db: Session, event: Event
) -> None:
    base = f"/desk/columbus/events/{event.id}"
    choice = {"label": "How do you come?", "kind": "choice", "options": "Bus\nCar\nBus"}
    choice |= {"label_es": "¿Cómo vienes?", "options_es": "En autobús\nEn auto"}
    for wrong in ({"options": "Bus"}, {"options_es": "En autobús"}):
        assert post(client, f"{base}/questions", choice | wrong).status_code == 422
    for _twice in range(2):
        assert post(client, f"{base}/questions", choice).status_code == 303
    keys = [question.key for question in read(event.questions)]
    assert keys == ["how-do-you-come", "how-do-you-come-2"]
    assert read(event.questions)[0].options == ("Bus", "Car")
    assert read(event.questions)[0].options_es == ("En autobús", "En auto")
    assert "How do you come?" in client.get(f"{base}/asks").text
    assert "¿Cómo vienes?" in client.get(f"/es{base}/asks").text
    post(client, f"{base}/questions/how-do-you-come/remove")
    assert [question.key for question in read(event.questions)] == ["how-do-you-come-2"]


@pytest.mark.usefixtures("_leader")
def test_eight_questions_are_enough(client: FlaskClient, db: Session, event: Event) -> None:
    base = f"/desk/columbus/events/{event.id}/questions"
    answers = [post(client, base, {"label": "Why?", "kind": "text"}) for _n in range(9)]
    assert answers[-1].location.endswith("done=questions-full")
    assert len(event.questions) == 8


@pytest.mark.usefixtures("_leader")
def test_a_shift_is_planned_by_the_clock_and_removed(
    client: FlaskClient, db: Session, event: Event
) -> None:
    base = f"/desk/columbus/events/{event.id}/shifts"
    late = {"title": "Clean up", "begins": "23:00", "ends": "00:30", "capacity": "3"}
    assert post(client, base, late).status_code == 303
    [filled] = shifts.of_event(event.id)
    assert (filled.shift.opens, filled.shift.minutes, filled.left) == (270, 90, 3)
    assert post(client, base, late | {"begins": "soon"}).status_code == 422
    assert post(client, base, late | {"capacity": "0"}).status_code == 422
    own = SignUpFactory(event=event, person=PersonFactory(name="Ana"))
    shifts.choose(own, [filled.shift.id])
    assert "Ana" in client.get(f"/desk/columbus/events/{event.id}/asks").text
    page = client.get(f"{base}/{filled.shift.id}/remove").text
    assert "1 person has taken it and keeps the seat." in page
    post(client, f"{base}/{filled.shift.id}/remove")
    assert shifts.of_event(event.id) == []
    assert own.state == SignUpState.CONFIRMED


@pytest.mark.usefixtures("_leader")
def test_a_shift_of_another_event_stays(client: FlaskClient, db: Session, event: Event) -> None:
    foreign = ShiftFactory()
    base = f"/desk/columbus/events/{event.id}/shifts/{foreign.id}/remove"
    assert client.get(base).status_code == 404
    post(client, base)
    assert len(shifts.of_event(foreign.event_id)) == 1


def test_others_do_not_edit(client: FlaskClient, db: Session, event: Event) -> None:
    sign_in(client, PersonFactory())
    base = f"/desk/columbus/events/{event.id}"
    pages = [client.get(f"{base}/{name}").status_code for name in ("details", "asks", "co-hosts")]
    assert pages == [404, 404, 404]
    assert clock.now() < event.starts_at
