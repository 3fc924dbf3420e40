"""Lists of people: what is read from a paste, a table and Legistar, and what taking it does."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import council_queries as queries
from app.campaigns import legistar, rosters
from app.campaigns.body_models import Body, Committee, Meeting, SeatKind, SeatTerm
from app.campaigns.rosters import Row, UnreadableRoster
from app.foundation import clock, fetching
from app.foundation.web import Whereas
from app.people.models import Person
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.factories import AllianceFactory, coordinator_of, seed_places
from tests.signing_in import post, sign_in

HERE = "/desk/columbus/councils/columbus-city-council"
TODAY = date(2027, 1, 4)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "FETCH_PRIVATE": "1"}


@pytest.fixture
def council(client: FlaskClient, db: Session) -> Body:
    seed_places(db)
    alliance = AllianceFactory(slug="columbus")
    person: Person = coordinator_of(alliance)
    sign_in(client, person)
    return BodyFactory(alliance=alliance, slug="columbus-city-council", name="City Council")


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("Eunisses Hernandez, District 1", [("Eunisses Hernandez", "District 1")]),
        ("District 1 - Eunisses Hernandez", [("Eunisses Hernandez", "District 1")]),
        ("1. Eunisses Hernandez", [("Eunisses Hernandez", "District 1")]),
        ("District 1\nEunisses Hernandez", [("Eunisses Hernandez", "District 1")]),
        ("Councilmember Nancy Day-Achauer\nWard 3", [("Nancy Day-Achauer", "Ward 3")]),
        ("Hon. Sean O’Brien, Ward 3", [("Sean O’Brien", "Ward 3")]),
        ("Council President Shannon Hardin", [("Shannon Hardin", "Council President")]),
        (
            "Ana Díaz, At Large\nLou Hill, At-Large",
            [("Ana Díaz", "At Large"), ("Lou Hill", "At-Large")],
        ),
        ("Ana Díaz At Large\nBo Li At Large", [("Ana Díaz", "At Large"), ("Bo Li", "At Large 2")]),
    ],
)
def test_names_and_seats_are_found_in_what_was_pasted(
    pasted: str, found: list[tuple[str, str]]
) -> None:
    assert [(row.name, row.seat) for row in rosters.read_people(pasted).rows] == found


def test_contacts_belong_to_the_person_above_them() -> None:
    harvest = rosters.read_people(
        "Members of the council\nAna Díaz, Ward 1 ana@example.org\n(614) 645-7380\nRead more"
    )
    assert harvest.rows == [
        Row(
            "Ana Díaz", "Ward 1", SeatKind.DISTRICT, email="ana@example.org", phone="(614) 645-7380"
        )
    ]
    assert harvest.left_out == ["Members of the council", "Read more"]


def test_a_table_is_read_by_its_headings() -> None:
    harvest = rosters.read_people(
        "Name,District,From,Until,E-mail\n"
        "Ana Díaz,1,2024-01-01,12/31/2027,ana@example.org\n"
        "Lou Hill,2,2015-06-31,,\n"
        ",3,,,\n"
        '"=HYPERLINK(""x"")",4,,,\n'
    )
    assert harvest.rows[0] == Row(
        "Ana Díaz",
        "District 1",
        SeatKind.DISTRICT,
        date(2024, 1, 1),
        date(2027, 12, 31),
        email="ana@example.org",
    )
    assert harvest.left_out == ["Lou Hill,2,2015-06-31,,", ",3,,,"]


def test_lines_that_are_too_long_for_a_person_are_left_out_unread() -> None:
    endless = "A" * 900_000

    harvest = rosters.read_people(f"Ana Díaz, District 1\n{endless}\nana@example.org")

    assert harvest.rows == [
        Row("Ana Díaz", "District 1", SeatKind.DISTRICT, email="ana@example.org")
    ]
    assert harvest.left_out == ["A" * rosters.LONGEST_NAME]


def test_cells_that_are_too_long_for_a_seat_are_cut() -> None:
    harvest = rosters.read_people(f"name,seat\nAna Díaz,a{' ' * 100_000}b\n")

    assert [(row.name, row.seat) for row in harvest.rows] == [("Ana Díaz", "a")]


@pytest.mark.parametrize("raw", ["", "hello", "District 9"])
def test_words_that_name_nobody_are_refused(raw: str) -> None:
    with pytest.raises(UnreadableRoster):
        rosters.read_people(raw)


@pytest.mark.parametrize("raw", ["{}", "[" * 100_000, '{"a": [1]}', "[1, 2"])
def test_json_of_another_kind_is_refused(raw: str) -> None:
    assert legistar.is_json(raw)
    with pytest.raises(UnreadableRoster):
        legistar.read(raw, "City Council", TODAY)


def events(later: str) -> list[dict[str, object]]:
    """Meetings as Legistar says them."""
    return [
        {
            "EventId": 11,
            "EventBodyName": "City Council",
            "EventDate": later,
            "EventTime": "5:00 PM",
            "EventLocation": "Council Chambers",
        },
        {
            "EventId": 12,
            "EventBodyName": "Zoning Committee",
            "EventDate": later,
            "EventTime": "14:30",
            "EventAgendaStatusName": "Cancelled",
        },
        {"EventId": 13, "EventDate": "2009-12-31T00:00:00", "EventTime": "5:00 PM"},
        {"EventId": 14, "EventDate": "2015-06-31T00:00:00", "EventTime": "5:00 PM"},
    ]


def export(today: date) -> dict[str, list[dict[str, object]]]:
    """What Legistar's web API answers, in its own words."""
    later = f"{today + timedelta(days=900)}T00:00:00"
    return {
        "OfficeRecords": [
            {
                "OfficeRecordId": 1,
                "OfficeRecordPersonId": 7,
                "OfficeRecordFullName": "Ana Díaz",
                "OfficeRecordBodyName": "City Council",
                "OfficeRecordTitle": "Council President",
                "OfficeRecordStartDate": "2024-01-01T00:00:00",
                "OfficeRecordEndDate": later,
            },
            {
                "OfficeRecordId": 2,
                "OfficeRecordPersonId": 8,
                "OfficeRecordFullName": "Old Timer",
                "OfficeRecordBodyName": "City Council",
                "OfficeRecordEndDate": "2009-12-31T00:00:00",
            },
            {
                "OfficeRecordId": 3,
                "OfficeRecordPersonId": 7,
                "OfficeRecordFullName": "Ana Díaz",
                "OfficeRecordBodyName": "Zoning Committee",
                "OfficeRecordEndDate": later,
            },
        ],
        "Persons": [{"PersonId": 7, "PersonEmail": "ana@example.org", "PersonPhone": "614"}],
        "Bodies": [
            {"BodyId": 1, "BodyName": "City Council", "BodyTypeName": "Primary"},
            {"BodyId": 2, "BodyName": "Zoning Committee", "BodyActiveFlag": 1},
            {"BodyId": 3, "BodyName": "Old Committee", "BodyActiveFlag": 0},
        ],
        "Events": events(later),
        "Matters": [
            {
                "MatterId": 21,
                "MatterFile": "0213X-2019",
                "MatterTitle": "To Recognize July 17th",
                "MatterTypeName": "Ceremonial Resolution",
                "MatterStatusName": "Passed",
            }
        ],
    }


