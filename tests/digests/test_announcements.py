"""Coordinators write to members or guests: theirs alone, capped, asked again before sending."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.digests import announcement_copies, announcements
from app.digests.actions import Sending
from app.digests.models import Announcement
from app.events.models import SignUp, SignUpState
from app.foundation import clock, edge
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine
from app.mail.models import Delivery, Mailing
from app.people.actions import Agreement, unsubscribe
from app.people.models import Person, Purpose
from tests import snapshots
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in

SNAPSHOTS = Path(__file__).parent / "snapshots"
TYPED = {"subject": "Bring chairs", "body": "We need **six** [chairs](https://example.org/c)."}


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def columbus(db: Session) -> Alliance:
    return AllianceFactory(name="Columbus Alliance", slug="columbus")


@pytest.fixture
def jo(columbus: Alliance) -> Person:
    return coordinator_of(columbus, name="Jo")


@pytest.fixture
def browser(client: FlaskClient, jo: Person) -> FlaskClient:
    sign_in(client, jo)
    return client


def write(browser: FlaskClient, to: str = "letters/new") -> Announcement:
    answer = post(browser, f"/desk/columbus/{to}", TYPED)
    assert answer.status_code == 303
    return session.scalars(select(Announcement).order_by(Announcement.id.desc())).first()


def send(browser: FlaskClient, letter: Announcement, people: int, **more: str) -> str:
    """The notice that follows, or what is said beside the fields."""
    answer = post(browser, of(letter, "/send"), {"people": str(people), **more})
    if answer.status_code == 303:
        return str(answer.location).partition("done=")[2]
    assert answer.status_code == 422
    return str(answer.text)


def of(letter: Announcement, page: str = "") -> str:
    return f"/desk/columbus/letters/{letter.id}{page}"


def deliver(app: Whereas) -> None:
    session.commit()
    with app.app_context():
        engine.sweep()
        engine.work(10)
    session.expire_all()


def mails_of(app: Whereas) -> list[EmailMessage]:
    folder = Path(str(app.config["SMTP_URL"]).removeprefix("maildir://")) / "new"
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted(folder.glob("*"))
    ]


def outcomes() -> dict[int, str]:
    """What became of each person's copy: the reason, or the state."""
    rows = session.execute(select(Delivery.person_id, Delivery.state, Delivery.reason))
    return {person_id: reason or state.value for person_id, state, reason in rows}


