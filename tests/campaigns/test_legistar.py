"""What Legistar's lists say of a council's people and meetings, and what taking them does."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import council_queries as queries
from app.campaigns import legistar
from app.campaigns.body_models import Body, SeatKind, SeatTerm
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.factories import AllianceFactory, coordinator_of, seed_places
from tests.signing_in import post, sign_in

HERE = "/desk/columbus/councils/columbus-city-council"
TODAY = date(2027, 1, 4)


@pytest.fixture
def council(client: FlaskClient, db: Session) -> Body:
    seed_places(db)
    alliance = AllianceFactory(slug="columbus")
    sign_in(client, coordinator_of(alliance))
    return BodyFactory(alliance=alliance, slug="columbus-city-council", name="City Council")


def record(number: int, name: str, title: str, **more: object) -> dict[str, object]:
    """An office record of the council that has begun and not ended."""
    return {
        "OfficeRecordId": number,
        "OfficeRecordPersonId": name,
        "OfficeRecordFullName": name,
        "OfficeRecordBodyName": "City Council",
        "OfficeRecordTitle": title,
        "OfficeRecordStartDate": "2024-01-01T00:00:00",
    } | more


def seats_now(council: Body) -> list[tuple[str, str | None]]:
    held = queries.seats_of(council, clock.today())
    return [(each.seat.label, each.holder.name if each.holder else None) for each in held]


def take(client: FlaskClient, loaded: object) -> None:
    answer = post(client, f"{HERE}/list", {"words": json.dumps(loaded), "apply": "1"})
    assert answer.status_code == 303


def test_somebody_with_two_offices_has_one_seat() -> None:
    records = [
        record(1, "Ana Díaz", "Member", OfficeRecordStartDate="2100-01-01T00:00:00"),
        record(2, "Ana Díaz", "Member"),
        record(3, "Ana Díaz", "Council President"),
        record(4, "Lou Hill", "Member, District 2"),
        record(5, "Lou Hill", "Council President"),
    ]
    rows = legistar.read(json.dumps(records), "City Council", TODAY).rows
    assert [(row.name, row.seat) for row in rows] == [
        ("Ana Díaz", "Council President"),
        ("Lou Hill", "Member, District 2"),
    ]


def test_nobody_who_is_still_listed_loses_a_seat_that_is_numbered_anew(
    client: FlaskClient, council: Body
) -> None:
    names = ("Ana Díaz", "Lou Hill", "Kim Park", "Joe Reed")
    take(client, [record(number, name, "Member") for number, name in enumerate(names)])
    now = ("Ana Díaz", "Kim Park", "Joe Reed", "Eve Lund", "Ida Wolf")
    later = {"OfficeRecordStartDate": "2025-01-01T00:00:00"}
    loaded = [record(number, name, "Member", **later) for number, name in enumerate(now)]
    take(client, loaded)
    assert seats_now(council) == [
        ("Member", "Ana Díaz"),
        ("Member 2", "Eve Lund"),
        ("Member 3", "Kim Park"),
        ("Member 4", "Joe Reed"),
        ("Member 5", "Ida Wolf"),
    ]
    take(client, loaded)
    assert [name for _label, name in seats_now(council)] == [
        *("Ana Díaz", "Eve Lund", "Kim Park", "Joe Reed", "Ida Wolf")
    ]


def test_who_is_listed_for_another_district_moves_there(client: FlaskClient, council: Body) -> None:
    take(client, [record(1, "Ana Díaz", "District 1"), record(2, "Lou Hill", "District 2")])
    later = {"OfficeRecordStartDate": "2025-01-01T00:00:00"}
    swapped = [("Lou Hill", "District 1"), ("Ana Díaz", "District 2")]
    take(client, [record(9, name, seat, **later) for name, seat in swapped])
    assert seats_now(council) == [("District 1", "Lou Hill"), ("District 2", "Ana Díaz")]


def test_persons_alone_tell_more_of_those_who_sit_there(
    client: FlaskClient, db: Session, council: Body
) -> None:
    term = SeatTermFactory(seat=SeatFactory(body=council), name="Ana Díaz", email="", phone="")
    persons = [
        {"PersonId": 7, "PersonFullName": "Ana Díaz", "PersonPhone": "614-645-7380"},
        {"PersonId": 8, "PersonFullName": "Some Clerk", "PersonPhone": "614-645-0000"},
    ]
    shown = post(client, f"{HERE}/list", {"words": json.dumps(persons)}).text
    assert "Corrected" in shown
    take(client, persons)
    assert db.scalars(select(SeatTerm.phone)).all() == ["614-645-7380"]
    assert db.get_one(SeatTerm, term.id).external_id == "7"
    stranger = post(client, f"{HERE}/list", {"words": json.dumps(persons[1:])}).text
    assert "None of these people sits on this council as we know it." in stranger
    assert "Take it in</button>" not in stranger


def test_the_legislative_body_is_the_council_where_its_name_is_another(
    client: FlaskClient, council: Body
) -> None:
    records = [
        record(1, "Ana Díaz", "Ward 1", OfficeRecordBodyName="Common Council of Columbus"),
        record(2, "Lou Hill", "Ward 2", OfficeRecordBodyName="Zoning Board"),
    ]
    words = json.dumps(records)
    unknown = post(client, f"{HERE}/list", {"words": words}).text
    assert "left out: Common Council of Columbus · Zoning Board" in unknown
    bodies = [
        {
            "BodyId": 1,
            "BodyName": "Common Council of Columbus",
            "BodyTypeName": "Primary Legislative Body",
        }
    ]
    take(client, [*records, *bodies])
    assert seats_now(council) == [("Ward 1", "Ana Díaz")]


def test_only_what_is_read_of_legistar_stays_on_the_page() -> None:
    entry = record(1, "Ana Díaz", "Ward 1", OfficeRecordGuid="x" * 999)
    strangers = [{"PersonId": number, "PersonEmail": "x" * 999} for number in range(99)]
    kept = legistar.essence(json.dumps([entry, {"PersonId": "Ana Díaz"}, *strangers]))
    assert legistar.read(kept, "City Council", TODAY) == legistar.read(
        json.dumps([entry, *strangers]), "City Council", TODAY
    )
    assert len(kept) < 400


def test_seats_beyond_the_council_s_number_are_asked_about(
    client: FlaskClient, council: Body
) -> None:
    council.members = 2
    SeatFactory(body=council, label="Ward 1")
    two = {"words": "Ana Díaz, District 1\nLou Hill, District 2"}
    assert (
        "The council would have 3 seats here, and has 2." in post(client, f"{HERE}/list", two).text
    )
    one = {"words": "Ana Díaz, District 1"}
    assert "The council would have" not in post(client, f"{HERE}/list", one).text


def test_meetings_are_shown_as_they_are_taken(client: FlaskClient, council: Body) -> None:
    later = f"{clock.today() + timedelta(days=300)}T00:00:00"
    sessions = [
        {"EventId": 11, "EventBodyName": "City Council", "EventDate": later, "EventTime": "17:00"},
        {
            "EventId": 12,
            "EventBodyName": "Zoning Committee",
            "EventDate": later,
            "EventTime": "14:30",
            "EventAgendaStatusName": "Cancelled",
        },
        {"EventId": 15, "EventBodyName": "Zoning Board", "EventDate": later},
    ]
    bodies = [{"BodyId": 2, "BodyName": "Zoning Committee"}]
    page = post(client, f"{HERE}/list", {"words": json.dumps(sessions)}).text
    assert "1 meeting:" in page
    page = post(client, f"{HERE}/list", {"words": json.dumps([*sessions, *bodies])}).text
    assert "2 meetings:" in page
    assert "Zoning Committee (Does not take place)" in page
    assert f"left out: {later[:10]} Zoning Board" in page
    take(client, sessions)
    shown = client.get(HERE).text
    assert "Next meetings" in shown
    assert "Nobody has entered when it meets." not in shown
    assert "Remove</a>" in shown.split("Next meetings")[1]


def test_a_title_before_the_district_makes_no_second_seat(
    client: FlaskClient, council: Body
) -> None:
    SeatFactory(body=council, label="District 2", kind=SeatKind.DISTRICT)
    take(client, [record(1, "Ana Díaz", "Council Member, District 2")])
    assert seats_now(council) == [("District 2", "Ana Díaz")]


def test_meetings_of_a_committee_that_nobody_knows_are_named(
    client: FlaskClient, council: Body
) -> None:
    day = clock.today() + timedelta(days=9)
    event = {"EventId": 1, "EventBodyName": "Arts Panel", "EventTime": "5:00 PM"}
    words = json.dumps([event | {"EventDate": f"{day}T00:00:00"}])
    shown = post(client, f"{HERE}/list", {"words": words}).text
    assert f"left out: {day} Arts Panel" in shown
