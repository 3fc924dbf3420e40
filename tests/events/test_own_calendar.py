"""Calendars of a person and of an observance, read by three programs before and after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import icalendar
import ics
import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.events import actions, own_calendar
from app.events.calendar_models import CalendarLink
from app.events.models import Event, SignUpState
from app.foundation import clock
from app.people.models import Person
from app.work.models import ToDoState
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    ToDoFactory,
)
from tests.signing_in import post, sign_in, sign_out
from tests.statements import count_statements

ODD = "Commas, semicolons; back\\slash\nnew line and a fold at the 🎉" + "🎉é" * 40


def moment(at: date) -> datetime:
    """When something begins; a whole day at midnight, whatever the clock."""
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def by_icalendar(text: str) -> dict[str, tuple[str, datetime]]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(e["UID"]): (str(e["SUMMARY"]), moment(e["DTSTART"].dt)) for e in found}


def by_ics(text: str) -> dict[str, tuple[str, datetime]]:
    return {
        e.uid: (e.name, datetime.fromtimestamp(e.begin.timestamp(), UTC))
        for e in ics.Calendar(text).events
    }


def by_vobject(text: str) -> dict[str, tuple[str, datetime]]:
    found = vobject.readOne(text).contents.get("vevent", [])
    return {e.uid.value: (e.summary.value, moment(e.dtstart.value)) for e in found}


Read = Callable[[str], Mapping[str, tuple[str, datetime]]]
PROGRAMS = [by_icalendar, by_ics, by_vobject]


def address_of(client: FlaskClient, person: Person) -> str:
    """The path of a person's calendar, made on their page."""
    assert post(client, "/me/calendar", person=person).status_code == 303
    page = client.get("/me/calendar").text
    sign_out(client)
    return page.split('<code id="address">http://localhost')[1].split("<")[0]


FEEDS = (
    "/calendar.ics",
    "/events/panel.ics",
    "/alliances/columbus/calendar.ics",
    "/observances/justice-day/calendar.ics",
    "own",
)


@pytest.mark.parametrize("read", PROGRAMS)
@pytest.mark.parametrize("feed", FEEDS)
def test_three_programs_read_the_same_before_and_after_changes(
    client: FlaskClient, db: Session, read: Read, feed: str
) -> None:
    columbus = AllianceFactory(slug="columbus")
    edition = EditionFactory(on=clock.today() + timedelta(days=30))
    event = EventFactory(
        slug="panel",
        alliance=columbus,
        edition_id=edition.id,
        title="Panel, one; two 🎉",
        description=ODD,
    )
    uid, begins = f"event-{event.id}@example.org", event.starts_at
    if feed == "own":
        feed = address_of(client, SignUpFactory(event=event).person)

    seen = read(client.get(feed).text)
    assert seen[uid] == ("Panel, one; two 🎉", begins)
    assert len(seen) == (2 if "observances" in feed else 1)  # the day itself

    event = db.get_one(Event, event.id)
    event.title, event.revision = "Moved panel", 2
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    event.updated_at = clock.now()
    assert read(client.get(feed).text)[uid] == ("Moved panel", begins + timedelta(days=1))

    event = db.get_one(Event, event.id)
    actions.cancel(event, "Rain, wind; storm")
    text = client.get(feed).text
    assert read(text)[uid][0] == "Cancelled: Moved panel"
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:2" in text


@pytest.mark.parametrize("read", PROGRAMS)
def test_three_programs_read_odd_titles(client: FlaskClient, db: Session, read: Read) -> None:
    title = ODD.replace("\n", " ")
    EventFactory(title=title, description=ODD)
    EventFactory(title="Plain")
    assert sorted(name for name, _at in read(client.get("/calendar.ics").text).values()) == sorted(
        (title, "Plain")
    )


def test_lines_are_folded_between_letters(client: FlaskClient, db: Session) -> None:
    EventFactory(title=ODD.replace("\n", " "), description=ODD)
    raw = client.get("/calendar.ics").data
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() or line == b"" for line in lines)
    assert raw.endswith(b"END:VCALENDAR\r\n")


