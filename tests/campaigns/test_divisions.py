"""Places with councils: ids as they are typed, names as they are sought, the official list."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.campaigns import divisions
from app.campaigns.congress_models import Chamber, Legislator, LegislatorOffice
from app.campaigns.division_search import MOST_FOUND, search
from app.campaigns.divisions import COUNTRY, MalformedDivision, Shape, UnknownDivision
from app.campaigns.place_models import Division, DivisionAlias
from app.foundation import clock, geo
from app.foundation.web import Whereas
from tests.campaigns.councils import COLUMBUS, DivisionFactory
from tests.factories import seed_places

LIST = """id,name
ocd-division/country:us,United States
ocd-division/country:us/district:dc,dc-upper-delegate-district-at-large
ocd-division/country:us/district:dc/ward:1,Ward 1
ocd-division/country:us/state:ca/county:los_angeles,Los Angeles County
ocd-division/country:us/state:ca/county:san_francisco,San Francisco County
ocd-division/country:us/state:ca/place:los_angeles,Los Angeles city
ocd-division/country:us/state:ca/place:los_angeles/council_district:2,Los Angeles district 2
ocd-division/country:us/state:ca/place:san_francisco,San Francisco city
ocd-division/country:us/state:co/place:cañon_city,Cañon City city
ocd-division/country:us/state:ga/place:columbus,Columbus city
ocd-division/country:us/state:id/place:coeur_d~alene,Coeur d'Alene city
ocd-division/country:us/state:mi/county:luce/place:columbus,Columbus township
ocd-division/country:us/state:oh/place:columbus,Columbus city
"""
ALIASES = f"""id,sameAs,sameAsNote
{COUNTRY}/state:ca/place:san_francisco,{COUNTRY}/state:ca/county:san_francisco,one
{COUNTRY}/state:ny/place:nowhere,{COUNTRY}/state:ny/county:nowhere,not listed
"""


@pytest.fixture
def runner(app: Whereas, db: Session) -> FlaskCliRunner:
    seed_places(db)
    db.commit()
    return app.test_cli_runner()


@pytest.fixture
def imported(runner: FlaskCliRunner, tmp_path: Path, db: Session) -> FlaskCliRunner:
    """A few rows of the official list."""
    file = tmp_path / "divisions.csv"
    file.write_text(LIST)
    result = runner.invoke(args=["campaigns", "import-divisions", str(file)])
    assert result.output.startswith("13 jurisdictions read: 13 new, 0 changed.")
    db.rollback()
    return runner


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("", Shape("country", "", "", 0)),
        ("/state:oh", Shape("state", "OH", "", 0)),
        ("/district:dc", Shape("district", "DC", "", 0)),
        ("/state:oh/place:columbus", Shape("place", "OH", "", 1)),
        ("/state:la/parish:orleans", Shape("parish", "LA", "orleans", 2)),
        ("/state:mi/county:luce/place:columbus", Shape("place", "MI", "luce", 3)),
        ("/state:ca/place:x/council_district:2", Shape("council_district", "CA", "", None)),
        ("/state:co/place:denver", Shape("place", "CO", "", None)),
    ],
)
def test_an_id_says_what_it_is(tail: str, expected: Shape) -> None:
    assert divisions.shape(COUNTRY + tail) == expected


@pytest.mark.parametrize(
    "raw",
    [
        *("", "columbus", "ocd-division/country:ca", f"{COUNTRY}/", f"{COUNTRY}/state:OH"),
        *(f"{COUNTRY}/state", f"{COUNTRY}/state:oh/place:new york", f"{COUNTRY}/state:oh\n/x:y"),
    ],
)
def test_what_is_not_written_like_an_id_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedDivision):
        divisions.checked_id(raw)


def test_an_id_of_a_place_with_accents_is_well_formed() -> None:
    raw = f" {COUNTRY}/state:co/place:cañon_city "
    assert divisions.checked_id(raw) == raw.strip()


ALL_COLUMBUS = ["ga/place:columbus", "oh/place:columbus", "mi/county:luce/place:columbus"]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("columbus", ALL_COLUMBUS),
        (
            "City of Columbus",
            ["ga/place:columbus", "oh/place:columbus", "mi/county:luce/place:columbus"],
        ),
        ("Columbus, OH", ["oh/place:columbus"]),
        ("columbus, ohio", ["oh/place:columbus"]),
        ("columbus oh", ["oh/place:columbus"]),
        ("Columbus Ohio", ["oh/place:columbus"]),
        ("ocd-division/country:us/state:oh/place:columbus", ["oh/place:columbus"]),
        ("ocd-division/country:us/state:ca/place:san_francisco", ["ca/county:san_francisco"]),
        ("ocd-division/country:us/state:ca/place:los_angeles/council_district:2", []),
        ("coeur d\u2019alene", ["id/place:coeur_d~alene"]),
        ("Columbus OH", ["oh/place:columbus"]),
        ("los ang", ["ca/place:los_angeles", "ca/county:los_angeles"]),
        ("canon", ["co/place:cañon_city"]),
        ("san francisco", ["ca/county:san_francisco"]),
        ("50%", []),
        ("c", []),
    ],
)
def test_names_are_found_by_their_beginning(
    imported: FlaskCliRunner, sought: str, found: list[str]
) -> None:
    ids = [f"{COUNTRY}/state:{tail}" for tail in found]
    assert [each.id for each in search(sought).places] == ids


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        (
            "St. Louis city",
            ["Saint Louis", "saint lou", "St Louis", "st. louis", "Saint Louis, OH"],
        ),
        ("Saint Paul city", ["St. Paul", "St Paul", "saint paul"]),
        ("Fort Wayne city", ["Ft. Wayne", "ft wayne", "Fort W"]),
        ("Mount Vernon city", ["Mt. Vernon", "mt vernon"]),
        ("East St. Louis city", ["East Saint Louis", "east st louis"]),
    ],
)
def test_a_name_is_found_by_its_other_spelling(db: Session, listed: str, typed: list[str]) -> None:
    place = f"{COUNTRY}/state:oh/place:x"
    DivisionFactory(id=place, name=listed, sought=divisions.sought(listed), verified=True)
    for way in typed:
        assert [each.id for each in search(way).places] == [place]
    assert list(search("st " * 33).places) == []


def test_before_the_list_a_city_is_suggested_by_its_other_spelling(db: Session) -> None:
    db.add(
        geo.Place(
            zip="63101",
            city="Saint Louis",
            state="MO",
            county="St. Louis city",
            time_zone="America/Chicago",
            latitude=38.6,
            longitude=-90.2,
        )
    )
    assert "Saint Louis" in {each.name for each in search("St. Louis").places}


@pytest.mark.parametrize(
    "sought", ["Washington, DC", "washington", "DC", "District of Columbia", "district:dc"]
)
def test_the_capital_is_found_as_people_call_it(imported: FlaskCliRunner, sought: str) -> None:
    assert [each.id for each in search(sought).places] == [divisions.DC]


def test_a_place_is_found_by_the_name_of_its_alias(imported: FlaskCliRunner, db: Session) -> None:
    DivisionFactory(id=f"{COUNTRY}/state:ga/county:muscogee", name="Muscogee County", state="GA")
    official, alias = f"{COUNTRY}/state:ga/county:muscogee", f"{COUNTRY}/state:ga/place:columbus"
    db.add(DivisionAlias(id=alias, division_id=official))
    db.get_one(Division, alias).rank = None
    db.flush()
    assert [each.id for each in search("Columbus, GA").places] == [official]


def test_what_does_not_fit_on_a_page_of_places_stands_on_the_next(
    imported: FlaskCliRunner, db: Session
) -> None:
    ids = [f"{COUNTRY}/state:oh/place:spring_{number:02}" for number in range(MOST_FOUND + 1)]
    for division_id in ids:
        DivisionFactory(id=division_id, name="Spring", sought="spring", state="OH", verified=True)
    pages = [search("spring", page) for page in (1, 2)]
    assert [[each.id for each in page.places] for page in pages] == [ids[:-1], ids[-1:]]
    assert [page.has_more for page in pages] == [True, False]


def test_a_city_has_the_county_of_its_zip_codes(imported: FlaskCliRunner, db: Session) -> None:
    found = db.get_one(Division, COLUMBUS)
    assert (found.county, found.verified, found.state) == ("Franklin County", True, "OH")
    township = db.get_one(Division, f"{COUNTRY}/state:mi/county:luce/place:columbus")
    assert township.county == "Luce"


def test_an_import_again_changes_nothing(
    imported: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    packed = tmp_path / "divisions.csv.gz"
    packed.write_bytes(gzip.compress(LIST.encode()))
    result = imported.invoke(args=["campaigns", "import-divisions", str(packed)])
    assert result.output.startswith("13 jurisdictions read: 0 new, 0 changed.")


def test_aliases_lead_to_the_listed_place(
    imported: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text(ALIASES)
    result = imported.invoke(args=["campaigns", "import-divisions", str(file)])
    assert "1 aliases; 1 left out" in result.output
    assert db.scalars(select(DivisionAlias.id)).all() == [f"{COUNTRY}/state:ca/place:san_francisco"]
    for alias, official in divisions.KNOWN_ALIASES.items():
        if official in (divisions.DC, f"{COUNTRY}/state:ca/county:san_francisco"):
            assert divisions.division(alias).id == official


def test_a_bad_row_refuses_the_whole_file(
    runner: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    file = tmp_path / "divisions.csv"
    file.write_text(
        LIST + "ocd-division/country:us/state:OH,Ohio\nocd-division/country:us/state:oh,\n"
        "ocd-division/country:us/state:zz/place:nowhere,Nowhere\n"
        "ocd-division/country:us/territory:dt,Dakota Territory\n"
    )
    result = runner.invoke(args=["campaigns", "import-divisions", str(file)])
    assert result.exit_code == 1
    assert "line 15: not a division id: 'ocd-division/country:us/state:OH'" in result.output
    assert "line 16: ocd-division/country:us/state:oh has no name" in result.output
    assert "line 17: ocd-division/country:us/state:zz/place:nowhere: there is" in result.output
    assert "line 18" not in result.output
    assert db.scalar(select(func.count()).select_from(Division)) == 0


@pytest.mark.parametrize("raw", [b"a,b\n1,2\n", b"\xff\xfe\x00", b"\x1f\x8bbroken"])
def test_a_file_of_another_kind_is_refused(
    runner: FlaskCliRunner, tmp_path: Path, raw: bytes
) -> None:
    file = tmp_path / "other"
    file.write_bytes(raw)
    result = runner.invoke(args=["campaigns", "import-divisions", str(file)])
    assert (result.exit_code, "Nothing was taken." in result.output) == (1, True)


def test_before_the_list_cities_and_counties_are_suggested(db: Session) -> None:
    seed_places(db)
    found = search("Los Angeles").places
    assert [(each.id, each.verified) for each in found] == [
        (f"{COUNTRY}/state:ca/place:los_angeles", False),
        (f"{COUNTRY}/state:ca/county:los_angeles", False),
    ]
    assert [each.id for each in search("Denver, CO").places] == [
        f"{COUNTRY}/state:co/county:denver"
    ]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("dc", ["/district:dc"]),
        ("Washington", ["/district:dc", "/state:wa"]),
        ("Washington, DC", ["/district:dc"]),
        ("California", ["/state:ca"]),
        ("united states", [""]),
    ],
)
def test_before_the_list_states_and_the_capital_are_suggested(
    db: Session, typed: str, ids: list[str]
) -> None:
    seed_places(db)
    assert [each.id for each in search(typed).places] == [COUNTRY + tail for tail in ids]
    for tail in ids:
        assert divisions.division(COUNTRY + tail).rank == 0


def test_a_suggestion_that_is_picked_is_kept_unverified(db: Session) -> None:
    seed_places(db)
    picked = divisions.division(COLUMBUS)
    assert (picked.name, picked.county, picked.verified) == ("Columbus", "Franklin County", False)
    assert db.get_one(Division, COLUMBUS) is picked
    capital = divisions.division(f"{COUNTRY}/state:dc")
    assert (capital.id, capital.state, capital.rank) == (divisions.DC, "DC", 0)


@pytest.mark.parametrize(
    "tail", ["/state:oh/place:atlantis", "/state:oh/place:columbus/ward:9", "/state:zz"]
)
def test_what_is_neither_listed_nor_suggested_is_unknown(db: Session, tail: str) -> None:
    seed_places(db)
    with pytest.raises(UnknownDivision):
        divisions.division(COUNTRY + tail)


def test_with_the_list_nothing_else_is_taken(db: Session) -> None:
    seed_places(db)
    DivisionFactory()
    with pytest.raises(UnknownDivision):
        divisions.division(f"{COUNTRY}/state:ca/place:los_angeles")


@pytest.mark.parametrize(
    ("city", "key"),
    [
        ("St. Louis", "st_louis"),
        ("Coeur d'Alene", "coeur_d~alene"),
        ("Winston-Salem", "winston-salem"),
    ],
)
def test_a_city_is_written_as_ids_write_it(city: str, key: str) -> None:
    assert divisions.suggested_city(city, "MO", "").id == f"{COUNTRY}/state:mo/place:{key}"


MEMBERS = """
- id: {bioguide: B000001}
  name: {first: Sherry, last: Buckeye, official_full: Sherry Buckeye}
  terms:
  - {type: rep, start: '2019-01-03', end: '2021-01-03', state: OH, district: 3}
  - {type: sen, start: 2025-01-03, end: '2031-01-03', state: OH, party: Independent,
     phone: 202-224-0000, url: 'https://buckeye.example.org', contact_form: ''}
