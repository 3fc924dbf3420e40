"""Saying for whom I speak, and readers chosen by it."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances import constituencies
from app.alliances.organization_models import Constituency, OrganizationConstituency
from app.foundation import clock
from app.mail import conditions
from app.people.models import Person
from tests.alliances.organizations import RepresentativeFactory
from tests.factories import PersonFactory
from tests.signing_in import post, sign_in


def test_i_choose_and_take_back(client: FlaskClient, db: Session) -> None:
    me = PersonFactory()
    sign_in(client, me)
    both = [Constituency.FAITH, Constituency.VETERANS]
    post(client, "/me/constituencies", {"constituencies": both})
    assert constituencies.of_person(me.id) == set(both)

    page = client.get("/me/constituencies").text
    assert page.count(" checked") == 2
    assert post(client, "/me/constituencies", {}).status_code == 303
    assert constituencies.of_person(me.id) == set()


def test_what_is_not_on_the_list_is_refused(client: FlaskClient, db: Session) -> None:
    me = PersonFactory()
    sign_in(client, me)
    answer = post(client, "/me/constituencies", {"constituencies": ["martians"]})
    assert answer.status_code == 422
    assert constituencies.of_person(me.id) == set()


def test_readers_are_those_who_said_so_and_who_speaks_for_such_an_organization(
    db: Session,
) -> None:
    said, other = PersonFactory(), PersonFactory()
    constituencies.choose(said.id, [Constituency.FAITH])
    constituencies.choose(other.id, [Constituency.BAR])
    speaks = RepresentativeFactory()
    left = RepresentativeFactory(
        organization=speaks.organization, until=clock.today() - timedelta(days=1)
    )
    db.add(
        OrganizationConstituency(
            organization_id=speaks.organization.id, constituency=Constituency.FAITH
        )
    )
    db.flush()
    kind = conditions.kind_of("constituency")
    chosen = {"constituencies": ["faith"]}

    found = set(db.scalars(select(Person.id).where(kind.where(chosen))))
    assert found == {said.id, speaks.person_id}
    assert left.person_id not in found
    assert {each for query in kind.people(chosen) for each in db.scalars(query)} == found
    assert kind.words(chosen) == "speak for one of these: Communities of faith"
