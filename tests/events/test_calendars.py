"""Calendars: what a client reads, when it need not read again, and what never leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.events import calendars
from app.events.models import Event, EventState
from app.events.vtimezone import vtimezone
from app.foundation import clock
from tests.factories import AllianceFactory, EventFactory, SignUpFactory
from tests.statements import count_statements

EVIL = "a, b; c\\d\r\nURL:javascript:alert(1)\nBEGIN:VALARM\rX:1\u2028Y:2 é" + "long " * 30


def entries(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def summaries(text: str) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(text)]


def test_a_feed_holds_what_is_public(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    EventFactory(title="Ours", alliance=alliance, online_link="https://meet.example.org/x")
    EventFactory(title="Theirs")
    EventFactory(title="Draft", state=EventState.DRAFT)
    EventFactory(title="Long ago", ends_at=clock.now() - timedelta(days=31))
    EventFactory(title="Last week", ends_at=clock.now() - timedelta(days=7))
    answer = client.get("/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert sorted(summaries(answer.text)) == ["Last week", "Ours", "Theirs"]
    assert "meet.example.org" not in answer.text
    assert summaries(client.get("/alliances/columbus/calendar.ics").text) == ["Ours"]
    assert client.get("/alliances/nowhere/calendar.ics").status_code == 404


def test_an_entry_says_when_where_and_for_how_long(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory(name="Los Angeles Alliance", zip="90012")
    event = EventFactory(
        slug="panel", title="Panel", alliance=alliance, wall_start=datetime(2027, 7, 17, 14)
    )
    SignUpFactory(event=event)
    text = client.get("/events/panel.ics").text
    [entry] = entries(text)
    assert entry["DTSTART"].params["TZID"] == "America/Los_Angeles"
    assert entry["DTSTART"].dt.astimezone(UTC) == datetime(2027, 7, 17, 21, tzinfo=UTC)
    assert entry["DTEND"].dt - entry["DTSTART"].dt == timedelta(minutes=90)
    assert entry["LOCATION"] == "Main Library, 96 S Grant Ave, Los Angeles, CA 90012"
    assert entry["URL"] == "http://localhost/events/panel"
    assert entry["UID"] == f"event-{event.id}@example.org"
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    assert entry["ORGANIZER"].params["CN"] == "Los Angeles Alliance"
    assert "ATTENDEE" not in text
    assert "BEGIN:VTIMEZONE" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text


def test_a_client_need_not_read_again_until_something_changes(
    client: FlaskClient, db: Session
) -> None:
    event = EventFactory(slug="panel")
    first = client.get("/calendar.ics")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/calendar.ics").data == first.data
    assert client.get("/calendar.ics", headers=tag).status_code == 304
    db.get_one(Event, event.id).title = "Another title"
    assert client.get("/calendar.ics", headers=tag).status_code == 200


def test_a_moved_event_counts_up_and_keeps_its_name(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="panel")
    [before] = entries(client.get("/events/panel.ics").text)
    db.get_one(Event, event.id).revision = 3
    [after] = entries(client.get("/events/panel.ics").text)
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 2)


@pytest.mark.parametrize(("days", "shown"), [(29, True), (31, False)])
def test_a_cancelled_event_is_named_for_a_month(
    client: FlaskClient, db: Session, days: int, shown: bool
) -> None:
    at = clock.now() - timedelta(days=days)
    EventFactory(slug="panel", title="Panel", state=EventState.CANCELLED, cancelled_at=at)
    text = client.get("/calendar.ics").text
    assert ("STATUS:CANCELLED" in text) == shown
    assert client.get("/events/panel.ics").status_code == (200 if shown else 404)


def test_text_cannot_break_out_of_its_line(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory(name=f'x":y;z{EVIL}')
    EventFactory(
        slug="evil", title=EVIL, venue=EVIL, access=EVIL, description=EVIL, alliance=alliance
    )
    raw = client.get("/events/evil.ics").data.decode()
    lines = raw.replace("\r\n ", "").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    assert [line for line in lines if line.startswith("URL")] == [
        "URL:http://localhost/events/evil"
    ]
    assert not any(line.startswith(("X:", "BEGIN:VALARM", "Y:")) for line in lines)
    assert "\r" not in raw.replace("\r\n", "")
    assert len(entries(raw)) == 1


def test_mails_carry_the_online_link_and_no_question(db: Session) -> None:
    event = EventFactory(
        is_online=True, venue="", street="", online_link="https://meet.example.org/x"
    )
    invited = calendars.attachment(event, "en")
    assert invited.method == "PUBLISH"
    assert "METHOD:PUBLISH" in invited.content
    assert "LOCATION:https://meet.example.org/x" in invited.content
    assert "ATTENDEE" not in invited.content
    event.state = EventState.CANCELLED
    called_off = calendars.attachment(event, "en", calendars.CANCEL)
    assert "METHOD:CANCEL" in called_off.content
    assert "STATUS:CANCELLED" in called_off.content


@pytest.mark.parametrize("rows", [1, 30])
def test_a_feed_costs_the_same_whatever_it_holds(
    client: FlaskClient, db: Session, rows: int
) -> None:
    for _n in range(rows):
        EventFactory()
    with count_statements() as statements:
        client.get("/calendar.ics")
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("zone", "year", "starts"),
    [
        (
            "America/New_York",
            2027,
            [
                ("20261231T190000", "-0500", "-0500"),
                ("20270314T020000", "-0500", "-0400"),
                ("20271107T020000", "-0400", "-0500"),
            ],
        ),
        ("America/Phoenix", 2027, [("20261231T170000", "-0700", "-0700")]),
        ("Pacific/Honolulu", 2027, [("20261231T140000", "-1000", "-1000")]),
    ],
)
def test_a_zone_changes_its_clocks_at_the_hour_that_held_before(
    zone: str, year: int, starts: list[tuple[str, str, str]]
) -> None:
    parts = vtimezone(zone, year, year).subcomponents
    said = [
        (
            part["DTSTART"].to_ical().decode(),
            part["TZOFFSETFROM"].to_ical(),
            part["TZOFFSETTO"].to_ical(),
        )
        for part in parts
    ]
    assert said == starts