- id: {bioguide: B000002}
  name: {first: Dan, last: Scioto}
  terms:
  - {type: rep, start: '2025-01-03', end: '2027-01-03', state: OH, district: 3}
"""
OFFICES = """
- id: {bioguide: B000001}
  offices:
  - {id: B000001-columbus, address: 200 N High St., suite: Room 614, city: Columbus, state: OH,
     zip: '43215', phone: 614-469-0000}
- id: {bioguide: X999999}
  offices:
  - {id: X999999-nowhere, city: Nowhere, state: OH}
"""


def take(runner: FlaskCliRunner, folder: Path, words: str) -> str:
    file = folder / "congress.yaml"
    file.write_text(words)
    return runner.invoke(args=["campaigns", "import-legislators", str(file)]).output


def test_members_of_congress_and_their_offices_are_kept(
    runner: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    for _ in range(2):
        assert take(runner, tmp_path, MEMBERS).startswith("2 members and 0 offices")
        assert take(runner, tmp_path, OFFICES).startswith("0 members and 1 offices; 1 offices left")
    senator = db.get_one(Legislator, "B000001")
    assert (senator.chamber, senator.district, senator.since.year) == (Chamber.SENATE, None, 2025)
    assert db.get_one(Legislator, "B000002").name == "Dan Scioto"
    office = db.scalars(select(LegislatorOffice)).one()
    assert (office.address, office.zip) == ("200 N High St., Room 614", "43215")


def test_whoever_is_not_in_a_newer_file_of_members_serves_no_longer(
    runner: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    take(runner, tmp_path, MEMBERS.replace("2027-01-03", "2999-01-03"))
    newer = MEMBERS[: MEMBERS.index("- id: {bioguide: B000002}")]
    assert "; 1 members serve no longer" in take(runner, tmp_path, newer)
    assert "; 0 members serve no longer" in take(runner, tmp_path, newer)
    db.rollback()
    assert db.get_one(Legislator, "B000002").until == clock.today() - timedelta(days=1)
    assert db.get_one(Legislator, "B000001").until == date(2031, 1, 3)


def test_a_file_of_former_members_ends_no_term(
    runner: FlaskCliRunner, tmp_path: Path, db: Session
) -> None:
    take(runner, tmp_path, MEMBERS)
    former = MEMBERS[MEMBERS.index("- id: {bioguide: B000002}") :].replace(
        "2027-01-03", "2001-01-03"
    )
    assert "; 0 members serve no longer" in take(runner, tmp_path, former.replace("B000002", "B3"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (MEMBERS.replace("'2027-01-03'", "'2015-06-31'"), "entry 2: cannot be read: day is out"),
        (MEMBERS.replace("type: sen", "type: king"), "entry 1: cannot be read: 'king' is"),
        (MEMBERS.replace("state: OH", "city: Ada"), "entry 1: 'state' is missing"),
        ("a: b", "no list of members"),
        ("- [", "cannot be read as YAML"),
        ("- 2015-06-31", "cannot be read as YAML"),
        (OFFICES.replace("city: Columbus, ", ""), "Nothing was taken."),
    ],
)
def test_a_bad_entry_refuses_the_whole_file_of_congress(
    runner: FlaskCliRunner, tmp_path: Path, db: Session, words: str, sentence: str
) -> None:
    if "offices" in words:
        take(runner, tmp_path, MEMBERS)
    output = take(runner, tmp_path, words)
    assert "Nothing was taken." in output
    assert sentence in output
    assert db.scalar(select(func.count()).select_from(LegislatorOffice)) == 0