def test_a_person_reads_where_they_have_a_seat(client: FlaskClient, db: Session) -> None:
    ana = PersonFactory()
    mine = EventFactory(title="Mine", is_online=True, online_link="https://meet.example.org/x")
    SignUpFactory(event=mine, person=ana)
    for state in (SignUpState.WAITING, SignUpState.CANCELLED, SignUpState.HELD):
        SignUpFactory(event=EventFactory(title=state), person=ana, state=state)
    SignUpFactory(event=EventFactory(title="Theirs"))

    answer = client.get(address_of(client, ana))

    assert [title for title, _at in by_icalendar(answer.text).values()] == ["Mine"]
    assert "https://meet.example.org/x" in answer.text.replace("\r\n ", "")
    assert "ATTENDEE" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    etag = answer.headers["ETag"]
    again = client.get(answer.request.path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_person_reads_until_when_they_have_something_to_do(
    client: FlaskClient, db: Session
) -> None:
    ana = PersonFactory()
    columbus = AllianceFactory()
    MembershipFactory(alliance=columbus, person=ana)
    due = ToDoFactory(alliance=columbus, owner=ana, title="Bring chairs; two")
    for state in (ToDoState.DONE, ToDoState.DROPPED):
        ToDoFactory(alliance=columbus, owner=ana, state=state)
    ToDoFactory(alliance=columbus)
    path = address_of(client, ana)
    for read in PROGRAMS:
        found = read(client.get(path).text)
        assert found == {
            f"to-do-{due.id}@example.org": ("To do: Bring chairs; two", moment(due.due_on))
        }


def test_a_new_address_makes_the_old_one_worthless(client: FlaskClient, db: Session) -> None:
    ana = PersonFactory()
    old = address_of(client, ana)
    link = db.scalars(select(CalendarLink)).one()
    link.created_at -= timedelta(minutes=1)  # as if it had been made a minute ago
    old = f"/calendars/{own_calendar.token_of(link)}.ics"
    assert client.get(old).status_code == 200
    new = address_of(client, db.get_one(Person, ana.id))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    post(client, "/me/calendar/remove", person=db.get_one(Person, ana.id))
    sign_out(client)
    assert client.get(new).status_code == 404


@pytest.mark.parametrize("token", ["1", "1.2.xyz", "9.9.AAAAAAAAAAAAAAAAAAAA"])
def test_a_made_up_address_leads_nowhere(client: FlaskClient, db: Session, token: str) -> None:
    assert client.get(f"/calendars/{token}.ics").status_code == 404


def test_erasing_a_person_ends_their_calendar(client: FlaskClient, db: Session) -> None:
    ana = PersonFactory()
    address = address_of(client, ana)
    erasure.erase(db.get_one(Person, ana.id))
    assert client.get(address).status_code == 404


def test_visitors_have_no_calendar(client: FlaskClient, db: Session) -> None:
    assert client.get("/me/calendar").headers["Location"].startswith("/login")
    assert client.post("/me/calendar").status_code == 401


def test_an_observance_is_a_whole_day_and_its_events(client: FlaskClient, db: Session) -> None:
    day = EditionFactory(on=clock.today() + timedelta(days=60))
    EventFactory(title="Ours", edition=day, edition_id=day.id)
    EventFactory(title="Another")
    text = client.get("/observances/justice-day/calendar.ics").text
    entries = {str(e["SUMMARY"]): e for e in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert set(entries) == {"Ours", "International Justice Day 2027"}
    whole = entries["International Justice Day 2027"]
    assert isinstance(whole["DTSTART"].dt, date)
    assert not isinstance(whole["DTSTART"].dt, datetime)
    assert whole["TRANSP"] == "TRANSPARENT"
    assert client.get("/observances/nothing/calendar.ics").status_code == 404


def test_a_calendar_of_thirty_costs_what_one_of_one_does(client: FlaskClient, db: Session) -> None:
    ana = PersonFactory()
    address = address_of(client, ana)
    costs = []
    for number in (1, 29):
        ana = db.get_one(Person, ana.id)
        for _ in range(number):
            SignUpFactory(event=EventFactory(), person=ana)
        with count_statements() as statements:
            client.get(address)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 4


def test_my_page_leads_to_my_calendar(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())
    assert 'href="/me/calendar"' in client.get("/me").text


def test_an_empty_calendar_still_has_a_component(client: FlaskClient, db: Session) -> None:
    person = PersonFactory(time_zone="America/Denver")
    feed = client.get(address_of(client, person)).text
    assert [each.name for each in icalendar.Calendar.from_ical(feed).subcomponents] == ["VTIMEZONE"]
    assert "TZID:America/Denver" in feed
    assert ics.Calendar(feed).events == set()
    assert [each.name for each in vobject.readOne(feed).components()] == ["VTIMEZONE"]
    assert "BEGIN:VTIMEZONE" in client.get("/calendar.ics").text
