"""The organizers' desk: drafting, changing, publishing, moving, cancelling, and two at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.alliances.models import Alliance
from app.events import reminders
from app.events.models import Event, EventState, SignUpState
from app.foundation import clock
from app.mail.models import Mailing, MailingState, Message
from app.people.models import Disclosure, Person
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
    seed_places,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

MAILINGS = 7
"""Three reminders, two kinds of thanks, and twice the wish for a report."""
NEXT_MONTH = clock.today() + timedelta(days=30)


def filled(**changes: object) -> dict[str, object]:
    """The form of an event as a coordinator fills it in."""
    return {
        "kind": "vigil",
        "title": "Remembrance reading",
        "date": NEXT_MONTH.isoformat(),
        "time": "18:30",
        "time_zone": "America/New_York",
        "minutes": "90",
        "place": "in_person",
        "venue": "Main Library",
        "street": "96 S Grant Ave",
        "zip": "43215",
        "online_link": "",
        "capacity": "20",
        "access": "Step-free",
        "description": "Come **all**.",
        "edition": "",
        **changes,
    }


@pytest.fixture
def alliance(db: Session) -> Alliance:
    seed_places(db)
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def coordinator(client: FlaskClient, alliance: Alliance) -> Person:
    person = coordinator_of(alliance, name="Ana")
    sign_in(client, person)
    return person


def the_event(db: Session) -> Event:
    return db.scalars(select(Event)).one()


def stored(db: Session, event: Event) -> Event:
    return db.get_one(Event, event.id)


def as_filled(event: Event, **changes: object) -> dict[str, object]:
    """The form of an existing event, unchanged but for `changes`."""
    same = {
        "version": event.version,
        "kind": event.kind.value,
        "title": event.title,
        "date": event.wall_start.date().isoformat(),
        "time": f"{event.wall_start:%H:%M}",
        "time_zone": event.time_zone,
        "minutes": event.minutes,
        "venue": event.venue,
        "street": event.street,
        "zip": event.zip,
        "capacity": event.capacity or "",
        "access": event.access,
        "description": event.description,
    }
    return filled(**{**same, **changes})


def test_a_draft_is_saved_and_published(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    page = client.get("/desk/columbus/events/new").text
    assert 'value="18:30"' in page
    assert '<option selected value="America/New_York">' in page
    answer = post(client, "/desk/columbus/events/new", filled())
    event = the_event(db)
    assert answer.location == f"/desk/columbus/events/{event.id}?done=event-drafted"
    assert (event.state, event.created_by_id) == (EventState.DRAFT, coordinator.id)
    assert (event.city, event.us_state, event.latitude) == ("Columbus", "OH", 39.9671)
    assert event.slug == f"remembrance-reading-columbus-{NEXT_MONTH}"
    answer = post(client, f"/desk/columbus/events/{event.id}/publish")
    assert answer.location.endswith("done=event-published")
    assert the_event(db).state == EventState.PUBLISHED
    assert len(reminders.scheduled(the_event(db))) == 3
    assert client.get(f"/events/{event.slug}").status_code == 200
    audited = db.scalars(select(AuditEntry.action).where(AuditEntry.area == "events")).all()
    assert audited == ["draft", "publish"]


def test_publishing_twice_changes_nothing(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    post(client, "/desk/columbus/events/new", filled())
    for _twice in range(2):
        post(client, f"/desk/columbus/events/{the_event(db).id}/publish")
    assert len(db.scalars(select(Mailing)).all()) == MAILINGS
    assert the_event(db).version == 2


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "Please fill this in."),
        ({"date": "soon"}, "time", "Please give a day and a time"),
        ({"date": "2020-07-17"}, "time", "This time has passed."),
        ({"date": "9998-07-17"}, "time", "within the next five years"),
        ({"date": "9999-12-31", "time": "23:59"}, "time", "Please give a day and a time"),
        ({"date": "0001-01-01", "time_zone": "Europe/Amsterdam"}, "time", "Please give a day"),
        ({"date": "2027-03-14", "time": "02:30"}, "time", "jump over 2:30"),
        ({"minutes": "1"}, "minutes", "Between 5 minutes and 24 hours, please."),
        ({"minutes": "long"}, "minutes", "Please type a whole number."),
        ({"capacity": "-3"}, "capacity", "At least one seat, please."),
        ({"capacity": "99999999999999999999"}, "capacity", "At least one seat, please."),
        ({"zip": "123"}, "zip", "A ZIP code has five digits"),
        ({"zip": "99999"}, "zip", "We do not know the ZIP code 99999"),
        ({"zip": ""}, "zip", "Please fill this in."),
        ({"venue": ""}, "venue", "Please fill this in."),
        ({"place": "both", "online_link": "javascript:alert(1)"}, "online_link", "https://"),
        ({"place": "both", "online_link": "https://x.example/<b>"}, "online_link", "https://"),
        ({"place": "both", "online_link": "https://[x"}, "online_link", "https://"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Not a valid choice"),
        ({"kind": "party"}, "kind", "Not a valid choice"),
        ({"edition": "77"}, "edition", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: FlaskClient,
    db: Session,
    coordinator: Person,
    changes: dict[str, object],
    field: str,
    sentence: str,
) -> None:
    answer = post(client, "/desk/columbus/events/new", filled(**changes))
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error">([^<]*)<', answer.text)
    assert error is not None
    assert sentence in error[1]
    assert "Come **all**." in answer.text
    assert db.scalars(select(Event)).all() == []


def test_a_megabyte_of_description_is_refused_and_kept(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    long = "All words count. " * 62_000
    answer = post(client, "/desk/columbus/events/new", filled(description=long))
    assert answer.status_code == 422
    assert "Please use at most 20,000 characters." in answer.text
    assert long.strip() in answer.text
    assert (
        post(client, "/desk/columbus/events/new", filled(description=long * 3)).status_code == 413
    )
    assert db.scalars(select(Event)).all() == []


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30"),
        ("America/Chicago", "2027-07-17T11:00", "2027-07-17T16:00"),
        ("America/Phoenix", "2027-07-17T11:00", "2027-07-17T18:00"),
    ],
)
def test_a_wall_time_means_its_zone(
    client: FlaskClient, db: Session, coordinator: Person, zone: str, wall: str, utc: str
) -> None:
    day, _, time = wall.partition("T")
    post(client, "/desk/columbus/events/new", filled(date=day, time=time, time_zone=zone))
    event = the_event(db)
    assert event.starts_at.replace(tzinfo=None) == datetime.fromisoformat(utc)
    assert event.wall_start == datetime.fromisoformat(wall)


def test_an_online_event_needs_its_link_before_it_is_published(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    post(client, "/desk/columbus/events/new", filled(place="online", venue="", zip=""))
    event = the_event(db)
    assert (event.is_online, event.venue, event.city) == (True, "", "Columbus")
    answer = post(client, f"/desk/columbus/events/{event.id}/publish")
    assert answer.location.endswith("done=event-no-way-in")
    assert the_event(db).state == EventState.DRAFT


def test_an_event_joins_an_observance(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    edition = EditionFactory()
    page = client.get(f"/desk/columbus/events/new?part_of={edition.id}").text
    assert f'<option selected value="{edition.id}">International Justice Day 2027' in page
    post(client, "/desk/columbus/events/new", filled(date="2027-07-17", edition=edition.id))
    assert the_event(db).edition_id == edition.id


def test_moving_tells_everybody_who_comes_and_moves_the_reminders(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, slug="reading", capacity=1)
    reminders.schedule(event)
    SignUpFactory(event=event, person=PersonFactory(name="Ben"))
    SignUpFactory(event=event, person=PersonFactory(name="Cleo"), state=SignUpState.WAITING)
    SignUpFactory(event=event, person=PersonFactory(unconfirmed=True), state=SignUpState.HELD)
    moved_to = (event.wall_start + timedelta(days=3)).date()
    form = as_filled(event, date=moved_to.isoformat(), venue="City Hall")
    answer = post(client, f"/desk/columbus/events/{event.id}/edit", form)
    assert answer.location == f"/desk/columbus/events/{event.id}?done=event-moved"
    event = stored(db, event)
    assert (event.revision, event.version, event.venue) == (2, 2, "City Hall")
    told = db.scalars(select(Message).order_by(Message.id)).all()
    assert [mail.kind for mail in told] == ["events/moved"] * 2
    assert ["Ben" in told[0].text, "Cleo" in told[1].text] == [True, True]
    assert "It was at: Main Library" in told[0].text
    assert "It is now at: City Hall" in told[0].text
    assert "SEQUENCE:1" in told[0].attachments[0]["content"]
    assert told[1].attachments == []
    states = [(m.revision, m.state) for m in db.scalars(select(Mailing).order_by(Mailing.id))]
    assert (
        states
        == [(1, MailingState.CANCELLED)] * MAILINGS + [(2, MailingState.SCHEDULED)] * MAILINGS
    )


def test_changing_the_words_tells_nobody(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance)
    SignUpFactory(event=event)
    form = as_filled(event, title="Another title", description="More words")
    answer = post(client, f"/desk/columbus/events/{event.id}/edit", form)
    assert answer.location == f"/desk/columbus/events/{event.id}?done=event-saved"
    event = stored(db, event)
    assert (event.title, event.revision, event.version) == ("Another title", 1, 2)
    assert db.scalars(select(Message)).all() == []


def test_the_second_of_two_who_save_sees_both_versions(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, title="Old title")
    theirs = as_filled(event, title="Their title")
    mine = as_filled(event, title="My title", description="My new words")
    url = f"/desk/columbus/events/{event.id}/edit"
    assert post(client, url, theirs).status_code == 303
    clash = post(client, url, mine)
    assert clash.status_code == 409
    assert "Somebody else saved this event while you were writing" in clash.text
    assert "Their title" in clash.text
    assert 'value="My title"' in clash.text
    assert "My new words" in clash.text
    assert stored(db, event).title == "Their title"
    version = re.search(r'name="version"[^>]*value="(\d+)"', clash.text)[1]
    assert post(client, url, mine | {"version": version}).status_code == 303
    assert stored(db, event).title == "My title"


def test_a_form_without_a_version_overwrites_nothing(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, title="Old title")
    form = as_filled(event, title="Mine", version="x")
    assert post(client, f"/desk/columbus/events/{event.id}/edit", form).status_code == 409
    assert stored(db, event).title == "Old title"


def test_there_cannot_be_fewer_seats_than_people(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, capacity=5)
    for _n in range(3):
        SignUpFactory(event=event)
    url = f"/desk/columbus/events/{event.id}/edit"
    answer = post(client, url, as_filled(event, capacity=2))
    assert answer.status_code == 422
    assert "3 seats are taken already, so there cannot be fewer." in answer.text
    assert stored(db, event).capacity == 5
    assert post(client, url, as_filled(stored(db, event), capacity=3)).status_code == 303


def test_more_seats_go_to_those_in_line(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, capacity=1)
    SignUpFactory(event=event)
    line = [SignUpFactory(event=event, state=SignUpState.WAITING) for _n in range(3)]
    post(client, f"/desk/columbus/events/{event.id}/edit", as_filled(event, capacity=3))
    states = [own.state for own in line]
    assert states == [SignUpState.OFFERED, SignUpState.OFFERED, SignUpState.WAITING]


def test_cancelling_says_how_many_and_tells_them(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, slug="reading")
    reminders.schedule(event)
    for _n in range(2):
        SignUpFactory(event=event)
    url = f"/desk/columbus/events/{event.id}/cancel"
    assert "2 people are signed up and will be told by mail at once." in client.get(url).text
    assert post(client, url, {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert post(client, url, {"reason": "Snow & ice"}).status_code == 303
    event = stored(db, event)
    assert (event.state, event.cancel_reason) == (EventState.CANCELLED, "Snow & ice")
    told = db.scalars(select(Message)).all()
    assert [mail.kind for mail in told] == ["events/cancelled"] * 2
    assert "Snow & ice" in told[0].text
    assert "Snow &amp; ice" in told[0].html
    assert told[0].attachments[0]["method"] == "CANCEL"
    assert {m.state for m in db.scalars(select(Mailing))} == {MailingState.CANCELLED}


def test_publishing_a_cancelled_event_does_not_say_that_it_was(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, state=EventState.CANCELLED)
    answer = post(client, f"/desk/columbus/events/{event.id}/publish")
    assert answer.location == f"/desk/columbus/events/{event.id}"


def test_a_cancelled_event_cannot_be_changed(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance, state=EventState.CANCELLED, title="Old")
    url = f"/desk/columbus/events/{event.id}/edit"
    assert client.get(url).status_code == 303
    assert post(client, url, as_filled(event, title="New")).status_code == 303
    assert stored(db, event).title == "Old"


def test_a_draft_is_thrown_away_and_nothing_else(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    draft = EventFactory(alliance=alliance, state=EventState.DRAFT)
    public = EventFactory(alliance=alliance)
    for event in (draft, public):
        post(client, f"/desk/columbus/events/{event.id}/discard")
    assert db.scalars(select(Event.id)).all() == [public.id]


def test_a_past_draft_cannot_be_published(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(
        alliance=alliance, state=EventState.DRAFT, starts_at=clock.now() - timedelta(hours=1)
    )
    answer = post(client, f"/desk/columbus/events/{event.id}/publish")
    assert answer.location.endswith("done=event-over")
    assert stored(db, event).state == EventState.DRAFT


@pytest.mark.parametrize("rows", [1, 30])
def test_the_desk_costs_the_same_whatever_it_holds(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person, rows: int
) -> None:
    event = EventFactory(alliance=alliance)
    for _n in range(rows):
        EventFactory(alliance=alliance)
        SignUpFactory(event=event)
    with count_statements() as of_list:
        assert client.get("/desk/columbus/events").status_code == 200
    with count_statements() as of_event:
        assert client.get(f"/desk/columbus/events/{event.id}").status_code == 200
    assert (len(of_list), len(of_event)) == (6, 7)


ADDRESSES = ("", "/edit", "/cancel", "/discard", "/export")


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_alliances_event_does_not_exist_here(
    client: FlaskClient, db: Session, coordinator: Person, address: str
) -> None:
    theirs = EventFactory()
    assert client.get(f"/desk/columbus/events/{theirs.id}{address}").status_code == 404


@pytest.mark.parametrize("act", ["publish", "cancel", "discard", "edit", "names", "export"])
def test_another_alliances_event_cannot_be_touched(
    client: FlaskClient, db: Session, coordinator: Person, act: str
) -> None:
    theirs = EventFactory(state=EventState.DRAFT, title="Theirs")
    answer = post(
        client, f"/desk/columbus/events/{theirs.id}/{act}", filled(reason="x", version="1")
    )
    assert answer.status_code == 404
    assert (stored(db, theirs).title, stored(db, theirs).state) == ("Theirs", EventState.DRAFT)


@pytest.mark.parametrize("address", ["/events", "/events/new", "/events/1"])
def test_the_desk_is_for_organizers(
    client: FlaskClient, db: Session, alliance: Alliance, address: str
) -> None:
    url = f"/desk/columbus{address}"
    assert client.get(url).location.startswith("/login?next=")
    answers = []
    for person in (member_of(alliance), coordinator_of(AllianceFactory()), PersonFactory()):
        sign_in(client, person)
        answers.append(client.get(url).status_code)
    assert answers == [403, 404, 404]


def test_discreet_people_are_for_their_own_coordinator(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = EventFactory(alliance=alliance)
    SignUpFactory(event=event, person=PersonFactory(name="Open Olga"))
    SignUpFactory(event=event, person=PersonFactory(name="Quiet Quinn", discreet=True))
    url = f"/desk/columbus/events/{event.id}"
    page = client.get(url).text
    assert ("Open Olga" in page, "Quiet Quinn" in page) == (True, True)
    exported = post(client, f"{url}/export").text
    assert ("Open Olga" in exported, "Quiet Quinn" in exported) == (True, False)
    sign_in(client, staff_member())
    assert "Open Olga" not in client.get(url).text
    post(client, f"{url}/names")
    page = client.get(url).text
    assert ("Open Olga" in page, "Quiet Quinn" in page) == (True, False)
    names = select(AuditEntry).where(AuditEntry.action == "names")
    assert [entry.object_id for entry in db.scalars(names)] == [event.id]


def test_exporting_asks_who_you_are_and_is_noted(
    client: FlaskClient, db: Session, alliance: Alliance
) -> None:
    event = EventFactory(alliance=alliance)
    ben = PersonFactory(name="=Ben", address__email="ben@example.org")
    SignUpFactory(event=event, person=ben)
    coordinator = coordinator_of(alliance)
    sign_in(client, coordinator, fresh=False)
    url = f"/desk/columbus/events/{event.id}/export"
    assert client.get(url).status_code == 303
    assert post(client, url).status_code == 303
    assert db.scalars(select(Disclosure)).all() == []
    sign_in(client, coordinator)
    assert "the name and e-mail address of 1 person" in client.get(url).text
    answer = post(client, url)
    assert answer.mimetype == "text/csv"
    assert "'=Ben,ben@example.org,Is coming" in answer.text
    noted = db.scalars(select(Disclosure)).one()
    assert (noted.person_id, noted.viewer_id) == (ben.id, coordinator.id)


def test_text_of_organizers_is_never_markup_at_the_desk(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    evil = "<script>alert(1)</script>"
    form = filled(title=evil, venue=evil, street=evil, access=evil, description=evil)
    post(client, "/desk/columbus/events/new", form)
    event = the_event(db)
    SignUpFactory(event=event, person=PersonFactory(name=evil))
    for url in ("", f"/{event.id}", f"/{event.id}/edit", f"/{event.id}/discard"):
        assert "<script>alert" not in client.get(f"/desk/columbus/events{url}").text
    post(client, f"/desk/columbus/events/{event.id}/publish")
    assert "<script>alert" not in client.get(f"/desk/columbus/events/{event.id}/cancel").text
    assert "<script>alert" not in client.get(f"/desk/columbus/events/{event.id}").text
    clash = post(client, f"/desk/columbus/events/{event.id}/edit", form | {"version": "1"})
    assert clash.status_code == 409
    assert "<script>alert" not in clash.text
