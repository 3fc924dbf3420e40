"""The organizers' side of the door: links, numbers, and what is printed."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.events import door, door_prints
from app.events.door import Said
from app.events.models import Event, Part
from app.foundation import clock, pagecontext
from tests.events.world import coming, event_today
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    administrator,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements


def desk(event: Event) -> str:
    return f"/desk/{event.alliance.slug}/events/{event.id}/door"


def text_of(made: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_a_coordinator_makes_and_stops_links(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    coordinator = coordinator_of(event.alliance)

    answer = post(client, at, person=coordinator)
    assert answer.headers["Location"] == f"{at}?done=door-opened"
    link = door.links_of(event.id)[0]
    page = client.get(at).text
    url = page.split(f'id="door-{link.id}">')[1].split("<")[0]
    assert url.startswith("http://localhost/door/")
    assert client.get(url).status_code == 200

    assert post(client, f"{at}/{link.id}/revoke").status_code == 303
    assert client.get(url).status_code == 403
    assert url not in client.get(at).text


def test_the_desk_shows_who_is_in(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    coming(event, "Ana A", seats=2)
    door.record(event, None, [Said("walk-in-1", 3, clock.now())])
    sign_in(client, coordinator_of(event.alliance))
    page = client.get(at).text
    assert "<dt>Here</dt><dd>3</dd>" in page
    assert "<dt>Expected</dt><dd>2</dd>" in page


@pytest.mark.parametrize("who", ["member", "other", "admin"])
def test_others_neither_see_nor_open_a_door(client: FlaskClient, db: Session, who: str) -> None:
    event = event_today()
    at = desk(event)
    person = {
        "member": lambda: member_of(event.alliance),
        "other": lambda: coordinator_of(AllianceFactory()),
        "admin": administrator,
    }[who]()
    expected = 403 if who == "member" else 404
    assert post(client, at, person=person).status_code == expected
    assert client.get(at).status_code == expected
    assert post(client, f"{at}/print/sheet").status_code == expected
    assert door.links_of(event.id) == []


def test_a_link_of_another_event_is_not_stopped_here(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    other = event_today()
    link = door.new_link(other, None)
    sign_in(client, coordinator_of(event.alliance))
    assert post(client, f"{at}/{link.id}/revoke").status_code == 404
    assert [each.id for each in door.links_of(other.id)] == [link.id]


@pytest.mark.parametrize("what", sorted(door_prints.TEMPLATES))
def test_paper_holds_first_names_and_initials_only(
    client: FlaskClient, db: Session, what: str
) -> None:
    event = event_today(title="Justice #forum [x]")
    at = desk(event)
    coming(event, "Maria Garcia", no_photo=True, seats=2)
    SignUpFactory(event=event, person=PersonFactory(name="Rosa Diaz", discreet=True))

    answer = post(client, f"{at}/print/{what}", person=staff_member())

    printed = text_of(answer.data)
    assert answer.content_type == "application/pdf"
    assert "Maria" in printed
    assert "No photo" in printed
    for hidden in ("Garcia", "Rosa", "Diaz", "@"):
        assert hidden not in printed
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "door printed")).one()
    assert (entry.object_id, entry.detail) == (event.id, {"what": what})


def test_an_empty_event_is_printed_too(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    for what in door_prints.TEMPLATES:
        assert len(PdfReader(io.BytesIO(post(client, f"{at}/print/{what}").data)).pages) == 1
    assert post(client, f"{at}/print/passports").status_code == 404


def test_pages_of_forty_guests_cost_the_same(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    costs = []
    for number in (1, 39):
        for n in range(number):
            coming(event, f"Person {n}")
            door.new_link(event, None)
        with count_statements() as statements:
            client.get(at)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_the_code_on_a_slip_is_the_one_of_the_door(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    own = coming(event, "Maria Garcia")
    values = door_prints.values(event, door.guests(event))
    assert values["people"][0]["code"] == door.code(own.id)
    assert door.code(own.id) in text_of(
        post(client, f"{at}/print/slips", person=coordinator_of(event.alliance)).data
    )


def test_each_person_has_a_slip_and_a_badge_and_each_party_a_row(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia", seats=3, guests=["Tom Novak"])
    sign_in(client, coordinator_of(event.alliance))

    slips, badges, sheet = (
        text_of(post(client, f"{desk(event)}/print/{what}").data)
        for what in ("slips", "badges", "sheet")
    )

    assert (slips.count("I am here"), slips.count(door.code(own.id))) == (3, 3)
    assert ("Maria G." in slips, "Tom N." in slips, slips.count("with Maria G.")) == (True, True, 2)
    assert badges.count(event.alliance.name.upper()) == 3
    assert ("Maria G." in badges, "Tom N." in badges) == (True, True)
    assert ("Maria G." in sheet, "Tom" in sheet) == (True, False)


def test_guests_of_a_hidden_person_are_not_printed(db: Session) -> None:
    event = event_today()
    hidden = PersonFactory(name="Rosa Diaz", discreet=True)
    SignUpFactory(event=event, person=hidden, seats=2, guests=["Tom Novak"])
    assert door_prints.values(event, door.guests(event))["people"] == []


@pytest.mark.parametrize(("what", "inches"), [("badges", 3.4), ("slips", 3.8), ("sheet", 3.2)])
def test_a_name_without_a_break_stays_inside_its_place(
    client: FlaskClient, db: Session, what: str, inches: float
) -> None:
    event = event_today()
    coming(event, "W" * 60)
    sign_in(client, coordinator_of(event.alliance))
    page = PdfReader(io.BytesIO(post(client, f"{desk(event)}/print/{what}").data)).pages[0]
    sizes: list[float] = []

    def note(text: str, _matrix: list[float], _line: list[float], _font: Any, size: float) -> None:
        if "WWW" in text:
            sizes.append(size)

    page.extract_text(visitor_text=note)

    assert sizes
    assert max(sizes) * 60 * 0.8 < inches * 72  # a W is wider than 0.8 of its size


def test_the_desk_tells_which_letters_of_names_paper_cannot_show(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    coming(event, "Maria Garcia", seats=2, guests=["\U0001f8ff Novak"])
    hidden = PersonFactory(name="\U0001f8fe Diaz", discreet=True)
    SignUpFactory(event=event, person=hidden)
    sign_in(client, coordinator_of(event.alliance))
    assert "no font for \U0001f8ff, so paper shows a box" in client.get(desk(event)).text


def test_the_desk_says_midnight_as_the_end_of_the_day(client: FlaskClient, db: Session) -> None:
    day = clock.today("America/New_York") + timedelta(days=3)
    late = datetime.combine(day, time(22, 30))
    told = []
    for wall_start, minutes in ((datetime.combine(day, time(18)), 60), (late, 90)):
        event = EventFactory(
            wall_start=wall_start,
            time_zone="America/New_York",
            starts_at=clock.instant(wall_start, "America/New_York"),
            ends_at=clock.instant(wall_start, "America/New_York") + timedelta(minutes=minutes),
        )
        sign_in(client, coordinator_of(event.alliance))
        told.append(client.get(f"/desk/{event.alliance.slug}/events/{event.id}/door").text)
    assert "until the end of that day." in told[0]
    after = pagecontext.long_date(day + timedelta(days=1))
    assert f"until {after}, 3:00" in told[1]


def test_the_desk_of_an_event_held_both_ways_says_how_many_come_where(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(is_online=True)
    coming(event, "Ana", seats=3)
    coming(event, "Ben", seats=2, part=Part.ONLINE)
    sign_in(client, coordinator_of(event.alliance))
    page = client.get(f"/desk/{event.alliance.slug}/events/{event.id}").text
    assert "At the place: 3 · Online: 2" in page