def test_legistar_s_kinds_are_told_apart_in_one_array_too() -> None:
    entries = [entry for kind in export(TODAY).values() for entry in kind]
    harvest = legistar.read(json.dumps(entries), "City Council", TODAY)
    assert harvest == legistar.read(json.dumps(export(TODAY)), "City Council", TODAY)
    assert [(row.name, row.seat, row.email) for row in harvest.rows] == [
        ("Ana Díaz", "Council President", "ana@example.org")
    ]
    assert harvest.committees == ["Zoning Committee"]
    assert [(each.committee, each.cancelled) for each in harvest.meetings] == [
        ("Zoning Committee", True),
        ("", False),
    ]
    assert [matter.file for matter in harvest.matters] == ["0213X-2019"]


def test_a_list_is_shown_before_it_is_taken(
    client: FlaskClient, db: Session, council: Body
) -> None:
    assert client.get(f"{HERE}/list").status_code == 200
    pasted = {"words": "Ana Díaz, Ward 1\nLou Hill, Ward 2\nSomething else"}
    page = post(client, f"{HERE}/list", pasted).text
    assert page.count("A new seat") == 2
    assert "Not understood and left out: Something else" in page
    assert db.scalars(select(SeatTerm)).all() == []
    answer = post(client, f"{HERE}/list", {**pasted, "apply": "1"})
    assert answer.location == f"{HERE}?done=council-saved"
    held = queries.seats_of(council, clock.today())
    assert [(each.seat.label, each.holder and each.holder.name) for each in held] == [
        ("Ward 1", "Ana Díaz"),
        ("Ward 2", "Lou Hill"),
    ]
    assert post(client, f"{HERE}/list", pasted).text.count("As known") == 2


