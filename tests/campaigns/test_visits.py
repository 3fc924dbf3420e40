"""Visits from the plan to the thank-you, and the log of lobbying time and cost."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances.models import Alliance
from app.campaigns import lobbying, visiting
from app.campaigns.congress_models import LegislatorOffice
from app.campaigns.lobbying import Spent, Total
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.visit_models import LobbyingEntry, LobbyingKind, Visit, VisitGuest
from app.campaigns.vote_models import SeatWord
from app.foundation import clock, signals
from app.people.models import Person
from app.work import registry
from app.work.models import ToDo, ToDoState
from tests.campaigns.congress import LegislatorFactory
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, member_of
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def ours(client: FlaskClient, db: Session) -> Alliance:
    made: Alliance = AllianceFactory(slug="columbus")
    return made


@pytest.fixture
def ana(client: FlaskClient, ours: Alliance) -> Person:
    person = coordinator_of(ours, name="Ana")
    sign_in(client, person)
    return person


@pytest.fixture
def measure(ours: Alliance) -> Measure:
    body = BodyFactory(alliance=ours)
    made = campaign(body=body, stage=Stage.SEEKING_SPONSOR, title="Justice Day", us_state="OH")
    seat = SeatFactory(body=body, label="District 2")
    SeatTermFactory(seat=seat, name="Dora Official")
    return made


def desk(measure: Measure) -> str:
    return f"/desk/columbus/campaigns/{measure.id}/visits"


def plan(client: FlaskClient, measure: Measure, **more: object) -> str:
    """Plan a visit through the form; where it is now."""
    told = {"office": "The mayor's office", "on": clock.today().isoformat(), **more}
    answer = post(client, f"{desk(measure)}/new", told)
    assert answer.status_code == 303
    return answer.location.partition("?")[0]


def test_a_visit_goes_from_plan_to_thanks(
    client: FlaskClient, db: Session, ours: Alliance, ana: Person, measure: Measure
) -> None:
    maria = member_of(ours, name="Maria")
    whom, _label = visiting.offices(measure)[0]
    page = plan(
        client, measure, whom=whom, office="", owner=ana.id, guests=[maria.id], wanted="A yes"
    )
    shown = client.get(page).text
    assert "Dora Official, District 2" in shown
    assert "Maria" in shown
    said = {
        "people_met": "Dora Official and her chief of staff",
        "level": "yes",
        "heard": "two_people",
        "answer": "She will sponsor it",
        "they_promised": "To file it",
        "minutes": "150",
        "cost": "$12.50",
    }
    assert post(client, f"{page}/report", said | {"cost": "a lot"}).status_code == 422
    assert post(client, f"{page}/report", said).status_code == 303
    word = db.scalars(select(SeatWord)).one()
    assert (word.level.value, word.heard.value, word.asked_by_id) == ("yes", "two_people", ana.id)
    entry = db.scalars(select(LobbyingEntry)).one()
    assert (entry.minutes, entry.cents, entry.kind) == (150, 1250, LobbyingKind.DIRECT)
    thanks = db.scalars(select(ToDo)).one()
    assert registry.title_of(thanks) == "Send a thank-you for the visit"
    assert thanks.due_on == clock.today() + timedelta(days=2)
    assert "no thank-you yet" in client.get(desk(measure)).text
    left = {"title": "Send the figures", "due_on": (clock.today() + timedelta(days=5)).isoformat()}
    assert post(client, f"{page}/follow-up", left | {"owner": maria.id}).status_code == 303
    assert post(client, f"{page}/thanked").status_code == 303
    assert db.scalars(select(Visit)).one().thanked_on == clock.today()
    states = {each.title or each.key: each.state for each in db.scalars(select(ToDo))}
    assert states == {"thanks": ToDoState.DONE, "Send the figures": ToDoState.OPEN}
    assert "She will sponsor it" in client.get(page).text
    listed = client.get("/desk/columbus/to-dos").text
    assert "Send the figures" in listed
    assert "Dora Official, District 2" in listed


def test_a_corrected_report_keeps_one_line_in_the_log(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    page = plan(client, measure)
    for minutes in ("60", "90"):
        told = {"people_met": "His aide", "heard": "one_person", "minutes": minutes}
        assert post(client, f"{page}/report", told).status_code == 303
    assert [each.minutes for each in db.scalars(select(LobbyingEntry))] == [90]
    assert len(db.scalars(select(ToDo)).all()) == 1
    assert db.scalars(select(SeatWord)).all() == []


def test_nobody_reports_of_a_visit_that_is_still_to_come(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    page = plan(client, measure, on=(clock.today() + timedelta(days=1)).isoformat())
    refused = post(client, f"{page}/report", {"people_met": "Her aide", "heard": "one_person"})
    assert refused.status_code == 422
    assert "The visit is still to come." in refused.text
    assert "Her aide" in refused.text
    assert db.scalars(select(LobbyingEntry)).all() == []


def test_an_office_is_named_and_congress_can_be_visited(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    LegislatorFactory(id="B000944", name="Senator Brown", state="OH")
    LegislatorFactory(id="X000001", name="Senator Elsewhere", state="CA")
    nobody = post(client, f"{desk(measure)}/new", {"on": clock.today().isoformat()})
    assert "Please choose somebody above, or name the office." in nobody.text
    assert "Senator Brown" in nobody.text
    assert "Senator Elsewhere" not in nobody.text
    page = plan(client, measure, whom="congress-B000944", office="")
    assert db.scalars(select(Visit)).one().legislator_id == "B000944"
    changed = {"whom": "congress-B000944", "on": "2027-01-05", "at": "10:30", "place": "Room 4"}
    assert "B000944" in client.get(f"{page}/edit").text
    assert post(client, f"{page}/edit", changed).status_code == 303
    assert "10:30 AM, Room 4" in client.get(page).text
    assert post(client, f"{page}/call-off").status_code == 303
    assert "Called off" in client.get(page).text


def test_offices_of_a_member_of_congress_stand_on_the_page_of_the_visit(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    capitol = {"address": "1 Capitol, Washington DC", "phone": "202-224-0000"}
    LegislatorFactory(id="B000944", name="Jo Brown", state="OH", **capitol)
    at_home = {"address": "200 N High St.", "city": "Columbus", "state": "OH", "zip": "43215"}
    db.add(LegislatorOffice(legislator_id="B000944", key="a", phone="614-469-0000", **at_home))
    db.flush()
    page = client.get(plan(client, measure, whom="congress-B000944", office="")).text
    assert "<h1>Senator Jo Brown</h1>" in page
    assert "<li>200 N High St., Columbus, OH 43215 · " in page
    assert 'href="tel:614-469-0000"' in page
    assert "<li>1 Capitol, Washington DC · " in page
    assert "Their offices" not in client.get(plan(client, measure)).text


def test_times_and_numbers_of_a_visit_are_refused_in_words(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    told = {"office": "The mayor's office", "on": clock.today().isoformat(), "at": "25:00"}
    refused = post(client, f"{desk(measure)}/new", told)
    assert (refused.status_code, "Please type a time such as 18:30." in refused.text) == (422, True)
    reported = {"people_met": "His aide", "heard": "one_person", "minutes": "an hour"}
    answer = post(client, f"{plan(client, measure)}/report", reported).text
    assert "Please type a whole number." in answer
    assert "Not a valid integer" not in answer
    assert "a whole number of minutes" not in answer


def test_points_are_picked_for_one_visit(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    point = TalkingPointFactory(words="The Court has 125 members.")
    page = plan(client, measure)
    picked = post(client, f"{page}/points", {"points": [point.key]})
    told = client.get(picked.location).text
    assert "The page of the visit says these points from now on." in told
    assert "The visit is planned." not in told
    assert "The Court has 125 members." in client.get(page).text
    assert "The Court has 125 members." not in client.get(plan(client, measure)).text


def test_visits_are_for_their_own_organizers_only(
    client: FlaskClient, ours: Alliance, ana: Person, measure: Measure
) -> None:
    page = plan(client, measure)
    other = campaign(body=BodyFactory(alliance=ours))
    elsewhere = page.replace(f"/{measure.id}/", f"/{other.id}/")
    assert client.get(elsewhere).status_code == 404
    sign_in(client, coordinator_of(AllianceFactory()))
    for path in (page, f"{page}/report", desk(measure), "/desk/columbus/lobbying"):
        assert client.get(path).status_code == 404
    assert post(client, f"{page}/thanked").status_code == 404
    sign_in(client, member_of(ours))
    assert client.get(page).status_code == 403


def test_the_log_is_a_safe_spreadsheet_for_each_year(
    client: FlaskClient, db: Session, ours: Alliance, ana: Person
) -> None:
    log = "/desk/columbus/lobbying"
    for on, what, cost in (
        ("2026-03-01", "=SUM(A1:A9)", "1,000"),
        ("2026-11-02", "Phone bank", ""),
        ("2025-05-05", "Old", "5.25"),
    ):
        told = {"on": on, "kind": "grassroots", "what": what, "minutes": "30", "cost": cost}
        assert post(client, f"{log}/new", told | {"person": ana.id}).status_code == 303
    page = client.get(log, query_string={"year": 2026}).text
    assert "1000.00" in page
    assert "year=2025" in page
    answer = client.get(log, query_string={"year": 2026, "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["What was done", "Day", "Kind"]
    assert rows[1:] == [
        ["Phone bank", "2026-11-02", "Grassroots", "Ana", "30", "0.00", ""],
        ["'=SUM(A1:A9)", "2026-03-01", "Grassroots", "Ana", "30", "1000.00", ""],
    ]
    assert lobbying.totals(ours.id, 2026) == {
        LobbyingKind.DIRECT: Total(),
        LobbyingKind.GRASSROOTS: Total(60, 100_000),
    }
    old = db.scalars(select(LobbyingEntry).where(LobbyingEntry.what == "Old")).one()
    assert post(client, f"{log}/{old.id}/remove").status_code == 303
    assert lobbying.years(ours.id) == [2026]


@pytest.mark.parametrize(
    "cost", ["-5", "NaN", "Infinity", "1e9", "1e99999999", "12.505", "99999999", "٣"]
)
def test_amounts_that_are_none_are_refused(
    client: FlaskClient, db: Session, ana: Person, cost: str
) -> None:
    told = {"on": "2026-03-01", "kind": "direct", "what": "x", "cost": cost}
    answer = post(client, "/desk/columbus/lobbying/new", told)
    assert "Please give an amount such as 12.50." in answer.text
    assert db.scalars(select(LobbyingEntry)).all() == []


def test_erased_and_merged_people_leave_visits_whole(
    db: Session, ours: Alliance, measure: Measure
) -> None:
    one, two = PersonFactory(), PersonFactory()
    planned = visiting.Planned(
        "An office", None, None, clock.today(), "", "", "", one.id, [one.id, two.id]
    )
    visit = visiting.plan(measure, planned)
    lobbying.note(
        ours.id, Spent(clock.today(), LobbyingKind.DIRECT, "Visit", 60, 0, person_id=one.id)
    )
    signals.person_merged.send(one.id, into_id=two.id)
    db.expire_all()
    assert [each.person_id for each in db.scalars(select(VisitGuest))] == [two.id]
    assert (visit.owner_id, db.scalars(select(LobbyingEntry)).one().person_id) == (two.id, two.id)
    erasure.erase(two)
    db.expire_all()
    assert db.scalars(select(VisitGuest)).all() == []
    assert (visit.owner_id, db.scalars(select(LobbyingEntry)).one().person_id) == (None, None)


EVIL = "<script>alert(1)</script> {{7*7}}"


def test_hostile_words_stay_words(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    page = plan(client, measure, office=EVIL, wanted=EVIL, place=EVIL)
    said = dict.fromkeys(("people_met", "answer", "they_promised", "we_promised"), EVIL)
    assert post(client, f"{page}/report", said | {"heard": "one_person"}).status_code == 303
    shown = client.get(page).text + client.get(desk(measure)).text
    assert "<script>alert" not in shown
    assert "{{7*7}}" in shown


def test_the_list_of_visits_takes_the_same_statements_for_one_and_thirty(
    client: FlaskClient, db: Session, ana: Person, measure: Measure
) -> None:
    planned = visiting.Planned("Office", None, None, clock.today(), "", "", "", ana.id, [ana.id])
    path, counts = desk(measure), []
    for more in (1, 29):
        for _ in range(more):
            visiting.plan(measure, planned)
        db.commit()
        with count_statements() as statements:
            assert client.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
