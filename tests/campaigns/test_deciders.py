"""Texts fit whoever decides, a council or one mayor, and say of their writer only what is known."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import aftercare, brief, office_words, sign_on_letter, turnouts
from app.campaigns.body_models import BodyKind, Instrument, SeatKind
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.turnout_models import Turnout
from app.foundation import clock
from app.foundation.language import speaking
from app.foundation.web import Whereas
from tests.campaigns.councils import BodyFactory, DivisionFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign
from tests.factories import PersonFactory, coordinator_of
from tests.signing_in import sign_in

PAGE = "/campaigns/day"
TITLE = "Justice Day"


def asked_of_an_office(**values: object) -> Measure:
    """A proclamation asked of somebody who decides alone."""
    body = BodyFactory(kind=BodyKind.EXECUTIVE, name="Mayor of Columbus", **values)
    made = campaign(
        slug="day",
        title=TITLE,
        body=body,
        instrument=Instrument.PROCLAMATION,
        stage=Stage.REQUESTED,
    )
    seat = SeatFactory(body=body, kind=SeatKind.PRESIDING, label="Mayor")
    SeatTermFactory(seat=seat, name="Frida Lee", email="mayor@example.gov")
    return made


@pytest.fixture
def proclamation(client: FlaskClient, db: Session) -> Measure:
    return asked_of_an_office()


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def meeting(measure: Measure) -> Turnout:
    return turnouts.begin(measure, turnouts.Told(on=clock.today() + timedelta(days=9)))


def test_a_mayor_is_asked_to_issue_not_to_vote(client: FlaskClient, proclamation: Measure) -> None:
    page = read(client, f"{PAGE}/contact")
    assert "Dear Mayor Frida Lee," in page
    assert "I ask that you issue this proclamation: Justice Day." in page
    assert "I ask that Mayor Frida Lee issue this proclamation: Justice Day." in page
    assert "Can you tell me whether Mayor Frida Lee will issue it?" in page
    assert "vote" not in page.split("<main")[1].lower()


def test_the_public_page_of_a_proclamation_knows_no_council(
    client: FlaskClient, proclamation: Measure
) -> None:
    page = read(client, PAGE).split("<main")[1]
    assert "Write or call the mayor's office" in page
    assert "Step 2 of 4: At the office" in page
    assert "council" not in page.replace("The council's page", "").lower()
    assert "Speak at the meeting" not in page
    assert "Who sponsors it" not in page


def test_the_desk_of_a_proclamation_counts_no_votes(
    client: FlaskClient, proclamation: Measure
) -> None:
    sign_in(client, coordinator_of(proclamation.alliance))
    desk = f"/desk/{proclamation.alliance.slug}/campaigns/{proclamation.id}"
    page = read(client, desk)
    assert "What the office says" in page
    assert "needed of" not in page
    assert "Where the votes stand" not in page
    assert "needed of" not in read(client, f"{desk}/votes")
    planned = read(client, f"{desk}/visits/new")
    assert "We ask the Mayor of Columbus to issue this proclamation: Justice Day." in planned


def test_testimony_brief_and_joint_letter_ask_for_a_proclamation(proclamation: Measure) -> None:
    at = meeting(proclamation)
    said = turnouts.draft(at, PersonFactory(name="Maria"), ())
    assert "I ask you to issue this proclamation: Justice Day." in said
    assert said.endswith("Please issue it. Thank you.")
    ask = "the Mayor of Columbus to issue this proclamation: Justice Day."
    assert brief.values(at, ())["ask"] == f"We ask {ask}"
    opening = sign_on_letter.values(proclamation)["opening"]
    assert opening == f"The organizations and people who sign below ask {ask}"


def test_the_press_reads_that_an_office_issued_it(db: Session, proclamation: Measure) -> None:
    proclamation.stage, proclamation.stage_on = Stage.FINAL, "2027-07-15"
    note = aftercare.press_note(proclamation)
    assert "The Mayor of Columbus has issued “Justice Day” (July 15, 2027)." in note


@pytest.mark.parametrize(
    ("division_id", "office"),
    [
        ("ocd-division/country:us/state:oh", "governor's"),
        ("ocd-division/country:us/state:oh/county:franklin", "county executive's"),
        ("ocd-division/country:us/state:co/county:denver", "mayor's"),
        ("ocd-division/country:us/district:dc", "mayor's"),
    ],
)
def test_an_office_is_called_by_its_place(
    client: FlaskClient, db: Session, division_id: str, office: str
) -> None:
    asked_of_an_office(division=DivisionFactory(id=division_id))
    assert f"Write or call the {office} office" in read(client, PAGE)


def test_after_the_vote_the_mayor_of_the_same_place_is_asked_to_sign(
    client: FlaskClient, db: Session
) -> None:
    measure = campaign(slug="day", title=TITLE, stage=Stage.AWAITING_EXECUTIVE)
    measure.body.clerk_email, here = "clerk@example.gov", measure.body.division
    sitting = SeatFactory(body=measure.body, kind=SeatKind.AT_LARGE)
    SeatTermFactory(seat=sitting, name="Alan Large", email="alan@example.gov")
    alone = read(client, f"{PAGE}/contact")
    assert "Dear Mayor," in alone
    assert "I ask that you sign this: Justice Day." in alone
    assert "mailto:clerk@example.gov" in alone
    office = BodyFactory(kind=BodyKind.EXECUTIVE, division=here)
    seat = SeatFactory(body=office, kind=SeatKind.PRESIDING, label="Mayor")
    SeatTermFactory(seat=seat, name="Frida Lee", email="mayor@example.gov")
    known = read(client, f"{PAGE}/contact")
    assert "Dear Mayor Frida Lee," in known
    assert "mailto:mayor@example.gov" in known
    assert "Alan Large" not in known


def test_after_a_veto_the_members_are_asked_to_override_it(
    client: FlaskClient, db: Session
) -> None:
    measure = campaign(slug="day", title=TITLE, stage=Stage.VETOED)
    assert "I ask that you vote to override the veto of this: Justice Day." in read(
        client, f"{PAGE}/contact"
    )
    assert "Will you vote to override it? Please let me know." in read(client, f"{PAGE}/contact")
    measure.stage = Stage.ADOPTED
    assert client.get(f"{PAGE}/contact").status_code == 404
    assert "/contact" not in read(client, PAGE)


def test_nobody_is_said_to_live_where_they_did_not_say(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="day", title=TITLE, stage=Stage.SCHEDULED)
    measure.place, measure.us_state = "Columbus", "OH"
    at, stranger = meeting(measure), PersonFactory(name="Maria", city=None, state=None)
    away = PersonFactory(name="Dora", city="Dublin", state="OH")
    unknown = "I live in [your city or neighborhood]."
    assert f"My name is Maria. {unknown}" in turnouts.draft(at, stranger, ())
    assert "My name is Dora. I live in Dublin, OH." in turnouts.draft(at, away, ())
    assert unknown in read(client, f"{PAGE}/contact")
    assert "and I live in …." in read(client, f"{PAGE}/contact")
    sign_in(client, away)
    page = read(client, f"{PAGE}/contact")
    assert "I live in Dublin, OH. I ask that you vote" in page
    assert "My name is Dora".lower() in page.lower()
    assert "I live in Columbus" not in page


def test_the_desk_of_a_proclamation_offers_neither_speakers_nor_sponsors(
    client: FlaskClient, proclamation: Measure
) -> None:
    sign_in(client, coordinator_of(proclamation.alliance))
    desk = f"/desk/{proclamation.alliance.slug}/campaigns/{proclamation.id}"
    page = client.get(desk).text
    assert f'href="{desk}/visits"' in page
    assert f'href="{desk}/speakers"' not in page
    assert f'href="{desk}/sponsors"' not in page


def test_offices_and_seats_are_said_in_the_readers_language(
    app: Whereas, client: FlaskClient, proclamation: Measure
) -> None:
    page = read(client, f"/es{PAGE}/contact")
    assert "Frida Lee, Alcalde/sa" in page
    assert "Estimado/a Alcalde/sa Frida Lee:" in page
    assert "Mayor" not in page.split("<main")[1]
    coming = meeting(proclamation)
    with app.test_request_context(), speaking("es"):
        paper = brief.values(coming, [])
        letter = sign_on_letter.values(proclamation)
    said = "Pedimos a la Alcaldía de Columbus que emita esta proclamación: Justice Day."
    assert (paper["council"], paper["ask"]) == ("Alcaldía de Columbus", said)
    assert letter["to"] == ["Alcaldía de Columbus"]
    assert "piden a la Alcaldía de Columbus que emita" in letter["opening"]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("District 2", "Distrito 2"),
        ("at large", "De toda la ciudad"),
        ("Council President", "Presidente/a del concejo"),
        ("Council Member, District 2", "Council Member, District 2"),
        ("Mayor Pro Tem", "Mayor Pro Tem"),
        ("", ""),
    ],
)
def test_a_seat_is_said_in_spanish_where_its_label_is_a_usual_one(
    app: Whereas, label: str, said: str
) -> None:
    with app.test_request_context(), speaking("es"):
        assert office_words.seat(label) == said


@pytest.mark.parametrize(
    ("name", "label", "said"),
    [
        ("Frida Lee", "Mayor", "Alcalde/sa Frida Lee"),
        ("Mayor Frida Lee", "Mayor", "Alcalde/sa Frida Lee"),
        ("Mayoral Lee", "Mayor", "Alcalde/sa Mayoral Lee"),
        ("Mayor", "Mayor", "Alcalde/sa"),
        ("Frida Lee", "", "Frida Lee"),
    ],
)
def test_a_title_stands_once_before_a_name(app: Whereas, name: str, label: str, said: str) -> None:
    with app.test_request_context(), speaking("es"):
        assert office_words.titled(name, label) == said


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        (BodyKind.CITY_COUNCIL, "the mayor"),
        (BodyKind.COUNTY_BOARD, "a county executive"),
        (BodyKind.LEGISLATURE, "the governor"),
        (BodyKind.SCHOOL_BOARD, "anybody"),
    ],
)
def test_a_clerk_is_asked_who_signs_as_their_council_has_it(
    client: FlaskClient, db: Session, kind: BodyKind, who: str
) -> None:
    body = BodyFactory(kind=kind, name="The Board")
    sign_in(client, coordinator_of(body.alliance))
    page = read(client, f"/desk/{body.alliance.slug}/councils/{body.slug}/call")
    assert f"Does {who} have to sign it?" in page
    assert page.count("have to sign it?") == 1
