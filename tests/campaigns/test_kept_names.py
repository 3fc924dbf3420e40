"""Staff change what somebody hidden from them takes part in: who that is stays as it was."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import visiting
from app.campaigns.campaign_forms import defaults_of
from app.campaigns.measure_models import Measure
from app.campaigns.visit_models import Visit, VisitGuest
from app.campaigns.visiting import Planned
from app.foundation import clock
from app.people.models import Person
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of, member_of, staff_member
from tests.signing_in import post, sign_in

NAME = "Dora Hidden"


@pytest.fixture
def columbus(client: FlaskClient, db: Session) -> Alliance:
    made: Alliance = AllianceFactory(slug="columbus")
    return made


@pytest.fixture
def dora(db: Session, columbus: Alliance) -> Person:
    return member_of(columbus, name=NAME, discreet=True)


@pytest.fixture
def measure(columbus: Alliance, dora: Person) -> Measure:
    return campaign(alliance=columbus, owner_id=dora.id)


@pytest.fixture
def visit(db: Session, measure: Measure, columbus: Alliance, dora: Person) -> Visit:
    """Dora leads it and goes along, with somebody whom everybody may know."""
    ben = member_of(columbus, name="Ben")
    told = Planned("The mayor", None, None, clock.today(), "", "", "", dora.id, [dora.id, ben.id])
    made = visiting.plan(measure, told)
    db.commit()
    return made


def guests(db: Session) -> list[str]:
    db.expire_all()
    rows = db.scalars(select(Person.name).join(VisitGuest, VisitGuest.person_id == Person.id))
    return sorted(rows)


def sent(page: str) -> dict[str, str]:
    """What a browser sends of the form of a visit when nobody is chosen to go along."""
    owners = re.search(r'<select[^>]*name="owner".*?</select>', page, re.DOTALL)[0]
    chosen = re.search(r'selected value="(\d*)"', owners)[1]
    return {"office": "The mayor", "on": clock.today().isoformat(), "owner": chosen}


def test_staff_who_change_a_visit_leave_nobody_at_home_unseen(
    client: FlaskClient, db: Session, measure: Measure, visit: Visit
) -> None:
    url = f"/desk/columbus/campaigns/{measure.id}/visits/{visit.id}/edit"
    sign_in(client, staff_member())
    page = client.get(url).text
    assert NAME not in page
    assert "One more, known only to the coordinator, goes along as well." in page
    assert post(client, url, sent(page)).status_code == 303
    assert guests(db) == [NAME]
    assert db.scalars(select(Visit.owner_id)).one() == measure.owner_id


def test_the_coordinator_decides_who_goes_along(
    client: FlaskClient, db: Session, columbus: Alliance, measure: Measure, visit: Visit
) -> None:
    url = f"/desk/columbus/campaigns/{measure.id}/visits/{visit.id}/edit"
    sign_in(client, coordinator_of(columbus))
    page = client.get(url).text
    assert NAME in page
    assert post(client, url, sent(page)).status_code == 303
    assert guests(db) == []


def test_staff_who_change_a_campaign_keep_who_looks_after_it(
    client: FlaskClient, db: Session, measure: Measure, dora: Person
) -> None:
    db.commit()
    url = f"/desk/columbus/campaigns/{measure.id}/edit"
    sign_in(client, staff_member())
    page = client.get(url).text
    assert NAME not in page
    told = defaults_of(measure) | {"owner": sent(page)["owner"]}
    assert post(client, url, told).status_code == 303
    assert db.scalars(select(Measure.owner_id).execution_options(populate_existing=True)).one() == (
        dora.id
    )
