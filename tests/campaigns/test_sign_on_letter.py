"""The sign-on letter: who stands on it, in which group, and who does not."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.alliances.organization_models import OrganizationKind
from app.campaigns import endorsing, sign_on_letter, signing
from app.campaigns.endorsing import Given
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import clock
from tests.alliances.organizations import OrganizationFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, PersonFactory, coordinator_of
from tests.signing_in import sign_in


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    """A campaign with organizations of two kinds, an official in person, and four signers."""
    made = campaign(slug="justice", stage=Stage.SCHEDULED, title="Justice Day", place="Columbus",
                    us_state="OH", about="It is **time**.")  # fmt: skip
    for name, kind, more in (
        ("Synagogue", OrganizationKind.FAITH, {}),
        ("Bar", OrganizationKind.BAR, {}),
        ("Law School", OrganizationKind.SCHOOL, {"for_identification": True}),
        ("Hidden Union", OrganizationKind.UNION, {"public_use": False}),
    ):
        told = {"by": "Ada Okafor", "title": "Dean", "on": clock.today(), "public_use": True}
        endorsing.endorse(made, OrganizationFactory(name=name, kind=kind), Given(**told | more),
                          by_id=None)  # fmt: skip
    signing.sign(made, PersonFactory(name="Maria"), show_name=True, affiliation="Judge, Ohio")
    signing.sign(made, PersonFactory(name="Leo", zip="90012"), show_name=True)
    signing.sign(made, PersonFactory(name="Quiet"), show_name=False)
    signing.sign(made, PersonFactory(name="Shy", discreet=True), show_name=True)
    return made


def test_names_are_grouped_and_marked(measure: Measure) -> None:
    told = sign_on_letter.values(measure)
    assert told["organizations"] == [
        {"heading": "Community of faith", "names": ["Synagogue, Columbus (by Ada Okafor, Dean)"]},
        {"heading": "Bar association", "names": ["Bar, Columbus (by Ada Okafor, Dean)"]},
    ]
    assert told["groups"] == [
        {
            "heading": "From Columbus, OH",
            "names": ["Maria, Judge, Ohio*", "Ada Okafor, Dean, Law School*"],
        },
        {"heading": "From elsewhere", "names": ["Leo"]},
    ]
    assert told["count"] == "4 people have asked for this; 3 of them live in Columbus, OH."
    assert told["note"].startswith("* For identification only")


def test_whoever_signs_in_person_stands_on_the_public_page_too(
    client: FlaskClient, measure: Measure
) -> None:
    page = client.get("/campaigns/justice/supporters").text
    for name in ("Maria, Judge, Ohio*", "Leo", "Ada Okafor, Dean, Law School*"):
        assert f"<li>{name}</li>" in page
    assert page.count("Ada Okafor") == 1
    assert "For identification only." in page
    for hidden in ("Hidden Union", "Quiet", "Shy"):
        assert hidden not in page


def test_the_letter_is_a_pdf_for_the_desk_only(client: FlaskClient, measure: Measure) -> None:
    ours = measure.alliance
    path = f"/desk/{ours.slug}/campaigns/{measure.id}/letter.pdf"
    assert client.get(path).status_code == 303
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(path).status_code == 404
    sign_in(client, coordinator_of(ours))
    answer = client.get(path)
    assert answer.content_type == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for words in ("Justice Day", "It is time.", "Synagogue", "Maria", "identification only"):
        assert words in text
    for hidden in ("Hidden Union", "Quiet", "Shy"):
        assert hidden not in text


def test_a_letter_without_anybody_is_still_a_letter(client: FlaskClient, db: Session) -> None:
    alone = campaign(slug="alone", stage=Stage.SCHEDULED)
    told = sign_on_letter.values(alone)
    assert (told["organizations"], told["groups"], told["note"], told["count"]) == ([], [], "", "")
