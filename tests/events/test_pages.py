"""The public list and page of an event: what they show, to whom, and at what cost."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.events.models import EventKind, EventState, SignUpState
from app.foundation import clock
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
from tests.signing_in import sign_in, sign_out
from tests.statements import count_statements

# The same day everywhere: "in ten days" is another date in Los Angeles while it is past midnight
# in Columbus.
THAT_EVENING = datetime.combine(clock.today() + timedelta(days=10), time(18, 30))
EVIL = "<script>alert(1)</script>{{7*7}}${7*7}'\"</title></script>"


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*">([^<]*)</a>', html)


def test_the_list_holds_what_is_published_and_to_come(client: FlaskClient, db: Session) -> None:
    EventFactory(title="Later", wall_start=clock.now().replace(tzinfo=None) + timedelta(days=20))
    EventFactory(title="Soon")
    EventFactory(title="Draft", state=EventState.DRAFT)
    EventFactory(title="Cancelled", state=EventState.CANCELLED)
    EventFactory(title="Over", ends_at=clock.now() - timedelta(minutes=1))
    assert titles(client.get("/events/").text) == ["Soon", "Later"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=letter", ["Letters"]),
        ("q=COLUMBUS", ["Letters"]),
        ("q=%25", []),
        ("state=CA", ["Vigil"]),
        ("kind=vigil", ["Vigil"]),
        ("alliance=columbus", ["Letters"]),
        ("sort=-title", ["Vigil", "Letters"]),
        ("q=letter&state=CA", []),
        ("kind=nonsense", ["Letters", "Vigil"]),
    ],
)
def test_the_list_is_filtered_and_sorted(
    client: FlaskClient, db: Session, query: str, found: list[str]
) -> None:
    columbus = AllianceFactory(name="Columbus Alliance", slug="columbus")
    los_angeles = AllianceFactory(name="Los Angeles Alliance", slug="los-angeles", zip="90012")
    EventFactory(title="Letters", alliance=columbus, wall_start=THAT_EVENING)
    EventFactory(title="Vigil", kind=EventKind.VIGIL, alliance=los_angeles, wall_start=THAT_EVENING)
    assert titles(client.get(f"/events/?{query}").text) == found


def test_the_list_as_a_file_is_safe_for_spreadsheets(client: FlaskClient, db: Session) -> None:
    EventFactory(title="=HYPERLINK(1)", online_link="https://meet.example.org/secret")
    answer = client.get("/events/?format=csv")
    assert answer.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("rows", [1, 20, 500])
def test_the_list_costs_the_same_whatever_it_holds(
    client: FlaskClient, db: Session, rows: int
) -> None:
    alliance = AllianceFactory()
    for _n in range(rows):
        EventFactory(alliance=alliance)
    with count_statements() as statements:
        answer = client.get("/events/")
    assert len(statements) <= 4
    assert len(answer.data) <= 12_000
    assert len(titles(answer.text)) == min(rows, 16)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_whoever_comes(client: FlaskClient, db: Session, rows: int) -> None:
    alliance = AllianceFactory()
    text = "Come and listen. " * 40
    event = EventFactory(alliance=alliance, slug="reading", capacity=100, description=text)
    for _n in range(rows):
        SignUpFactory(event=event)
    with count_statements() as statements:
        answer = client.get("/events/reading")
    assert len(statements) == 1
    assert len(answer.data) <= 12_000
    sign_in(client, coordinator_of(alliance))
    with count_statements() as statements:
        client.get("/events/reading")
    assert len(statements) <= 4


@pytest.mark.parametrize(
    ("people", "capacity", "sentence"),
    [
        (0, None, "Be the first to sign up."),
        (1, None, "A few people are coming."),
        (4, None, "A few people are coming."),
        (5, None, "5 people are coming."),
        (5, 7, "5 people are coming. 2 seats are left."),
        (0, 7, "Be the first to sign up."),
        (2, 7, "A few people are coming."),
        (2, 2, "A few people are coming. Every seat is taken. You can join the waiting list."),
    ],
)
def test_few_people_are_not_counted_in_public(
    client: FlaskClient, db: Session, people: int, capacity: int | None, sentence: str
) -> None:
    event = EventFactory(slug="reading", capacity=capacity)
    for _n in range(people):
        SignUpFactory(event=event)
    SignUpFactory(event=event, state=SignUpState.CANCELLED)
    assert f'<p class="num">{sentence}</p>' in client.get("/events/reading").text


def test_organizers_see_the_exact_number(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="reading")
    SignUpFactory(event=event)
    sign_in(client, coordinator_of(event.alliance))
    assert "1 person is coming." in client.get("/events/reading").text


def test_a_draft_does_not_exist_for_others(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    EventFactory(slug="secret", alliance=alliance, state=EventState.DRAFT)
    other = coordinator_of(AllianceFactory())
    answers = {}
    for who in (None, member_of(alliance), other, coordinator_of(alliance)):
        sign_out(client)
        if who is not None:
            sign_in(client, who)
        answers[who.id if who else None] = client.get("/events/secret").status_code
    assert list(answers.values()) == [404, 404, 404, 200]
    for role in (staff_member(), administrator()):
        sign_in(client, role)
        assert client.get("/events/secret").status_code == 200


def test_the_online_link_is_for_those_with_a_seat(client: FlaskClient, db: Session) -> None:
    event = EventFactory(
        slug="reading",
        is_online=True,
        venue="",
        street="",
        online_link="https://meet.example.org/x",
    )
    ana, ben, eve = PersonFactory(), PersonFactory(), PersonFactory()
    SignUpFactory(event=event, person=ana)
    SignUpFactory(event=event, person=ben, state=SignUpState.WAITING)
    seen = ["meet.example.org" in client.get("/events/reading").text]
    for person in (ana, ben, eve):
        sign_in(client, person)
        seen.append("meet.example.org" in client.get("/events/reading").text)
    assert seen == [False, True, False, False]


def test_text_of_people_is_never_markup(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory(name=EVIL)
    event = EventFactory(
        slug="evil",
        alliance=alliance,
        title=EVIL,
        venue=EVIL,
        street=EVIL,
        city=EVIL,
        access=EVIL,
        description=f"{EVIL} [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
    )
    pages = [client.get("/events/evil").text, client.get("/events/?q=").text]
    event.state, event.cancel_reason = EventState.CANCELLED, EVIL
    pages.append(client.get("/events/evil").text)
    for page in pages:
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
        assert 'href="javascript:' not in page
        assert "<img" not in page


def test_search_engines_read_the_event(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="reading", title=EVIL, online_link="https://meet.example.org/x")
    page = client.get("/events/reading").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1]
    described = json.loads(block)
    assert described["name"] == EVIL
    assert described["@type"] == "Event"
    assert described["eventStatus"] == "https://schema.org/EventScheduled"
    assert described["location"]["address"]["addressRegion"] == "OH"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT18:30:00-0[45]:00", described["startDate"])
    assert "meet.example.org" not in page


def test_an_online_event_is_described_without_its_link(client: FlaskClient, db: Session) -> None:
    EventFactory(
        slug="reading", is_online=True, venue="", street="", online_link="https://m.example"
    )
    page = client.get("/events/reading").text
    described = json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])
    assert described["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert described["location"] == {
        "@type": "VirtualLocation",
        "url": "http://localhost/events/reading",
    }


@pytest.mark.parametrize(
    ("zip_code", "zone_names"),
    [("43215", ("EST", "EDT")), ("85001", ("MST",)), ("96813", ("HST",))],
)
def test_the_time_is_told_by_the_clock_of_the_place(
    client: FlaskClient, db: Session, zip_code: str, zone_names: tuple[str, ...]
) -> None:
    EventFactory(slug="reading", alliance=AllianceFactory(zip=zip_code))
    page = client.get("/events/reading").text
    told = re.search(r"6:30 PM \u2013 8:00 PM (\w+)", page)
    assert told is not None
    assert told[1] in zone_names


def test_an_unknown_event_or_page_is_404(client: FlaskClient, db: Session) -> None:
    assert client.get("/events/nothing").status_code == 404
    assert client.get("/events/nothing.ics").status_code == 404
    assert client.get("/events/?page=x").status_code == 404


def test_what_comes_next_stands_first_and_then_what_is_just_over(
    client: FlaskClient, db: Session
) -> None:
    columbus = AllianceFactory(slug="columbus")
    for title, days in (("Longer ago", -40), ("Far", 60), ("Just over", -2), ("Next", 3)):
        begins = clock.now() + timedelta(days=days)
        EventFactory(
            alliance=columbus,
            title=title,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )
    sign_in(client, coordinator_of(columbus))

    def order(asked: str) -> list[str]:
        page = client.get(f"/desk/columbus/events{asked}").text
        return re.findall(r"(?:Longer ago|Far|Just over|Next)(?=</a>)", page)

    assert order("") == ["Next", "Far", "Just over", "Longer ago"]
    assert order("?sort=-when") == ["Far", "Next", "Longer ago", "Just over"]
    assert order("?sort=title") == ["Far", "Next", "Just over", "Longer ago"]
