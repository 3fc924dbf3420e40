"""Importing alliances, organizations and past events: the same way as people, and taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, Joining, LifeCycle
from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    OrganizationKind,
    OrganizationState,
)
from app.events.door_models import Arrival
from app.events.models import Event, EventKind, EventState, SignUp
from app.events.report_models import ReportBack
from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail.models import Mailing, Message
from app.moving import applying, reading, reports, staging, undoing
from app.moving.commands import alliances_group, events_group, organizations_group
from app.moving.headings import recognised
from app.moving.models import ImportKind, ImportRow, ImportRun
from app.moving.staging import NotNow
from app.moving.things import Undone
from app.people.models import Person
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    coordinator_of,
    seed_places,
    staff_member,
)
from tests.moving.test_pages import bring, work
from tests.signing_in import post, sign_in

ALLIANCES = b"""Chapter,Zip,City,State,Description,How people join,Stage
Columbus Alliance,43215,,,We meet on Mondays.,A coordinator says yes first,forming
Seattle Alliance,,Seattle,WA,,,
Nowhere Alliance,00000,,,,,
No Place Alliance,,,,,,
,43215,,,,,
columbus alliance,43215,,,Twice,,
Odd Alliance,43215,,,,by lot,
"""
ORGANIZATIONS = b"""Organization,Type,Website,Zip,Alliances,Status
Ohio Bar,bar,ohiobar.example.org,43215,Columbus Alliance,Member
First Church,Community of faith,https://church.example.org,,,
Bad Site,nonprofit,not a site,,,
Nowhere Club,nonprofit,,,Atlantis,
Odd Kind,spaceship,,,,
"""
EVENTS = b"""Alliance,Event,Date,Start time,Type,Venue,RSVPs,Attendance
Columbus Alliance,Panel on the Court,7/17/2024,6:30 PM,Panel,Main Library,40,31
Columbus Alliance,Vigil,2025-07-17,,vigil,,,12
Atlantis,Vigil,2025-07-17,,vigil,,,
Columbus Alliance,Vigil of old,some day,,,,,
Columbus Alliance,To come,2099-07-17,,,,,
Columbus Alliance,,2024-07-17,,,,,
Columbus Alliance,Odd hour,2024-07-17,25:99,,,,
Columbus Alliance,Odd number,2024-07-17,,,,,many
"""


@pytest.fixture(autouse=True)
def _places(db: Session) -> None:
    seed_places(db)
    db.commit()


def judged(content: bytes, kind: ImportKind) -> ImportRun:
    table = reading.read(content)
    with edge.step() as session:
        run = staging.begin(kind, content, table, file_name="list.csv", by=None)
        run_id = run.id
    staging.stage(run_id, table)
    staging.judge(run_id)
    return session.get_one(ImportRun, run_id)


def applied(content: bytes, kind: ImportKind) -> ImportRun:
    run_id = judged(content, kind).id
    with edge.step() as session:
        applying.apply(session.get_one(ImportRun, run_id))
    return session.get_one(ImportRun, run_id)


def undone(run: ImportRun) -> Undone:
    with edge.step() as session:
        return undoing.undo(session.get_one(ImportRun, run.id))


def outcomes(run: ImportRun) -> dict[str, int]:
    return {str(outcome): number for outcome, number in reports.counts(run).items()}


def reasons(run: ImportRun) -> str:
    return " / ".join(refusal.reason for refusal in reports.report(run).refused)


def remarks(db: Session) -> list[str]:
    return list(db.scalars(select(ImportRow.reason).order_by(ImportRow.number)))


def columbus(db: Session, **values: object) -> Alliance:
    alliance: Alliance = AllianceFactory(name="Columbus Alliance", slug="columbus", **values)
    db.commit()
    return alliance


def number_of(db: Session, model: type) -> int:
    return db.scalar(select(func.count()).select_from(model)) or 0


def test_alliances_are_new_known_or_refused_with_a_reason(db: Session) -> None:
    run = applied(ALLIANCES, ImportKind.ALLIANCES)

    assert outcomes(run) == {"new": 2, "refused": 4, "same": 1}
    first, second = db.scalars(select(Alliance).order_by(Alliance.name)).all()
    assert (first.name, first.zip, first.joining, first.life_cycle, first.description) == (
        "Columbus Alliance",
        "43215",
        Joining.MODERATED,
        LifeCycle.FORMING,
        "We meet on Mondays.",
    )
    assert (second.city, second.time_zone, second.life_cycle) == (
        "Seattle",
        "America/Los_Angeles",
        LifeCycle.ACTIVE,
    )
    for words in ("00000", "neither a ZIP code nor a town", "no name", "“by lot” is none of"):
        assert words in reasons(run)


def test_a_known_alliance_gets_only_a_description_that_it_lacks(db: Session) -> None:
    columbus(db, description="")
    AllianceFactory(name="Seattle Alliance", zip="98104", description="Ours")
    db.commit()
    content = (
        b"alliance,zip,about\nCOLUMBUS  alliance,98104,New words\nSeattle Alliance,98104,Other"
    )

    run = applied(content, ImportKind.ALLIANCES)

    assert outcomes(run) == {"changed": 1, "same": 1}
    told = select(Alliance.description, Alliance.zip).order_by(Alliance.name)
    assert [tuple(row) for row in db.execute(told)] == [("New words", "43215"), ("Ours", "98104")]
    assert undone(run) == Undone(0, 0)
    assert [tuple(row) for row in db.execute(told)] == [("", "43215"), ("Ours", "98104")]


def test_an_import_of_alliances_is_taken_back_but_for_those_that_came_to_life(db: Session) -> None:
    run = applied(ALLIANCES, ImportKind.ALLIANCES)
    alive = db.scalars(select(Alliance).where(Alliance.name == "Columbus Alliance")).one()
    coordinator_of(alive)
    db.commit()

    assert undone(run) == Undone(1, 1)
    assert db.scalars(select(Alliance.name)).all() == ["Columbus Alliance"]
    with pytest.raises(NotNow):
        undone(run)


def test_organizations_are_prospects_whatever_the_file_says(db: Session) -> None:
    alliance = columbus(db)

    run = applied(ORGANIZATIONS, ImportKind.ORGANIZATIONS)

    assert outcomes(run) == {"new": 3, "refused": 2}
    church, odd, bar = db.scalars(select(Organization).order_by(Organization.name)).all()
    assert (bar.kind, bar.website, bar.zip, bar.city, bar.state, bar.listed) == (
        OrganizationKind.BAR,
        "https://ohiobar.example.org",
        "43215",
        "Columbus",
        OrganizationState.PROSPECT,
        False,
    )
    assert (church.kind, odd.kind) == (OrganizationKind.FAITH, OrganizationKind.OTHER)
    assert "“spaceship” is kept as “Something else”." in remarks(db)
    part = db.scalars(select(OrganizationInAlliance)).one()
    assert (part.organization_id, part.alliance_id, part.until) == (bar.id, alliance.id, None)
    for words in ("not a web address", "no alliance called “Atlantis”"):
        assert words in reasons(run)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", OrganizationKind.NONPROFIT),
        ("501(c)(3)", OrganizationKind.NONPROFIT),
        ("Law Firm", OrganizationKind.BAR),
        ("church", OrganizationKind.FAITH),
        ("Labor_Union", OrganizationKind.UNION),
        ("University", OrganizationKind.SCHOOL),
    ],
)
def test_kinds_go_by_what_other_lists_call_them(
    db: Session, word: str, kind: OrganizationKind
) -> None:
    applied(f"Organization,Type\nAcme,{word}\n".encode(), ImportKind.ORGANIZATIONS)

    assert db.scalars(select(Organization.kind)).all() == [kind]
    assert remarks(db) == [""]


def test_an_event_of_a_kind_that_we_do_not_know_is_kept_with_a_remark(db: Session) -> None:
    columbus(db)
    heads = "Alliance,Event,Date,Type"
    rows = ("Bake sale,2024-05-01,Bake sale", "Film,2024-05-02,Movie night")
    lines = [heads, *(f"Columbus Alliance,{row}" for row in rows)]

    run = applied("\n".join(lines).encode(), ImportKind.EVENTS)

    found = db.scalars(select(Event.kind).order_by(Event.starts_at)).all()
    assert found == [EventKind.ORGANIZING, EventKind.SCREENING]
    assert remarks(db) == ["“Bake sale” is kept as “Organizing meeting”.", ""]
    assert reports.count_remarked(run) == 1


def test_a_known_organization_gets_what_it_lacks_and_gives_it_back(db: Session) -> None:
    columbus(db)
    db.add(
        Organization(
            slug="ohio-bar", name="Ohio Bar", website="https://ours.example", created_at=clock.now()
        )
    )
    db.commit()

    run = applied(ORGANIZATIONS, ImportKind.ORGANIZATIONS)

    bar = db.scalars(select(Organization).where(Organization.slug == "ohio-bar")).one()
    assert outcomes(run) == {"changed": 1, "new": 2, "refused": 2}
    assert (bar.website, bar.zip, bar.city) == ("https://ours.example", "43215", "Columbus")
    assert number_of(db, OrganizationInAlliance) == 1
    assert undone(run) == Undone(2, 0)
    known = db.scalars(select(Organization)).one()
    assert (known.website, known.zip, known.city) == ("https://ours.example", "", "")
    assert number_of(db, OrganizationInAlliance) == 0
    assert number_of(db, Organization) == 1


def test_an_organization_that_became_a_member_is_not_taken_back(db: Session) -> None:
    columbus(db)
    run = applied(ORGANIZATIONS, ImportKind.ORGANIZATIONS)
    church = db.scalars(select(Organization).where(Organization.name == "First Church")).one()
    church.state = OrganizationState.MEMBER
    db.commit()

    assert undone(run) == Undone(2, 1)
    assert db.scalars(select(Organization.name)).all() == ["First Church"]


def test_past_events_come_with_their_numbers_and_nobody_is_written_to(db: Session) -> None:
    alliance = columbus(db)

    run = applied(EVENTS, ImportKind.EVENTS)

    assert outcomes(run) == {"new": 2, "refused": 6}
    panel, vigil = db.scalars(select(Event).order_by(Event.starts_at)).all()
    assert (panel.title, panel.kind, panel.state, panel.venue, panel.wall_start.hour) == (
        "Panel on the Court",
        EventKind.PANEL,
        EventState.PUBLISHED,
        "Main Library",
        18,
    )
    assert (panel.past_confirmed, panel.past_came) == (40, 31)
    assert (vigil.past_confirmed, vigil.past_came, vigil.alliance_id) == (12, 12, alliance.id)
    assert set(db.scalars(select(ReportBack.people))) == {31, 12}
    assert (number_of(db, Message), number_of(db, Mailing)) == (0, 0)
    for words in ("Atlantis", "is not a day", "are over", "no name", "not a time", "not a number"):
        assert words in reasons(run)


def guests(day: date, *rows: str) -> bytes:
    heads = "alliance,event,date,email,attendee,attended"
    lines = [f"Columbus Alliance,Vigil,{day.isoformat()},{row}" for row in rows]
    return "\n".join([heads, *lines]).encode()


def test_guests_whom_we_know_have_their_seats_and_others_are_counted(db: Session) -> None:
    columbus(db)
    ana = PersonFactory(name="Ana", address__email="ana@example.org")
    bo = PersonFactory(name="Bo", address__email="bo@example.org")
    db.commit()
    day = clock.today() - timedelta(days=10)
    content = guests(
        day,
        "ana@example.org,Ana,yes",
        "bo@example.org,,no",
        "zoe@example.org,Zoë,yes",
        "ana@example.org,Ana,yes",
        "not an address,,yes",
    )

    run = applied(content, ImportKind.EVENTS)

    assert outcomes(run) == {"new": 3, "same": 1, "refused": 1}
    event = db.scalars(select(Event)).one()
    assert set(db.scalars(select(SignUp.person_id))) == {ana.id, bo.id}
    came = db.scalars(select(SignUp.person_id).join(Arrival, Arrival.sign_up_id == SignUp.id))
    assert came.all() == [ana.id]
    assert (event.past_confirmed, number_of(db, Person)) == (None, 2)
    assert number_of(db, Message) == 0

    again = applied(content, ImportKind.EVENTS)
    assert outcomes(again) == {"same": 4, "refused": 1}
    assert number_of(db, SignUp) == 2
    assert undone(run) == Undone(1, 0)
    assert (number_of(db, Event), number_of(db, SignUp), number_of(db, Arrival)) == (0, 0, 0)
    assert number_of(db, Person) == 2


def test_guests_of_long_ago_are_only_counted(db: Session) -> None:
    columbus(db)
    PersonFactory(name="Ana", address__email="ana@example.org")
    db.commit()

    run = applied(
        guests(date(2024, 7, 17), "ana@example.org,Ana,yes", "bo@example.org,,no", ",Zoë,yes"),
        ImportKind.EVENTS,
    )

    event = db.scalars(select(Event)).one()
    assert (event.past_confirmed, event.past_came) == (3, 2)
    assert (number_of(db, SignUp), outcomes(run)) == (0, {"new": 3})


def test_guests_join_an_event_that_is_here_and_leave_it_when_taken_back(db: Session) -> None:
    alliance = columbus(db)
    ana = PersonFactory(name="Ana", address__email="ana@example.org")
    start = clock.now() - timedelta(days=5)
    event = EventFactory(alliance=alliance, title="VIGIL", wall_start=start.replace(tzinfo=None))
    db.commit()

    run = applied(guests(event.wall_start.date(), "ana@example.org,,yes"), ImportKind.EVENTS)

    assert outcomes(run) == {"changed": 1}
    assert db.scalars(select(SignUp.person_id)).all() == [ana.id]
    assert undone(run) == Undone(0, 0)
    assert (number_of(db, SignUp), number_of(db, Event)) == (0, 1)


def test_an_event_that_somebody_reported_on_since_stays(db: Session) -> None:
    columbus(db)
    run = applied(EVENTS, ImportKind.EVENTS)
    report = db.scalars(select(ReportBack)).first()
    assert report is not None
    report.story, report.version = "It rained.", 2
    db.commit()

    assert undone(run) == Undone(1, 1)
    assert db.scalars(select(ReportBack.story)).all() == ["It rained."]


@pytest.mark.parametrize(
    ("kind", "headings", "fields"),
    [
        (ImportKind.ALLIANCES, "Chapter,Postal Code,About", "name zip description"),
        (ImportKind.ORGANIZATIONS, "Company,Type,URL,Chapter", "name kind website alliance"),
        (ImportKind.EVENTS, "Chapter,Event Name,Event Date,RSVPs", "alliance title date signed_up"),
        (ImportKind.EVENTS, "Group,Name,Day,Attendee,Email", "alliance title date name email"),
        (ImportKind.ALLIANCES, "role,Coordinator,password", ""),
    ],
)
def test_headings_mean_what_they_mean_in_such_a_file(
    app: Whereas, kind: ImportKind, headings: str, fields: str
) -> None:
    assert set(recognised(headings.split(","), kind)) == set(fields.split())


@pytest.mark.parametrize(
    ("group", "content", "distinct", "new"),
    [
        (alliances_group, ALLIANCES, 2, 2),
        (organizations_group, ORGANIZATIONS, 3, 3),
        (events_group, EVENTS, 2, 2),
    ],
)
def test_the_command_line_previews_reports_and_applies(
    app: Whereas,
    db: Session,
    tmp_path: Path,
    group: object,
    content: bytes,
    distinct: int,
    new: int,
) -> None:
    if content is not ALLIANCES:
        columbus(db)
    file, report = tmp_path / "list.csv", tmp_path / "report.json"
    file.write_bytes(content)
    before = [number_of(db, model) for model in (Alliance, Organization, Event)]
    runner = FlaskCliRunner(app)

    shown = runner.invoke(group, ["import", str(file), "--preview", "--report", str(report)])  # type: ignore[arg-type]

    assert shown.exit_code == 0, shown.output
    told = json.loads(report.read_text())
    assert (told["people"], told["new"], told["changed"]) == (distinct, new, 0)
    assert {"row", "reason"} == set(told["refused"][0])
    assert [number_of(db, model) for model in (Alliance, Organization, Event)] == before
    done = runner.invoke(group, ["import", str(file), "--apply"])  # type: ignore[arg-type]
    assert f"Applied: {new} new, 0 changed." in done.output
    assert sum(number_of(db, m) for m in (Alliance, Organization, Event)) == sum(before) + new


def test_the_way_of_staff_on_the_page(client: FlaskClient, db: Session) -> None:
    sign_in(client, staff_member())
    url = bring(client, ALLIANCES, "alliances")
    fields = ("name", "zip", "city", "state", "description", "joining", "stage")
    post(client, f"{url}/columns", {field: str(place) for place, field in enumerate(fields)})
    work(db)
    page = client.get(url).text
    assert "Import 2 rows" in page
    assert "What is here already keeps what it has" in page

    post(client, f"{url}/apply")
    work(db)
    assert number_of(db, Alliance) == 2
    assert "We may not write to the new people yet." not in client.get(url).text
    post(client, f"{url}/undo")

    assert number_of(db, Alliance) == 0
    assert "flask campaigns import FILE" in client.get("/staff/imports/").text
