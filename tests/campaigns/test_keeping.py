"""Records that no alliance keeps: staff give each to one, and it has a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import LifeCycle
from app.campaigns import council_actions, importing, keeping
from app.campaigns.campaign_plan import SUBJECT
from app.campaigns.importing import Outcome
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import clock
from app.work.models import ToDo
from tests.campaigns.councils import BodyFactory, MeetingPatternFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of, staff_member
from tests.signing_in import post, sign_in

PAST = {
    "id": "ukiah-2012",
    "name": "International Justice Day",
    "division": "ocd-division/country:us/state:ca/place:ukiah",
    "instrument": "resolution",
    "path": [["adopted", "2012-07-17"]],
    "source": "Minutes",
}
PATH = "/staff/campaigns/justice"


@pytest.fixture
def measure(db: Session) -> Measure:
    """A record as it comes from a file: with a council, without an alliance."""
    made = campaign(body=BodyFactory(alliance=None), slug="justice", title="Justice Day")
    made.alliance_id = None
    db.flush()
    return made


def test_staff_give_a_record_and_its_council_to_an_alliance(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    near = AllianceFactory(slug="columbus", name="Columbus", state=measure.us_state)
    AllianceFactory(name="Albany", state="NY")
    AllianceFactory(name="Gone", life_cycle=LifeCycle.CLOSED)
    sign_in(client, staff_member())
    assert "Justice Day" in client.get("/staff/campaigns").text
    assert PATH in client.get("/campaigns/justice").text
    page = client.get(PATH).text
    assert page.index("Columbus</option>") < page.index("Albany</option>")
    assert "Gone</option>" not in page

    assert "Choose an alliance." in post(client, PATH, {"alliance": ""}).text
    given = post(client, PATH, {"alliance": str(near.id)})

    assert given.location.startswith(f"/desk/columbus/campaigns/{measure.id}")
    assert "Given." in client.get(given.location).text
    db.refresh(measure.body)
    assert measure.body.alliance_id == near.id
    assert "Justice Day" not in client.get("/staff/campaigns").text
    assert client.get(PATH).location == f"/desk/columbus/campaigns/{measure.id}"


def test_what_runs_is_planned_for_the_alliance(db: Session, measure: Measure) -> None:
    MeetingPatternFactory(body=measure.body, rule="every Monday 17:00")
    measure.stage = Stage.DRAFTING
    measure.target_on = clock.today() + timedelta(days=200)
    alliance = AllianceFactory()
    keeping.give(measure, alliance)
    about = select(ToDo.alliance_id).where(ToDo.subject == SUBJECT, ToDo.subject_id == measure.id)
    assert set(db.scalars(about)) == {alliance.id}


def test_a_council_that_somebody_keeps_stays_theirs(db: Session, measure: Measure) -> None:
    theirs = AllianceFactory()
    measure.body.alliance_id = theirs.id
    keeping.give(measure, AllianceFactory())
    assert measure.body.alliance_id == theirs.id


def test_of_two_who_give_it_away_at_once_one_is_told(db: Session, measure: Measure) -> None:
    first, second = AllianceFactory(), AllianceFactory()
    keeping.give(measure, first)
    with pytest.raises(keeping.KeptAlready):
        keeping.give(measure, second)
    assert measure.alliance_id == first.id


def test_an_alliance_that_takes_on_a_council_keeps_its_records(
    db: Session, measure: Measure
) -> None:
    alliance, body = AllianceFactory(), measure.body
    about = council_actions.About(name=body.name, kind=body.kind, time_zone=body.time_zone)
    assert council_actions.keep(alliance, body.division, about) is body
    assert measure.alliance_id == alliance.id


def test_a_further_record_of_a_kept_council_comes_to_its_alliance(db: Session) -> None:
    [line] = importing.load([PAST])
    first = db.scalars(select(Measure)).one()
    assert (line.outcome, first.alliance_id) == (Outcome.NEW, None)
    alliance = AllianceFactory()
    keeping.give(first, alliance)
    importing.load([PAST, PAST | {"id": "ukiah-2014", "path": [["adopted", "2014-07-17"]]}])
    assert set(db.scalars(select(Measure.alliance_id))) == {alliance.id}


def test_only_staff_give_records_away(client: FlaskClient, db: Session, measure: Measure) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get("/staff/campaigns").status_code == 403
    assert post(client, PATH, {"alliance": "1"}).status_code == 403