def test_who_follows_ends_the_term_before(client: FlaskClient, db: Session, council: Body) -> None:
    seat = SeatFactory(body=council, label="Ward 1")
    before = SeatTermFactory(seat=seat, name="Lou Hill", until=None)
    pasted = {"words": "Ana Díaz, Ward 1"}
    assert "Follows somebody" in post(client, f"{HERE}/list", pasted).text
    post(client, f"{HERE}/list", {**pasted, "apply": "1"})
    assert db.get_one(SeatTerm, before.id).until == clock.today() - timedelta(days=1)
    held = queries.seats_of(council, clock.today())
    assert [each.holder and each.holder.name for each in held] == ["Ana Díaz"]


def test_who_is_listed_for_another_seat_moves_there(
    client: FlaskClient, db: Session, council: Body
) -> None:
    first, second = (SeatFactory(body=council, label=f"Ward {number}") for number in (1, 2))
    old = SeatTermFactory(seat=first, name="Ana Díaz", until=None)
    SeatTermFactory(seat=second, name="Lou Hill", until=None)
    pasted = {"words": "Ana Díaz, Ward 2\nLou Hill, Ward 3"}
    assert post(client, f"{HERE}/list", pasted).text.count("and leaves another seat") == 2
    post(client, f"{HERE}/list", {**pasted, "apply": "1"})
    held = queries.seats_of(council, clock.today())
    assert [(each.seat.label, each.holder and each.holder.name) for each in held] == [
        ("Ward 1", None),
        ("Ward 2", "Ana Díaz"),
        ("Ward 3", "Lou Hill"),
    ]
    assert db.get_one(SeatTerm, old.id).until == clock.today() - timedelta(days=1)
    assert post(client, f"{HERE}/list", pasted).text.count("As known") == 2


def test_who_presides_keeps_the_seat_and_the_list_says_so(
    client: FlaskClient, db: Session, council: Body
) -> None:
    SeatTermFactory(seat=SeatFactory(body=council, label="Ward 1"), name="Ana Díaz")
    pasted = {"words": "Ana Díaz, Council President"}
    assert "Sits here already; not moved" in post(client, f"{HERE}/list", pasted).text


def test_nobody_moves_before_their_term_began(
    client: FlaskClient, db: Session, council: Body
) -> None:
    SeatTermFactory(seat=SeatFactory(body=council, label="Ward 1"), name="Ana Díaz")
    table = {"words": "Name,Seat,From\nAna Díaz,Ward 2,2001-01-01", "apply": "1"}
    post(client, f"{HERE}/list", table)
    held = queries.seats_of(council, clock.today())
    assert [(each.seat.label, each.holder and each.holder.name) for each in held] == [
        ("Ward 1", "Ana Díaz")
    ]


def test_a_row_that_clashes_is_left(client: FlaskClient, db: Session, council: Body) -> None:
    seat = SeatFactory(body=council, label="Ward 1")
    SeatTermFactory(seat=seat, name="Lou Hill")
    table = {"words": "Name,Seat,From\nAna Díaz,Ward 1,2001-01-01"}
    assert "Does not fit; left as it is" in post(client, f"{HERE}/list", table).text
    post(client, f"{HERE}/list", {**table, "apply": "1"})
    assert db.scalars(select(SeatTerm.name)).all() == ["Lou Hill"]


