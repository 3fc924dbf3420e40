"""Endorsements: by whom, on paper, taken back, shown only with authority, asked again once."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import erasure
from app.alliances import organizations
from app.alliances.organization_models import Organization, Representative
from app.campaigns import endorsement_queries, endorsing, signing
from app.campaigns.endorsing import Given
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.support_models import Endorsement
from app.foundation import clock
from app.mail.models import Message
from tests.alliances.organizations import OrganizationFactory, RepresentativeFactory
from tests.campaigns.world import campaign
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same
from tests.statements import count_statements

SNAPSHOTS = Path(__file__).parent / "snapshots"
PDF = b"%PDF-1.4\nsigned\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    return campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, title="Justice Day", us_state="OH")


@pytest.fixture
def bar(db: Session) -> Organization:
    made: Organization = OrganizationFactory(slug="bar", name="Columbus Bar")
    return made


def given(**more: object) -> Given:
    told = {"by": "Ada Okafor", "title": "President", "on": clock.today(), "public_use": True}
    return Given(**(told | more))  # type: ignore[arg-type]


def answers(**more: str) -> dict[str, str]:
    day = clock.today().isoformat()
    told = {"organization": "bar", "by": "Ada Okafor", "title": "President", "on": day}
    return told | {"authority": "y"} | more


def said(db: Session) -> Endorsement:
    return db.scalars(select(Endorsement)).one()


def test_a_representative_endorses_and_takes_it_back(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    speaker = RepresentativeFactory(organization=bar).person
    sign_in(client, speaker)
    assert "What becomes public" in client.get("/campaigns/justice/endorse").text
    unsure = post(client, "/campaigns/justice/endorse", answers(authority=""))
    assert unsure.status_code == 422
    made = post(client, "/campaigns/justice/endorse", answers(public_use="y"))
    assert made.location == "/organizations/bar/endorsements?done=endorsed"
    assert (said(db).authorized_by, said(db).by_id) == ("Ada Okafor", speaker.id)
    assert "Justice Day" in client.get("/organizations/bar/endorsements").text
    assert "Endorses: " in client.get("/organizations/bar").text
    supporters = client.get("/campaigns/justice/supporters").text
    assert "Columbus Bar" in supporters
    assert "1 organization endorses it." in supporters
    assert "Ada Okafor" not in supporters
    back = f"/organizations/bar/endorsements/{measure.id}/withdraw"
    assert post(client, back).status_code == 303
    assert said(db).withdrawn_on == clock.today()
    after = client.get("/campaigns/justice/supporters").text
    assert "Columbus Bar" not in after
    assert "0 organizations endorse it." in after
    post(client, "/campaigns/justice/endorse", answers())
    assert (said(db).withdrawn_on, said(db).public_use) == (None, False)


def test_without_permission_only_the_number_is_public(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    endorsing.endorse(measure, bar, given(public_use=False), by_id=None)
    page = client.get("/campaigns/justice/supporters").text
    assert "1 organization endorses it." in page
    assert "Columbus Bar" not in page


def test_nobody_else_endorses_for_an_organization(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    assert client.get("/campaigns/justice/endorse").status_code == 303
    RepresentativeFactory(organization=bar)
    sign_in(client, PersonFactory())
    assert (
        "You do not speak for an organization here" in client.get("/campaigns/justice/endorse").text
    )
    post(client, "/campaigns/justice/endorse", answers(public_use="y"))
    assert client.get("/organizations/bar/endorsements").status_code == 404
    back = f"/organizations/bar/endorsements/{measure.id}/withdraw"
    assert post(client, back).status_code == 404
    other = RepresentativeFactory().person
    assert post(client, "/campaigns/justice/endorse", answers(), other).status_code == 422
    assert db.scalars(select(Endorsement)).all() == []


def test_a_day_to_come_and_a_campaign_that_rests_are_refused(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    sign_in(client, RepresentativeFactory(organization=bar).person)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    late = post(client, "/campaigns/justice/endorse", answers(on=tomorrow))
    field = late.text.partition('id="on-error"')[2].partition("<input")[0]
    assert "This day is still to come." in field
    measure.stage = Stage.DORMANT
    assert client.get("/campaigns/justice/endorse").status_code == 404
    assert db.scalars(select(Endorsement)).all() == []


def test_it_stays_when_the_representative_leaves_and_without_a_name_when_erased(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    spoken = RepresentativeFactory(organization=bar, person__name="Ada Okafor")
    endorsing.endorse(measure, bar, given(), by_id=spoken.person_id)
    person = spoken.person
    organizations.step_down(db.get_one(Representative, spoken.id))
    assert len(endorsement_queries.of_measure(measure.id, public=True)) == 1
    erasure.erase(person)
    db.expire_all()
    assert (said(db).authorized_by, said(db).by_id) == ("", None)
    assert len(endorsement_queries.of_measure(measure.id, public=True)) == 1


def paper(**more: object) -> dict[str, object]:
    return {
        "organization": "bar",
        "by": "Ada Okafor",
        "on": clock.today().isoformat(),
        "document": (io.BytesIO(PDF), "letter.pdf"),
        **more,
    }


def test_a_coordinator_enters_one_from_paper_and_its_people_are_told(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    speaker = RepresentativeFactory(organization=bar, person__name="Ada").person
    sign_in(client, coordinator_of(measure.alliance))
    desk = f"/desk/{measure.alliance.slug}/campaigns/{measure.id}"
    new = f"{desk}/endorsements/new"
    nothing = paper(document=(io.BytesIO(b""), ""), public_use="")
    assert "say where it is" in post(client, new, nothing).text
    unseen = paper(document=(io.BytesIO(b""), ""), evidence="Minutes, page 2", public_use="y")
    assert "please add the signed paper" in post(client, new, unseen).text
    wrong = paper(document=(io.BytesIO(b"GIF89a"), "x.pdf"), public_use="y")
    assert "This is not a PDF file" in post(client, new, wrong).text
    assert post(client, new, paper(public_use="y")).status_code == 303
    assert said(db).public_use
    page = client.get(f"{desk}/support").text
    assert "Columbus Bar" in page
    assert "The signed paper" in page
    assert client.get(f"{desk}/endorsements/{said(db).id}.pdf").data == PDF
    mail = db.scalars(select(Message)).one()
    assert (mail.kind, mail.person_id) == ("campaigns/endorsement_recorded", speaker.id)
    assert "/organizations/bar/endorsements" in mail.text
    assert "It endorses this already." in post(client, new, paper()).text
    assert "counts once the organization agrees" in page
    assert "Columbus Bar" not in client.get("/campaigns/justice/supporters").text
    agree = f"/organizations/bar/endorsements/{measure.id}/agree"
    assert post(client, agree).status_code == 404
    assert said(db).is_proposed
    assert "please agree here" in mail.text
    sign_in(client, speaker)
    assert agree in client.get("/organizations/bar/endorsements").text
    assert post(client, agree).status_code == 303
    assert "Columbus Bar" in client.get("/campaigns/justice/supporters").text
    sign_in(client, coordinator_of(measure.alliance))
    post(client, f"{desk}/endorsements/{said(db).id}/withdraw")
    assert said(db).withdrawn_on == clock.today()


def test_what_staff_enter_from_paper_counts_at_once(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    sign_in(client, staff_member())
    new = f"/desk/{measure.alliance.slug}/campaigns/{measure.id}/endorsements/new"
    assert post(client, new, paper(public_use="y")).status_code == 303
    assert not said(db).is_proposed
    assert "Columbus Bar" in client.get("/campaigns/justice/supporters").text


def test_with_evidence_only_the_organization_is_not_named(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    sign_in(client, coordinator_of(measure.alliance))
    new = f"/desk/{measure.alliance.slug}/campaigns/{measure.id}/endorsements/new"
    told = paper(document=(io.BytesIO(b""), ""), evidence="Minutes, page 2")
    assert post(client, new, told).status_code == 303
    assert (said(db).evidence, said(db).public_use) == ("Minutes, page 2", False)
    assert db.scalars(select(Message)).all() == []


def test_other_alliances_find_no_desk_and_members_may_not_look(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    own, ours = endorsing.endorse(measure, bar, given(), by_id=None), measure.alliance
    other = AllianceFactory()
    desk = f"/desk/{ours.slug}/campaigns/{measure.id}"
    elsewhere = f"/desk/{other.slug}/campaigns/{measure.id}"
    paths = ("support", "endorsements/new", f"endorsements/{own.id}.pdf")
    sign_in(client, coordinator_of(other))
    for path in paths:
        assert client.get(f"{desk}/{path}").status_code == 404
        assert client.get(f"{elsewhere}/{path}").status_code == 404
    drop = f"{elsewhere}/endorsements/{own.id}/withdraw"
    assert post(client, drop).status_code == 404
    sign_in(client, member_of(ours))
    assert client.get(f"{desk}/support").status_code == 403


def test_a_renewal_asks_each_endorser_once(
    client: FlaskClient, db: Session, measure: Measure, bar: Organization
) -> None:
    spoken = RepresentativeFactory(organization=bar)
    silent = OrganizationFactory()
    gone = OrganizationFactory()
    for organization in (bar, silent, gone):
        endorsing.endorse(measure, organization, given(), by_id=None)
    endorsing.withdraw(endorsement_queries.of_both(measure.id, gone.id))
    renewed = campaign(slug="again", stage=Stage.DRAFTING, prior_session_id=measure.id)
    published, renewed.published_at = renewed.published_at, None
    assert endorsing.ask_endorsers_again(renewed) == 0
    renewed.published_at = published
    assert endorsing.ask_endorsers_again(renewed) == 1
    assert endorsing.ask_endorsers_again(renewed) == 0
    mail = db.scalars(select(Message)).one()
    assert (mail.kind, mail.person_id) == ("campaigns/endorse_again", spoken.person_id)
    assert "/campaigns/again/endorse?organization=bar" in mail.text
    assert endorsing.ask_endorsers_again(measure) == 0
    sign_in(client, coordinator_of(renewed.alliance))
    button = f"/desk/{renewed.alliance.slug}/campaigns/{renewed.id}/endorsements/ask-again"
    assert post(client, button).location.endswith("/support?done=endorsers-left")
    RepresentativeFactory(organization=silent)
    assert post(client, button).location.endswith("/support?done=endorsers-asked")
    assert len(db.scalars(select(Message)).all()) == 2


def test_the_desk_shows_where_signers_live(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    ours, from_here = measure.alliance, PersonFactory(zip="43215", city="Columbus")
    for person in (from_here, PersonFactory(zip="43215"), PersonFactory(zip="90012")):
        post(client, "/campaigns/justice/sign", person=person)
    post(client, "/campaigns/justice/sign", person=PersonFactory(zip="44114", discreet=True))
    by_zip = endorsement_queries.signed_by_zip(measure.id)
    assert [(code, number) for code, _city, number in by_zip] == [("43215", 2), ("90012", 1)]
    sign_in(client, coordinator_of(ours))
    page = client.get(f"/desk/{ours.slug}/campaigns/{measure.id}/support").text
    assert "of those who signed live where it is decided" in page
    assert "43215" in page
    assert "44114" not in page


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_the_mails_read_as_agreed(
    db: Session, measure: Measure, bar: Organization, spoken: str
) -> None:
    RepresentativeFactory(organization=bar, person__name="Ada", person__language=spoken)
    sent = {"public_use": False, "evidence": "Minutes"}
    endorsing.record(measure, bar, given(**sent), None, by_id=None)
    renewed = campaign(
        slug="again", title="Justice Day 2028", year=2028, prior_session_id=measure.id
    )
    endorsing.ask_endorsers_again(renewed)
    for message in db.scalars(select(Message)):
        name = message.kind.removeprefix("campaigns/")
        assert_same(message.subject, SNAPSHOTS / f"{name}.{spoken}.subject.txt")
        assert_same(message.text, SNAPSHOTS / f"{name}.{spoken}.txt")
        assert_same(message.html, SNAPSHOTS / f"{name}.{spoken}.html")


def test_pages_of_support_take_the_same_statements_for_one_and_thirty(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    ours = measure.alliance
    desk = f"/desk/{ours.slug}/campaigns/{measure.id}/support"
    sign_in(client, coordinator_of(ours))
    counts = []
    for more in (1, 29):
        found = db.scalars(select(Measure).options(joinedload(Measure.body))).one()
        for _ in range(more):
            endorsing.endorse(found, OrganizationFactory(), given(), by_id=None)
            signing.sign(found, PersonFactory(), show_name=True)
        db.commit()
        with count_statements() as statements:
            assert client.get("/campaigns/justice/supporters").status_code == 200
            assert client.get(desk).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