def test_a_letter_to_members_reaches_each_from_the_alliance_with_replies_to_its_writer(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance, jo: Person
) -> None:
    maria = member_of(columbus, name="Maria")
    member_of(AllianceFactory())
    letter = write(browser)
    page = browser.get(f"/desk/columbus/letters/{letter.id}").text
    assert '<b class="big">2</b> people get it' in page
    assert "It is 2 people. Type the number" in browser.get(of(letter, "/send")).text
    assert send(browser, letter, 2) == "letter-sent"
    assert send(browser, letter, 2) == "letter-sent"
    deliver(app)
    assert outcomes() == {jo.id: "sent", maria.id: "sent"}
    mails = mails_of(app)
    address = db.get_one(Person, jo.id).address_id
    own = next(m for m in mails if "Jo" in str(m["To"]))
    assert str(own["From"]).startswith(
        "Columbus Alliance via Coalition for Justice <announcements@"
    )
    assert str(own["Reply-To"]) in str(own["To"])
    assert own["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address is not None
    page = browser.get(of(letter)).text
    assert "Send or schedule" not in page
    assert "Done: 2 of 2 sent." in page
    assert browser.get(of(letter, "/progress.json")).get_json()["done"] == 2
    assert browser.get(of(letter, "/send")).location.endswith(of(letter))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_is_as_reviewed(
    db: Session, browser: FlaskClient, columbus: Alliance, jo: Person, language: str
) -> None:
    letter = write(browser)
    guests = db.get_one(Announcement, letter.id)
    guests.event_id = EventFactory(alliance=columbus, title="Film evening").id
    jo = db.get_one(Person, jo.id)
    jo.language = language
    db.flush()
    for kind in ("guests", "members"):
        sheet = announcement_copies.sheet(guests, jo.id, real_links=False)
        snapshots.assert_same(sheet.text, SNAPSHOTS / f"letter_{kind}_{language}.txt")
        snapshots.assert_same(sheet.html, SNAPSHOTS / f"letter_{kind}_{language}.html")
        guests.event_id = None
        db.flush()


IN_SPANISH = {"subject_es": "Traigan sillas", "body_es": "Necesitamos **seis** sillas."}


def test_each_reads_the_letter_and_who_sends_it_in_their_language(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance
) -> None:
    event = EventFactory(alliance=columbus, title="Film evening", title_es="Noche de cine")
    for name, spoken in (("Ann", "en"), ("Luz", "es")):
        SignUpFactory(event=event, person=PersonFactory(name=name, language=spoken))
    db.commit()
    address = f"/desk/columbus/events/{event.id}/letter"
    half = post(browser, address, TYPED | {"subject_es": "Traigan sillas"})
    assert (half.status_code, "a letter has a subject and a text" in half.text) == (422, True)
    assert post(browser, address, TYPED | IN_SPANISH).status_code == 303
    letter = db.scalars(select(Announcement)).one()
    page = browser.get(f"/desk/columbus/letters/{letter.id}").text
    assert page.count("<iframe") == 2
    framed = browser.get(f"/desk/columbus/letters/{letter.id}.html?in=es").text
    assert "<strong>seis</strong>" in framed
    send(browser, letter, 2)
    deliver(app)
    told = {str(m["To"]).split(" <")[0]: m for m in mails_of(app)}
    read = {
        name: (
            str(told[name]["Subject"]),
            str(told[name]["From"]).split(" <")[0],
            told[name].get_body(("plain",)).get_content().splitlines()[4],
        )
        for name in ("Ann", "Luz")
    }
    assert read == {
        "Ann": (
            "Bring chairs",
            "Columbus Alliance via Coalition for Justice",
            "We need six chairs (https://example.org/c).",
        ),
        "Luz": (
            "Traigan sillas",
            "Columbus Alliance vía Coalition for Justice",
            "Necesitamos seis sillas.",
        ),
    }


def test_a_letter_to_guests_reaches_only_who_has_a_seat_when_it_leaves(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance
) -> None:
    event = EventFactory(alliance=columbus, title="Film evening")
    stays, gives_back = SignUpFactory(event=event), SignUpFactory(event=event)
    for state in (SignUpState.WAITING, SignUpState.CANCELLED, SignUpState.HELD):
        SignUpFactory(event=event, state=state)
    SignUpFactory()
    letter = write(browser, f"events/{event.id}/letter")
    assert send(browser, letter, 2) == "letter-sent"
    session.commit()
    with app.app_context():
        engine.sweep()
    db.get_one(SignUp, gives_back.id).state = SignUpState.CANCELLED
    deliver(app)
    assert outcomes() == {stays.person_id: "sent", gives_back.person_id: "not coming"}
    assert db.scalars(select(Mailing.purpose)).all() == [Purpose.EVENTS]


def test_who_left_or_unsubscribed_meanwhile_gets_none(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance, jo: Person
) -> None:
    leaves, unsubscribes, never = (member_of(columbus) for _ in range(3))
    no_more = Agreement(Purpose.ANNOUNCEMENTS, "announcements-1", "mail")
    unsubscribe(never.id, no_more)
    letter = write(browser)
    page = browser.get(f"/desk/columbus/letters/{letter.id}").text
    assert '<b class="big">3</b>' in page
    assert send(browser, letter, 3) == "letter-sent"
    session.commit()
    with app.app_context():
        engine.sweep()
    left = select(Membership).where(Membership.person_id == leaves.id)
    db.scalars(left).one().state = MembershipState.LEFT
    unsubscribe(unsubscribes.id, no_more)
    deliver(app)
    assert outcomes() == {jo.id: "sent", leaves.id: "not_theirs", unsubscribes.id: "unsubscribed"}


def test_a_term_that_ends_before_it_leaves_stops_it(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance, jo: Person
) -> None:
    letter = write(browser)
    send(browser, letter, 1)
    term = db.scalars(select(CoordinatorTerm)).one()
    term.since = term.until = clock.today().replace(year=2025)
    deliver(app)
    assert outcomes() == {jo.id: "not_coordinator"}


def test_the_cap_holds_for_the_whole_alliance_and_a_day(
    db: Session, browser: FlaskClient, columbus: Alliance, travel: time_machine.Traveller
) -> None:
    first, second, third = (write(browser) for _ in range(3))
    assert [send(browser, each, 1) for each in (first, second)] == ["letter-sent"] * 2
    assert "wrote as often as it may in a day. You can" in browser.get(of(third, "/send")).text
    assert "wrote as often as it may in a day. Choose another" in send(browser, third, 1)
    tomorrow, after = ({"when": "day", "on": f"2026-11-2{day}"} for day in (2, 3))
    assert send(browser, third, 1, **tomorrow) == "letter-scheduled"
    fourth, fifth = write(browser), write(browser)
    assert send(browser, fourth, 1, **tomorrow) == "letter-scheduled"
    assert "Choose another" in send(browser, fifth, 1, **tomorrow)
    travel.move_to("2026-11-22T15:00:01Z")
    sign_in(browser, db.get_one(Person, fifth.author_id))
    assert "Choose another" in send(browser, fifth, 1)
    assert send(browser, fifth, 1, **after) == "letter-scheduled"


def test_a_letter_for_a_day_leaves_at_each_readers_hour_and_can_be_taken_back_until_then(
    app: Whereas,
    db: Session,
    browser: FlaskClient,
    columbus: Alliance,
    jo: Person,
    travel: time_machine.Traveller,
) -> None:
    west = member_of(columbus, name="Ana", zip="90012", digest_hour=10)
    letter = write(browser)
    friday = {"when": "day", "on": "2026-11-27"}
    assert "Choose a day from today on" in send(browser, letter, 2, when="day", on="2026-11-20")
    assert send(browser, letter, 2, **friday) == "letter-scheduled"
    page = browser.get(of(letter)).text
    assert "2 people on" in page
    assert browser.get(of(letter, "/edit")).location.endswith("letter-gone")
    assert post(browser, of(letter, "/take-back"), {}).location.endswith("letter-taken-back")
    assert post(browser, of(letter, "/take-back"), {}).location.endswith("letter-too-late")
    assert browser.get(of(letter, "/edit")).status_code == 200
    assert send(browser, letter, 2, **friday) == "letter-scheduled"
    for hour, arrived in (("13:59", 0), ("14:10", 1), ("17:59", 1), ("18:10", 2)):
        travel.move_to(f"2026-11-27T{hour}:00Z")
        deliver(app)
        assert len(mails_of(app)) == arrived
    assert outcomes() == {jo.id: "sent", west.id: "sent"}
    assert post(browser, of(letter, "/take-back"), {}).status_code in (303, 403)


def test_a_letter_that_goes_out_can_be_held_and_called_off(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance
) -> None:
    member_of(columbus)
    letter = write(browser)
    send(browser, letter, 2)
    session.commit()
    with app.app_context():
        engine.sweep()
    session.expire_all()
    assert post(browser, of(letter, "/pause"), {}).location.endswith("letter-pause")
    deliver(app)
    assert "Paused: 0 of 2 sent." in browser.get(of(letter)).text
    assert post(browser, of(letter, "/resume"), {}).location.endswith("letter-resume")
    assert "2 people will not get it." in browser.get(of(letter, "/cancel")).text
    assert post(browser, of(letter, "/cancel"), {}).location.endswith("letter-cancel")
    deliver(app)
    assert "Cancelled: 0 of 2 sent." in browser.get(of(letter)).text
    assert set(outcomes().values()) == {"cancelled"}
    assert mails_of(app) == []
    for act in ("/pause", "/resume", "/cancel"):
        assert post(browser, of(letter, act), {}).location.endswith("letter-too-late")


def test_who_had_enough_mail_this_week_is_told_before_a_letter_leaves(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    for _nth in range(2):
        letter = write(browser)
        assert "this week as anybody gets" not in browser.get(of(letter, "/send")).text
        send(browser, letter, 1)
        deliver(app)
    third = write(browser)
    assert "1 of them got as many digests and letters" in browser.get(of(third, "/send")).text


def test_two_clicks_at_once_do_not_pass_the_cap(
    app: Whereas, db: Session, browser: FlaskClient, jo: Person
) -> None:
    ids = [write(browser).id for _ in range(4)]
    jo_id = jo.id
    db.commit()

    def press(letter_id: int) -> None:
        with app.app_context():
            try:
                with edge.step():
                    announcements.send(letter_id, Sending(1, jo_id), unlimited=False)
            except announcements.TooMany:
                pass

    threads = [Thread(target=press, args=(letter_id,)) for letter_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.scalar(select(func.count()).select_from(Mailing)) == 2


def test_a_letter_is_checked_before_it_leaves(
    app: Whereas, db: Session, browser: FlaskClient, columbus: Alliance
) -> None:
    letter = write(browser)
    where = f"/desk/columbus/letters/{letter.id}"
    assert "Links, placeholders, pictures and size are fine." in browser.get(where).text
    letter.body = "Come to [fill In This], [all](http://localhost/alliances/columbus)."
    db.commit()
    assert "“[fill In This]” looks as if something was to be filled in." in browser.get(where).text
    letter.body_es = "Hola {nombre}, [aquí](http://localhost/events/nowhere)"
    db.commit()
    page = browser.get(where).text
    assert "“{nombre}” is no placeholder that we fill in." in page
    assert "http://localhost/events/nowhere" in page
    assert "Mend what the checks found first." in send(browser, letter, 1)
    assert db.scalar(select(func.count()).select_from(Mailing)) == 0
    letter.body_es = ""
    db.commit()
    assert send(browser, letter, 1) == "letter-sent"


def test_staff_are_not_capped_and_the_number_must_still_be_right(
    db: Session, client: FlaskClient, columbus: Alliance, jo: Person
) -> None:
    sign_in(client, staff_member())
    letters = [write(client) for _ in range(3)]
    assert "It is 1 person. Type that number if you mean it." in send(client, letters[0], 7)
    assert "It is 1 person. Type that number if you mean it." in send(client, letters[0], 0)
    assert [send(client, each, 1) for each in letters] == ["letter-sent"] * 3


PAGES = ("", "/edit", ".html", "/send")
ACTS = ("/edit", "/send", "/test", "/pause", "/resume", "/cancel", "/take-back")


@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 401), ("member", 403), ("other", 404), ("past", 403), ("jo", 200), ("staff", 200)],
)
def test_letters_are_for_the_alliances_own_coordinators_and_staff(
    db: Session, client: FlaskClient, columbus: Alliance, jo: Person, who: str, status: int
) -> None:
    event = EventFactory(alliance=columbus)
    sign_in(client, jo)
    letter = write(client)
    client.delete_cookie("session")
    client = client.application.test_client()
    past = member_of(columbus)
    db.add(
        CoordinatorTerm(
            alliance_id=columbus.id,
            person_id=past.id,
            since=clock.today().replace(year=2025),
            until=clock.today().replace(day=20),
        )
    )
    people = {
        "member": member_of(columbus),
        "other": coordinator_of(AllianceFactory()),
        "past": past,
        "jo": db.get_one(Person, jo.id),
        "staff": staff_member(),
    }
    db.commit()
    if who in people:
        sign_in(client, people[who])
    pages = [f"letters/{letter.id}{page}" for page in PAGES]
    pages += ["letters", "letters/new", f"events/{event.id}/letter"]
    seen = {client.get(f"/desk/columbus/{page}").status_code for page in pages}
    assert seen == {303 if who == "visitor" else status}
    if status != 200:
        acts = [f"letters/{letter.id}{act}" for act in ACTS]
        acts += ["letters/new", f"events/{event.id}/letter"]
        done = {post(client, f"/desk/columbus/{act}", TYPED).status_code for act in acts}
        assert done == {status}
        db.expire_all()
        assert db.scalar(select(func.count()).select_from(Announcement)) == 1


