"""The councils of an alliance at its desk: picking a place, facts, rules, meetings, seats."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import council_queries as queries
from app.campaigns import deadlines, rules
from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Committee,
    Instrument,
    Meeting,
    MeetingPattern,
    RuleKey,
    Seat,
    SeatTerm,
)
from app.campaigns.divisions import COUNTRY
from app.campaigns.rules import Lead
from app.foundation import clock
from app.people.models import Person
from tests.campaigns.councils import (
    COLUMBUS,
    BodyFactory,
    BodyRuleFactory,
    CommitteeFactory,
    DivisionFactory,
    MeetingPatternFactory,
    SeatFactory,
    SeatTermFactory,
)
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of, member_of, seed_places, staff_member
from tests.signing_in import post, sign_in
from tests.statements import count_statements

DESK = "/desk/columbus/councils"
FACTS = {
    "name": "Columbus City Council",
    "kind": "city_council",
    "time_zone": "America/New_York",
    "members": "9",
    "clerk_phone": "614-645-7380",
    "website": "https://www.columbus.gov/council",
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


@pytest.fixture
def council(alliance: Alliance, coordinator: Person) -> Body:
    return BodyFactory(alliance=alliance, slug="columbus-city-council", name="Columbus Council")


HERE = f"{DESK}/columbus-city-council"


@pytest.mark.parametrize(
    ("place", "name", "kind"),
    [
        ("/state:oh/county:franklin", "Franklin County Board", "county_board"),
        ("/state:oh", "Ohio Legislature", "legislature"),
        ("/state:dc", "Washington City Council", "city_council"),
        ("", "United States Congress", "congress"),
    ],
)
def test_a_place_suggests_kind_and_name_of_its_council(
    client: FlaskClient, coordinator: Person, place: str, name: str, kind: str
) -> None:
    division = f"ocd-division/country:us{place}"
    page = client.get(f"{DESK}/new/council?division={division}").text
    assert f'value="{name}"' in page
    assert f'<option selected value="{kind}">' in page
    assert client.get(f"{DESK}/new/council?division=nowhere").status_code == 200


def test_a_place_that_was_guessed_is_picked_again_from_the_list(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    guessed = DivisionFactory(
        id="ocd-division/country:us/state:oh/place:kolumbus", name="Columbus", verified=False
    )
    alliance_id = coordinator_alliance(db)
    body = BodyFactory(
        slug="columbus-city-council", division=guessed, alliance=db.get(Alliance, alliance_id)
    )
    measure = campaign(body=body)
    assert (measure.place, measure.us_state) == ("Columbus", "OH")
    DivisionFactory(id=f"{COUNTRY}/state:ga/place:columbus", name="Columbus city", state="GA")
    again = f"{HERE}/place"
    assert f'href="{again}"' in client.get(HERE).text
    assert 'value="Columbus, OH"' in client.get(again).text
    assert f"{COUNTRY}/state:ga/place:columbus" in client.get(f"{again}?place=columbus").text
    wrong = {"division": f"{COUNTRY}/state:ga/place:nowhere"}
    assert post(client, again, wrong).status_code == 422
    right = {"division": f"{COUNTRY}/state:ga/place:columbus"}
    assert post(client, again, right).location == f"{HERE}?done=council-saved"
    db.expire_all()
    assert measure.us_state == "GA"
    assert "Pick the place again" not in client.get(HERE).text


def test_a_council_is_added_by_the_name_of_its_place(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    assert "No council yet" in client.get(DESK).text
    page = client.get(f"{DESK}/new?place=columbus").text
    assert "Columbus, Franklin County, Ohio" in page
    assert "Not checked" in page
    address = f"{DESK}/new/council?division={COLUMBUS}"
    assert 'value="Columbus City Council"' in client.get(address).text
    answer = post(client, address, {**FACTS, "division": COLUMBUS})
    assert answer.location == f"{HERE}?done=council-kept"
    body = db.scalars(select(Body)).one()
    assert (body.division_id, body.members, body.alliance_id) == (
        COLUMBUS,
        9,
        coordinator_alliance(db),
    )
    page = client.get(HERE).text
    assert "Begin with a call to the clerk" in page
    assert "614-645-7380" in client.get(f"{HERE}/call").text
    assert client.get(f"{HERE}/call").text.count("Write down the answer") == 5
    assert "5 questions are open" in page
    body.kind = BodyKind.EXECUTIVE
    db.flush()
    office = client.get(f"{HERE}/call").text
    assert "for a proclamation, and I want to do it right" in office
    assert office.count("Write down the answer") == 1


def coordinator_alliance(db: Session) -> int:
    return db.scalars(select(Alliance.id).where(Alliance.slug == "columbus")).one()


@pytest.mark.parametrize(
    ("division", "sentence"),
    [
        ("", "Please search for the place first."),
        ("ocd-division/country:us/state:OH", "This is not written like an id of a place"),
        ("ocd-division/country:us/state:oh/place:atlantis", "We know no place with this id."),
    ],
)
def test_a_place_that_is_none_is_refused_in_a_sentence(
    client: FlaskClient, coordinator: Person, division: str, sentence: str
) -> None:
    answer = post(client, f"{DESK}/new/council", {**FACTS, "division": division})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_place_that_nobody_knows_is_said_so(client: FlaskClient, coordinator: Person) -> None:
    assert "We found no place of this name" in client.get(f"{DESK}/new?place=Atlantis").text


def test_a_council_that_nobody_keeps_is_taken_on(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    body = BodyFactory(alliance=None, name="Columbus City Council")
    answer = post(client, f"{DESK}/new/council", {**FACTS, "division": COLUMBUS})
    assert answer.location == f"{DESK}/{body.slug}?done=council-kept"
    assert db.scalars(select(Body.alliance_id)).one() == coordinator_alliance(db)


def test_a_council_that_others_keep_stays_theirs(client: FlaskClient, coordinator: Person) -> None:
    other = AllianceFactory(name="Ohio Alliance", slug="ohio")
    BodyFactory(alliance=other, name="Columbus city council")
    answer = post(client, f"{DESK}/new/council", {**FACTS, "division": COLUMBUS})
    assert answer.status_code == 422
    assert "Ohio Alliance keeps this council already." in answer.text


def test_facts_are_changed(client: FlaskClient, db: Session, council: Body) -> None:
    assert 'value="Columbus Council"' in client.get(f"{HERE}/edit").text
    answer = post(client, f"{HERE}/edit", {**FACTS, "clerk_email": "clerk@example.org"})
    assert answer.location == f"{HERE}?done=council-saved"
    assert db.get_one(Body, council.id).clerk_email == "clerk@example.org"
    assert (
        post(client, f"{HERE}/edit", {**FACTS, "website": "javascript:alert(1)"}).status_code == 422
    )


@pytest.mark.parametrize("key", RuleKey)
def test_each_rule_has_a_form_with_its_own_fields(
    client: FlaskClient, council: Body, key: RuleKey
) -> None:
    page = client.get(f"{HERE}/rules/{key}").text
    assert all(f'name="{name}"' in page for name in rules.VALUES[key].__dataclass_fields__)


def test_a_rule_is_written_down_with_its_source(
    client: FlaskClient, db: Session, council: Body
) -> None:
    answer = post(
        client,
        f"{HERE}/rules/filing",
        {
            "days": "14",
            "counting": "working",
            "source_url": "https://example.org/rules",
            "source_title": "Council rules",
            "checked_on": clock.today().isoformat(),
        },
    )
    assert answer.location == f"{HERE}?done=council-saved"
    rule = db.scalars(select(BodyRule)).one()
    assert rules.read(rule.key, rule.value) == Lead(14, rules.Counting.WORKING)
    assert db.get_one(Body, council.id).revision == 2
    page = client.get(HERE).text
    assert "14 working days" in page
    assert "Council rules" in page
    assert "Begin with a call" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": "-1"}, "Days: "),
        ({"days": ""}, "Days: Please fill this in."),
        ({"checked_on": "2015-06-31"}, "Please type a day that exists"),
        ({"checked_on": (clock.today() + timedelta(days=9)).isoformat()}, "still to come"),
        ({"source_url": "example.org"}, "Please give a link that begins with https://"),
        ({"counting": "banking"}, "Not a valid choice"),
        ({"source_title": " "}, "Name of the source: Please give a link, or the name of"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(
    client: FlaskClient, db: Session, council: Body, changes: dict[str, str], sentence: str
) -> None:
    filled = {
        "days": "14",
        "counting": "working",
        "source_title": "The clerk",
        "checked_on": clock.today().isoformat(),
    }
    answer = post(client, f"{HERE}/rules/filing", {**filled, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(BodyRule)).all() == []


def test_there_are_no_other_rules(client: FlaskClient, council: Body) -> None:
    assert client.get(f"{HERE}/rules/bribes").status_code == 404


def test_an_old_rule_is_shown_as_old(client: FlaskClient, council: Body) -> None:
    BodyRuleFactory(body=council, checked_on=clock.today() - timedelta(days=400))
    assert "Older than a year: check again" in client.get(HERE).text
    assert "Older than a year" in client.get("/councils/columbus-city-council").text


def test_a_rule_without_a_source_is_marked(client: FlaskClient, council: Body) -> None:
    BodyRuleFactory(body=council)
    for page in (HERE, "/councils/columbus-city-council"):
        assert "No source given" not in client.get(page).text
    BodyRuleFactory(body=council, key=RuleKey.TEXT_LIMITS, value={}, source_url="", source_title="")
    for page in (HERE, "/councils/columbus-city-council"):
        assert "No source given" in client.get(page).text


def test_when_somebody_looked_up_the_meetings_is_said(client: FlaskClient, council: Body) -> None:
    told = {"committee": "", "rule": "every Monday 17:00", "checked_on": "2020-06-30"}
    assert 'name="source_title"' not in client.get(f"{HERE}/meetings").text
    assert post(client, f"{HERE}/meetings", told).status_code == 303
    for page in (HERE, "/councils/columbus-city-council"):
        assert "checked on Jun 30, 2020" in client.get(page).text
        assert "Older than a year: check again" in client.get(page).text
    assert "By an old rule" in client.get(f"{HERE}/deadlines").text


def test_a_changed_rule_moves_running_deadlines(
    client: FlaskClient, db: Session, council: Body
) -> None:
    MeetingPatternFactory(body=council, rule="Monday 17:00")
    before = deadlines.of(council, Instrument.RESOLUTION, date(2027, 7, 17))
    filled = {
        "days": "40",
        "counting": "calendar",
        "source_title": "The clerk",
        "checked_on": clock.today().isoformat(),
    }
    post(client, f"{HERE}/rules/filing", filled)
    after = deadlines.of(db.get_one(Body, council.id), Instrument.RESOLUTION, date(2027, 7, 17))
    assert before.decisive is not None
    assert after.decisive is not None
    assert after.revision > before.revision
    assert after.decisive.day < before.decisive.day


def test_regular_meetings_are_read_and_said(
    client: FlaskClient, db: Session, council: Body
) -> None:
    filled = {
        "committee": "",
        "rule": "second and fourth Tuesday 10:00",
        "exceptions": "2027-07-13",
        "recess": "08-01/08-31",
        "checked_on": clock.today().isoformat(),
    }
    assert post(client, f"{HERE}/meetings", filled).location == f"{HERE}?done=council-saved"
    pattern = db.scalars(select(MeetingPattern)).one()
    assert (pattern.exceptions, pattern.recess) == (["2027-07-13"], ["08-01/08-31"])
    page = client.get(HERE).text
    assert "On the second and fourth Tuesday of the month at 10:00 AM" in page
    assert "In recess: August 1 – August 31" in page
    assert "No meeting on: July 13, 2027" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rule": "every Blursday 10:00"}, "We do not understand “blursday”"),
        ({"exceptions": "2015-06-31"}, "There is no day 2015-06-31."),
        ({"recess": "summer"}, "We cannot read summer."),
    ],
)
def test_meetings_that_cannot_be_read_are_refused(
    client: FlaskClient, db: Session, council: Body, changes: dict[str, str], sentence: str
) -> None:
    filled = {"rule": "Monday 10:00", "checked_on": clock.today().isoformat(), **changes}
    answer = post(client, f"{HERE}/meetings", filled)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(MeetingPattern)).all() == []


def test_a_single_meeting_is_entered_once_and_cancelled(
    client: FlaskClient, db: Session, council: Body
) -> None:
    filled = {"committee": "", "kind": "regular", "date": "2027-07-12", "time": "17:00"}
    assert post(client, f"{HERE}/meetings/new", filled).status_code == 303
    again = post(client, f"{HERE}/meetings/new", filled)
    assert again.status_code == 422
    assert "This meeting is entered already." in again.text
    assert post(client, f"{HERE}/meetings/new", {**filled, "cancelled": "y"}).status_code == 303
    meeting = db.scalars(select(Meeting)).one()
    assert (meeting.wall_start, meeting.cancelled) == (datetime(2027, 7, 12, 17), True)
    assert meeting.starts_at == clock.instant(datetime(2027, 7, 12, 17), "America/New_York")
    wrong = post(client, f"{HERE}/meetings/new", {**filled, "date": "2015-06-31"})
    assert "Please type a day that exists" in wrong.text


def test_a_committee_has_its_own_meetings(client: FlaskClient, db: Session, council: Body) -> None:
    assert post(client, f"{HERE}/committees/new", {"name": "Rules"}).status_code == 303
    assert post(client, f"{HERE}/committees/new", {"name": "rules"}).status_code == 422
    committee = db.scalars(select(Committee)).one()
    filled = {
        "committee": str(committee.id),
        "rule": "Wednesday 14:00",
        "checked_on": clock.today().isoformat(),
    }
    assert post(client, f"{HERE}/meetings", filled).status_code == 303
    assert "Every Wednesday at 2:00 PM" in client.get(HERE).text
    page = client.get(f"{HERE}/remove/committee/{committee.id}").text
    assert "The committee Rules goes" in page
    assert post(client, f"{HERE}/remove/committee/{committee.id}").status_code == 303
    assert db.scalars(select(MeetingPattern)).all() == []


def test_seats_and_the_people_in_them_are_entered_by_hand(
    client: FlaskClient, db: Session, council: Body
) -> None:
    seat = {"label": "District 2", "kind": "district", "division": ""}
    assert post(client, f"{HERE}/seats/new", seat).status_code == 303
    assert "There is a seat of this name" in post(client, f"{HERE}/seats/new", seat).text
    number = db.scalars(select(Seat.id)).one()
    term = {"name": "Emma Rivera", "since": "2024-01-01", "until": "2027-12-31"}
    assert post(client, f"{HERE}/seats/{number}/terms/new", term).status_code == 303
    page = client.get(HERE).text
    assert "Emma Rivera" in page
    assert "Dec 31, 2027" in page
    renamed = {"label": "Ward 2", "kind": "at_large"}
    assert post(client, f"{HERE}/seats/{number}", renamed).status_code == 303
    assert "Ward 2" in client.get("/councils/columbus-city-council").text
    page = client.get(f"{HERE}/remove/seat/{number}").text
    assert "The seat Ward 2 goes, and with it 1 term." in page
    post(client, f"{HERE}/remove/seat/{number}")
    assert db.scalars(select(SeatTerm)).all() == []


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("2027-12-31", "2029-01-01", "Emma Rivera holds this seat at that time."),
        ("", "", "Emma Rivera holds this seat at that time."),
        ("2029-01-01", "2028-01-01", "This day lies before the first."),
        ("2015-06-31", "", "Please type a day that exists"),
    ],
)
def test_terms_that_overlap_are_refused(
    client: FlaskClient, db: Session, council: Body, since: str, until: str, sentence: str
) -> None:
    seat = SeatFactory(body=council)
    SeatTermFactory(seat=seat, name="Emma Rivera", since=date(2024, 1, 1), until=date(2027, 12, 31))
    form = {"name": "Lou Hill", "since": since, "until": until}
    answer = post(client, f"{HERE}/seats/{seat.id}/terms/new", form)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_term_is_corrected_and_the_next_one_follows_it(
    client: FlaskClient, db: Session, council: Body
) -> None:
    term = SeatTermFactory(seat=SeatFactory(body=council), until=None)
    here = f"{HERE}/seats/{term.seat_id}/terms"
    ended = {"name": term.name, "since": "2020-01-01", "until": "2026-06-30"}
    assert post(client, f"{here}/{term.id}", ended).status_code == 303
    assert (
        post(client, f"{here}/new", {"name": "Lou Hill", "since": "2026-07-01"}).status_code == 303
    )
    held = queries.seats_of(council, date(2026, 7, 1))[0]
    assert held.holder is not None
    assert (held.holder.name, len(held.terms)) == ("Lou Hill", 2)
    other = SeatFactory(body=council)
    assert client.get(f"{HERE}/seats/{other.id}/terms/{term.id}").status_code == 404


@pytest.mark.parametrize(
    "tail", ["", "/edit", "/call", "/rules/filing", "/meetings", "/meetings/new", "/seats/new"]
)
def test_only_coordinators_and_staff_come_to_the_desk(
    client: FlaskClient, alliance: Alliance, tail: str
) -> None:
    BodyFactory(alliance=alliance, slug="columbus-city-council")
    assert client.get(HERE + tail).status_code == 303
    for person, status in (
        (member_of(alliance), 403),
        (coordinator_of(AllianceFactory()), 404),
        (coordinator_of(alliance), 200),
        (staff_member(), 200),
    ):
        sign_in(client, person)
        assert client.get(HERE + tail).status_code == status


def test_the_council_of_another_alliance_is_not_there(
    client: FlaskClient, coordinator: Person
) -> None:
    BodyFactory(slug="columbus-city-council")
    assert client.get(HERE).status_code == 404
    assert client.get("/councils/columbus-city-council").status_code == 200
    assert client.get("/councils/nowhere").status_code == 404


def test_parts_of_another_council_are_not_there(client: FlaskClient, council: Body) -> None:
    other = CommitteeFactory()
    seat = SeatFactory()
    for tail in (f"/remove/committee/{other.id}", f"/seats/{seat.id}", "/remove/body/1"):
        assert client.get(HERE + tail).status_code == 404
    assert post(client, f"{HERE}/remove/committee/{other.id}").status_code == 404


def test_a_council_s_page_needs_as_many_statements_for_many_seats(
    client: FlaskClient, council: Body
) -> None:
    counts = set()
    for number in (1, 30):
        for _ in range(number):
            SeatTermFactory(seat=SeatFactory(body=council))
        with count_statements() as statements:
            assert client.get("/councils/columbus-city-council").status_code == 200
        counts.add(len(statements))
    assert len(counts) == 1


def test_the_deadlines_before_a_day_are_shown(client: FlaskClient, council: Body) -> None:
    page = client.get(f"{HERE}/deadlines").text
    assert "We cannot reckon yet" in page
    MeetingPatternFactory(body=council, rule="Monday 17:00")
    BodyRuleFactory(body=council, checked_on=clock.today() - timedelta(days=400))
    soon = clock.today() + timedelta(days=1)
    page = client.get(f"{HERE}/deadlines?day={soon}").text
    assert "The last day has passed. What you can still do:" in page
    assert "Begin now for next year" in page
    assert "Our guess: ask the clerk" in page
    assert "By an old rule" in page
    assert client.get(f"{HERE}/deadlines?day=2015-06-31").status_code == 422
    for nobody_means in ("9999-12-31", "0001-01-01"):
        assert client.get(f"{HERE}/deadlines?day={nobody_means}").status_code == 422
