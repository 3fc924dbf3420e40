"""The plan of a campaign that somebody begins follows the council, the day and the owner."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import campaign_plan, council_actions, moving
from app.campaigns.body_models import Body
from app.campaigns.council_actions import Rhythm, Source
from app.campaigns.measure_models import Measure, Stance
from app.campaigns.stages import Stage
from app.events import own_calendar
from app.foundation import clock
from app.people.models import Person
from app.work.models import ToDo, ToDoState
from tests.campaigns.councils import BodyFactory, MeetingPatternFactory
from tests.campaigns.world import campaign
from tests.factories import coordinator_of
from tests.signing_in import post, sign_in

DESK = "/desk/columbus/campaigns"


@pytest.fixture
def body(db: Session) -> Body:
    """A council that meets on Mondays; nobody has said anything else."""
    made: Body = BodyFactory(alliance__slug="columbus")
    MeetingPatternFactory(body=made, rule="every Monday 17:00")
    return made


@pytest.fixture
def ana(client: FlaskClient, body: Body) -> Person:
    person = coordinator_of(body.alliance, name="Ana")
    sign_in(client, person)
    return person


def begun(client: FlaskClient, db: Session, body: Body, owner: Person, **told: object) -> Measure:
    """A campaign for a day in half a year, begun at the desk."""
    form = {
        "title": "Justice Day",
        "body": body.id,
        "instrument": "resolution",
        "stance": "support",
        "target_on": (clock.today() + timedelta(days=200)).isoformat(),
        "owner": owner.id,
    }
    assert post(client, f"{DESK}/new", form | told).status_code == 303
    return db.scalars(select(Measure)).one()


def plan(db: Session) -> dict[str | None, date]:
    db.flush()
    db.expire_all()
    open_ones = select(ToDo).where(ToDo.state == ToDoState.OPEN).order_by(ToDo.id)
    return {each.key: each.due_on for each in db.scalars(open_ones)}


def change_rule(client: FlaskClient, body: Body, key: str, **told: str) -> None:
    form = told | {"source_title": "The clerk", "checked_on": clock.today().isoformat()}
    answer = post(client, f"/desk/columbus/councils/{body.slug}/rules/{key}", form)
    assert answer.status_code == 303


def test_what_somebody_begins_has_a_plan_that_follows_the_rules(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    begun(client, db, body, ana)
    first = plan(db)
    assert set(first) == {"ask", "file"}
    assert db.scalars(select(ToDo.owner_id).distinct()).all() == [ana.id]

    change_rule(client, body, "filing", days="30", counting="calendar")
    second = plan(db)
    assert second["file"] < first["file"]
    assert second["ask"] < first["ask"]

    change_rule(client, body, "public_comment", hours="24", minutes="3")
    assert set(plan(db)) == {"ask", "file", "comment"}

    body = db.get_one(Body, body.id)
    council_actions.set_rhythm(
        body, None, Rhythm("first Monday 17:00"), Source(clock.today(), "", "")
    )
    third = plan(db)
    assert third["file"] <= second["file"]
    assert third["comment"].day <= 7


def test_another_day_and_another_owner_move_the_plan(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    measure = begun(client, db, body, ana)
    ben = coordinator_of(measure.alliance, name="Ben")
    before = plan(db)
    later = clock.today() + timedelta(days=260)
    edit = {"target_on": later.isoformat(), "owner": ben.id, "version": measure.version}
    told = {"title": "Justice Day", "body": body.id, "instrument": "resolution"}
    answer = post(client, f"{DESK}/{measure.id}/edit", told | edit | {"stance": "support"})
    assert answer.status_code == 303
    moved = {key: (day - before[key]).days for key, day in plan(db).items()}
    assert set(moved) == {"ask", "file"}
    assert all(50 <= days <= 70 for days in moved.values())
    assert db.scalars(select(ToDo.owner_id).distinct()).all() == [ben.id]


def test_the_own_calendar_of_who_does_it_shows_the_last_days(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    begun(client, db, body, ana)

    def days() -> dict[str, date]:
        found = icalendar.Calendar.from_ical(own_calendar.feed_of(ana.id)).walk("VEVENT")
        return {str(each["SUMMARY"]): each["DTSTART"].dt for each in found}

    file = "To do: Have it filed with the clerk"
    assert days()[file] == plan(db)["file"]
    assert days() == days()
    change_rule(client, body, "filing", days="30", counting="calendar")
    assert days()[file] == plan(db)["file"]
    answer = own_calendar.feed_of(ana.id).decode().replace("\r\n ", "")
    assert "DESCRIPTION:Justice Day" in answer
    for to_do in db.scalars(select(ToDo)):
        to_do.state = ToDoState.DONE
    db.flush()
    assert days() == {}


@pytest.mark.parametrize("told", [{"stance": "oppose"}, {"target_on": ""}])
def test_nothing_is_planned_for_what_we_oppose_or_without_a_day(
    client: FlaskClient, db: Session, body: Body, ana: Person, told: dict[str, str]
) -> None:
    begun(client, db, body, ana, **told)
    change_rule(client, body, "filing", days="30", counting="calendar")
    assert plan(db) == {}


def test_once_it_is_on_an_agenda_the_council_says_until_when_to_sign_up(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    sits, ends = clock.today() + timedelta(days=20), clock.today() + timedelta(days=18)
    day = clock.today() + timedelta(days=100)
    measure = campaign(body=body, stage=Stage.INTRODUCED, target_on=day, owner_id=ana.id)
    facts = {
        "meeting_on": sits.isoformat(),
        "meeting_time": "17:00",
        "meeting_zone": body.time_zone,
        "meeting_place": "City hall",
        "agenda_section": "regular",
        "agenda_url": "https://example.org/agenda",
        "comment_deadline": ends.isoformat(),
    }
    moving.move(measure, Stage.SCHEDULED, facts, version=measure.version, by_id=ana.id)
    assert plan(db) == {"comment": ends}
    change_rule(client, body, "public_comment", hours="24", minutes="3")
    assert plan(db) == {"comment": ends}


def test_a_draft_that_nobody_took_up_has_no_plan(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    passed = campaign(body=body, stage=Stage.FINAL, year=clock.today().year - 1)
    passed.target_on, passed.counted = clock.today() - timedelta(days=200), True
    post(client, f"{DESK}/{passed.id}/renew", {})
    change_rule(client, body, "filing", days="30", counting="calendar")
    drafts = select(Measure).where(Measure.prior_session_id == passed.id)
    draft = db.scalars(drafts).one()
    assert draft.stance == Stance.SUPPORT
    assert plan(db) == {}


def test_without_a_rule_or_a_meeting_last_years_endorsers_are_asked_two_months_before(
    db: Session, ana: Person
) -> None:
    day = clock.today() + timedelta(days=200)
    unknown = BodyFactory(alliance=campaign().alliance)
    campaign_plan.begin(campaign(slug="again", body=unknown, target_on=day))
    assert plan(db) == {"endorsers": day - timedelta(days=60)}


def test_the_plan_of_a_campaign_that_rests_rests_too_and_is_made_anew_when_it_is_taken_up(
    client: FlaskClient, db: Session, body: Body, ana: Person
) -> None:
    measure = begun(client, db, body, ana)
    change_rule(client, body, "filing", days="30", counting="calendar")
    before = plan(db)
    assert "file" in before
    facts = {"reason": "Nobody has time", "revisit_on": f"{clock.today() + timedelta(days=30)}"}
    enter(measure, Stage.DORMANT, facts)
    assert plan(db) == {}
    change_rule(client, body, "filing", days="45", counting="calendar")
    assert plan(db) == {}
    enter(measure, Stage.SCOPING, {})
    after = plan(db)
    assert after.keys() == before.keys()
    assert after["file"] < before["file"]


def enter(measure: Measure, stage: Stage, facts: dict[str, str]) -> None:
    moving.move(measure, stage, facts, version=measure.version, by_id=None)
