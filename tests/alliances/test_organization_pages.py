"""Organizations on the site: applying, the answer, being named in public, speaking for one."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances import organization_queries as queries
from app.alliances import organizations
from app.alliances.organization_models import Organization, OrganizationState, Representative
from app.foundation import clock
from app.mail.models import Message
from tests.alliances.organizations import (
    OrganizationFactory,
    OrganizationInAllianceFactory,
    RepresentativeFactory,
)
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    coordinator_of,
    seed_places,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"
ANSWERS = {"name": "Columbus Bar", "kind": "bar", "zip": "43215", "chapter_of_id": ""}


def application(commitment: bytes = PDF, **more: Any) -> dict[str, object]:
    return {**ANSWERS, "commitment": (io.BytesIO(commitment), "letter.pdf"), **more}


def test_an_organization_applies_with_its_commitment_and_staff_accept(
    client: FlaskClient, db: Session
) -> None:
    seed_places(db)
    ana = PersonFactory(name="Ana")
    sign_in(client, ana)

    done = post(client, "/organizations/apply", application(constituencies=["bar"]))
    assert done.location.startswith("/organizations/columbus-bar")
    assert "Applied" in client.get("/organizations/columbus-bar").text
    sign_in(client, staff_member())
    assert "Columbus Bar" in client.get("/staff/approvals").text
    assert client.get("/staff/organizations/columbus-bar/commitment.pdf").data == PDF
    path = "/staff/organizations/columbus-bar/decide"
    assert post(client, path, {"accept": "yes", "note": "Welcome!"}).status_code == 303
    late = post(client, path, {"accept": "no"})

    assert "organization-settled" in late.location
    [message] = db.scalars(select(Message).where(Message.person_id == ana.id))
    assert_same(f"{message.subject}\n\n{message.text}", SNAPSHOTS / "organization_decided.txt")
    found = queries.by_slug("columbus-bar")
    assert found is not None
    assert found.is_member
    assert not found.listed
    assert list(queries.constituencies(found.id)) == ["bar"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"commitment": b"<html>no pdf</html>"}, "This is not a PDF file, or it is damaged."),
        ({"commitment": b""}, "Please choose a file."),
        ({"name": "KNOWN already"}, "We know an organization of this name."),
        ({"zip": "00000"}, "ZIP"),
    ],
)
def test_an_application_that_is_not_right_is_not_kept(
    client: FlaskClient, db: Session, sent: dict[str, Any], sentence: str
) -> None:
    seed_places(db)
    OrganizationFactory(name="Known Already")
    sign_in(client, PersonFactory())

    answer = post(client, "/organizations/apply", application(**sent))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(db.scalars(select(Organization)).all()) == 1


def test_only_listed_members_are_public(client: FlaskClient, db: Session) -> None:
    OrganizationFactory(name="Named One", slug="named")
    OrganizationFactory(name="Hidden One", slug="hidden", listed=False)

    page = client.get("/organizations/").text
    assert "Named One" in page
    assert "Hidden One" not in page
    assert "Hidden One" not in client.get("/organizations/?format=csv").text
    assert client.get("/organizations/named").status_code == 200
    assert client.get("/organizations/hidden").status_code == 404
    sign_in(client, PersonFactory())
    assert client.get("/organizations/hidden").status_code == 404
    sign_in(client, staff_member())
    assert client.get("/organizations/hidden").status_code == 200


def test_nobody_is_named_in_public_without_an_authority(client: FlaskClient, db: Session) -> None:
    bar = OrganizationFactory(slug="bar", listed=False, authority_on=None, authority_by="")
    sign_in(client, staff_member())
    path = "/staff/organizations/bar/listing"

    assert post(client, path, {"by": "Ada Okafor", "on": ""}).status_code == 422
    assert post(client, path, {"by": "", "on": "2026-01-05"}).status_code == 422
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert post(client, path, {"by": "Ada Okafor", "on": tomorrow}).status_code == 422
    assert not bar.listed
    assert post(client, path, {"by": "Ada Okafor", "on": "2026-01-05"}).status_code == 303
    db.refresh(bar)
    assert (bar.listed, bar.authority_by) == (True, "Ada Okafor")
    assert post(client, path, {"by": "", "on": ""}).status_code == 303
    db.refresh(bar)
    assert not bar.listed


def test_the_organization_stays_and_staff_are_told_when_the_last_one_leaves(
    client: FlaskClient, db: Session
) -> None:
    staff = staff_member(name="Sam Staff")
    bar = OrganizationFactory(slug="bar", name="Columbus Bar")
    first = RepresentativeFactory(organization=bar)
    last = RepresentativeFactory(organization=bar)
    sign_in(client, first.person)

    assert post(client, "/organizations/bar/step-down").status_code == 303
    assert db.scalars(select(Message)).all() == []
    organizations.step_down(db.get_one(Representative, last.id))
    db.flush()

    [message] = db.scalars(select(Message))
    assert message.person_id == staff.id
    snapshot = SNAPSHOTS / "organization_unrepresented.txt"
    assert_same(f"{message.subject}\n\n{message.text}", snapshot)
    assert bar.is_member
    assert list(queries.unrepresented()) == [bar]


def test_staff_are_told_too_when_the_last_one_is_erased(db: Session) -> None:
    staff = staff_member()
    representative = RepresentativeFactory()

    erasure.erase(representative.person)

    assert list(db.scalars(select(Message.person_id))) == [staff.id]


def test_a_representative_takes_the_organization_into_an_alliance_and_out(
    client: FlaskClient, db: Session
) -> None:
    columbus = AllianceFactory(slug="columbus", name="Columbus Alliance")
    speaker = RepresentativeFactory(organization=OrganizationFactory(slug="bar"))
    sign_in(client, speaker.person)
    path = "/organizations/bar/alliances"

    for _twice in range(2):
        assert post(client, path, {"alliance": "columbus"}).status_code == 303
    assert list(queries.of_alliance(columbus.id)) == [speaker.organization]
    [(part, _alliance)] = queries.alliances_of(speaker.organization_id)
    assert "Columbus Alliance" in client.get("/organizations/bar").text
    assert post(client, f"{path}/{part.id}/leave").status_code == 303
    assert list(queries.of_alliance(columbus.id)) == []
    assert post(client, path, {"alliance": "nowhere"}).status_code == 404


@pytest.mark.parametrize("path", ["alliances", "step-down"])
def test_others_do_not_act_for_an_organization(client: FlaskClient, db: Session, path: str) -> None:
    OrganizationFactory(slug="bar")
    AllianceFactory(slug="columbus")
    gone = RepresentativeFactory(
        organization=OrganizationFactory(), until=clock.today() - timedelta(days=1)
    )

    for person in (gone.person, RepresentativeFactory().person):
        sign_in(client, person)
        answer = post(client, f"/organizations/bar/{path}", {"alliance": "columbus"})
        assert answer.status_code == 404


def test_staff_name_who_speaks_and_end_it(client: FlaskClient, db: Session) -> None:
    OrganizationFactory(slug="bar")
    ana = PersonFactory()
    email = ana.address.email
    sign_in(client, staff_member())
    path = "/staff/organizations/bar/representatives"

    assert post(client, path, {"email": "nobody@example.org"}).status_code == 422
    assert post(client, path, {"email": email}).status_code == 303
    [representative] = db.scalars(select(Representative))
    assert representative.person_id == ana.id
    assert post(client, f"{path}/{representative.id}/end").status_code == 303
    assert db.scalars(select(Representative)).all() == []


def test_an_organization_that_leaves_keeps_its_history(client: FlaskClient, db: Session) -> None:
    bar = OrganizationFactory(slug="bar")
    organizations.join_alliance(bar, AllianceFactory())
    sign_in(client, staff_member())

    assert post(client, "/staff/organizations/bar/leave").status_code == 303

    db.refresh(bar)
    assert (bar.state, bar.listed) == (OrganizationState.LEFT, False)
    assert queries.alliances_of(bar.id) == []


def test_chapters_stand_on_the_page_of_their_organization(client: FlaskClient, db: Session) -> None:
    bar = OrganizationFactory(slug="bar")
    OrganizationFactory(name="Ohio Chapter", chapter_of_id=bar.id)

    assert "Ohio Chapter" in client.get("/organizations/bar").text


def test_an_alliance_names_its_organizations_with_their_authority(
    client: FlaskClient, db: Session
) -> None:
    columbus = AllianceFactory(slug="columbus")
    OrganizationInAllianceFactory(alliance=columbus, organization__name="Columbus Bar")
    quiet = {"organization__listed": False, "organization__name": "Quiet Circle"}
    OrganizationInAllianceFactory(alliance=columbus, **quiet)
    path = "/alliances/columbus/organizations"

    assert f'href="{path}"' in client.get("/alliances/columbus").text
    page = client.get(path).text
    assert "Columbus Bar</a>" in page
    assert "Quiet Circle" not in page
    sign_in(client, coordinator_of(columbus))
    assert "Quiet Circle <span" in client.get(path).text
    AllianceFactory(slug="gone", life_cycle="closed")
    assert client.get("/alliances/gone/organizations").status_code == 404
    AllianceFactory(slug="new")
    assert "No organization is named here yet" in client.get("/alliances/new/organizations").text


def test_an_organization_without_a_place_says_none(client: FlaskClient, db: Session) -> None:
    nowhere = {"city": "", "us_state": "", "zip": ""}
    national = OrganizationFactory(slug="national", name="National League", **nowhere)
    OrganizationFactory(name="League in Columbus", chapter_of_id=national.id)

    page = client.get("/organizations/national").text
    assert "League in Columbus</a>, Columbus" in page
    assert "<dt>Place</dt>" not in page
    rows = client.get("/organizations/").text
    assert "Columbus, OH" in rows
    assert ">, <" not in rows
    sign_in(client, staff_member())
    assert "<dt>Place</dt>" not in client.get("/staff/organizations/national").text