def test_a_row_corrects_what_is_known_and_keeps_the_rest(
    client: FlaskClient, db: Session, council: Body
) -> None:
    term = SeatTermFactory(seat=SeatFactory(body=council), name="Ana Díaz", phone="614-645-7380")
    table = {"words": "Name,E-mail\nAna Díaz,ana@example.org"}
    assert "Corrected" in post(client, f"{HERE}/list", table).text
    post(client, f"{HERE}/list", {**table, "apply": "1"})
    corrected = db.get_one(SeatTerm, term.id)
    assert (corrected.email, corrected.phone) == ("ana@example.org", "614-645-7380")


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("list.csv", "Name,Seat\nAna D\xedaz,Ward 1\n".encode("latin-1"), 200),
        ("list.json", json.dumps(export(TODAY)).encode(), 200),
        ("list.csv", b"x" * 1_000_001, 422),
        ("list.bin", bytes(range(256)), 422),
    ],
)
def test_a_file_is_read_like_a_paste(
    client: FlaskClient, council: Body, name: str, content: bytes, status: int
) -> None:
    answer = post(client, f"{HERE}/list", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == status
    if status == 200:
        assert "Ana D" in answer.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("nothing here", "We found nobody in this."),
        ('{"Persons": [{"PersonId": 1,', "This is not a whole list from Legistar"),
        ('{"of": "something else"}', "This is not a whole list from Legistar"),
    ],
)
def test_a_list_of_nobody_is_said_so(
    client: FlaskClient, council: Body, words: str, sentence: str
) -> None:
    answer = post(client, f"{HERE}/list", {"words": words})
    assert answer.status_code == 422
    assert sentence in answer.text


class Legistar(BaseHTTPRequestHandler):
    """A web API like Legistar's."""

    asked: list[str]

    def do_GET(self) -> None:
        resource = self.path.partition("?")[0].rpartition("/")[2]
        self.asked.append(self.path)
        self.send_response(200 if resource != "Redirect" else 302)
        self.send_header("Location", "/OfficeRecords")
        self.end_headers()
        self.wfile.write(json.dumps(export(clock.today()).get(resource, [])).encode())

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def web_api() -> Iterator[str]:
    Legistar.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Legistar)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/columbus"
    server.shutdown()
    server.server_close()


def test_legistar_is_asked_and_taken(
    client: FlaskClient, db: Session, council: Body, web_api: str
) -> None:
    council.legistar_url = web_api
    page = client.get(f"{HERE}/list/legistar").text
    assert "Council President" in page
    assert "0213X-2019" in page
    assert [path.split("?")[0] for path in Legistar.asked] == [
        f"/v1/columbus/{resource}"
        for resource in ("OfficeRecords", "Persons", "Bodies", "Events", "Matters")
    ]
    taken = {"words": json.dumps(export(clock.today())), "apply": "1"}
    for _ in range(2):
        assert post(client, f"{HERE}/list", taken).status_code == 303
    assert db.scalars(select(SeatTerm.external_id)).all() == ["7"]
    assert db.scalars(select(Committee.name)).all() == ["Zoning Committee"]
    later = datetime.combine(clock.today() + timedelta(days=900), datetime.min.time())
    meetings = db.scalars(select(Meeting).order_by(Meeting.wall_start)).all()
    assert [(each.wall_start, each.cancelled) for each in meetings] == [
        (later.replace(hour=14, minute=30), True),
        (later.replace(hour=17), False),
    ]


def test_a_silent_legistar_is_said_so(client: FlaskClient, council: Body) -> None:
    council.legistar_url = "http://127.0.0.1:9/v1/columbus"
    answer = client.get(f"{HERE}/list/legistar")
    assert answer.status_code == 200
    assert "Legistar did not answer." in answer.text


def test_without_an_address_at_legistar_there_is_nothing_to_fetch(
    client: FlaskClient, council: Body
) -> None:
    council.legistar_url = ""
    assert client.get(f"{HERE}/list/legistar").status_code == 404


def test_redirects_are_not_followed(app: Whereas, web_api: str) -> None:
    with app.app_context(), pytest.raises(fetching.NotFetched, match="302"):
        fetching.fetch(f"{web_api}/Redirect")
    assert len(Legistar.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/"),
        *("ftp://example.org/", "https://a@127.0.0.1/", "https://[bad/", "file:///etc/passwd"),
        *("https://127.0.0.1:8443/", "https://127.0.0.1:x/", ""),
    ],
)
def test_what_is_not_public_is_never_fetched(app: Whereas, url: str) -> None:
    app.config["FETCH_PRIVATE"] = 0
    with app.app_context(), pytest.raises(fetching.NotFetched):
        fetching.fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((each, False) for each in ("127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254")),
        *((each, False) for each in ("0.0.0.7", "224.0.0.1", "100.64.0.1", "::1", "fe80::1%eth0")),
        *((each, False) for each in ("fd00::1", "::ffff:10.0.0.7", "::")),
        *((each, True) for each in ("93.184.216.34", "::ffff:93.184.216.34", "2606:2800::1")),
    ],
)
def test_addresses_of_private_networks_are_told(address: str, public: bool) -> None:
    assert fetching.is_public(address) == public