def test_a_letter_or_event_of_another_alliance_does_not_exist_here(
    db: Session, client: FlaskClient, columbus: Alliance, jo: Person
) -> None:
    sign_in(client, jo)
    letter = write(client)
    chicago = AllianceFactory(slug="chicago")
    event = EventFactory(alliance=columbus)
    sign_in(client, coordinator_of(chicago))
    for page in (f"letters/{letter.id}", f"letters/{letter.id}/edit", f"events/{event.id}/letter"):
        assert client.get(f"/desk/chicago/{page}").status_code == 404
    assert post(client, f"/desk/chicago/letters/{letter.id}/send", {}).status_code == 404


def test_a_draft_is_changed_in_the_version_that_was_read_until_it_is_sent(
    db: Session, browser: FlaskClient
) -> None:
    assert "No letter yet" in browser.get("/desk/columbus/letters").text
    assert post(browser, "/desk/columbus/letters/new", {"subject": "x"}).status_code == 422
    letter = write(browser)
    address = f"/desk/columbus/letters/{letter.id}/edit"
    assert 'value="Bring chairs"' in browser.get(address).text
    changed = TYPED | {"subject": "Bring tables", "version": "1"}
    assert post(browser, address, changed).location.endswith("done=letter-saved")
    stale = post(browser, address, changed | {"subject": "Bring lamps"})
    assert stale.status_code == 409
    assert 'value="Bring lamps"' in stale.text
    assert "Bring tables" in stale.text
    assert "Bring tables" in browser.get("/desk/columbus/letters").text
    assert "<strong>six</strong>" in browser.get(f"/desk/columbus/letters/{letter.id}.html").text
    assert post(browser, address.replace("edit", "test"), {}).location.endswith("letter-tested")
    send(browser, letter, 1)
    assert browser.get(address).location.endswith("letter-gone")
    assert post(browser, address, changed | {"version": "3"}).location.endswith("letter-gone")


def test_somebody_without_an_address_gets_no_test(db: Session, columbus: Alliance) -> None:
    person = PersonFactory(without_email=True)
    letter = announcements.create(
        columbus, announcements.Draft("Hello", "Words"), event_id=None, by_id=person.id
    )
    assert announcement_copies.send_test(letter, person.id) is False


def test_script_and_template_syntax_stay_text(db: Session, columbus: Alliance) -> None:
    odd = "<script>alert(1)</script> {{7*7}} {name}"
    person = member_of(columbus, name=odd)
    letter = announcements.create(
        columbus, announcements.Draft(f"{odd}\r\nBcc: a@example.org", odd), event_id=None, by_id=1
    )
    sheet = announcement_copies.sheet(letter, person.id, real_links=False)
    assert "<script" not in sheet.html
    assert "{{7*7}} {name}" in sheet.text
    assert "\n" not in sheet.subject
