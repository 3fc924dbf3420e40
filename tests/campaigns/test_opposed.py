"""What we oppose is watched and never counts; who stands behind a resolution."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import (
    measure_queries,
    measure_words,
    records,
    register_counts,
    renewal_queries,
    sponsor_profiles,
)
from app.campaigns.body_models import BodyKind
from app.campaigns.measure_models import Measure, Sponsorship, Stance
from app.campaigns.sponsor_profiles import Told
from app.campaigns.stages import Stage
from app.foundation import clock
from tests.campaigns.congress import LegislatorFactory
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of
from tests.signing_in import post, sign_in


@pytest.fixture
def opposed(client: FlaskClient, db: Session) -> Measure:
    """Adopted last year, with a source: everything that would make another one count."""
    made = campaign(
        slug="against",
        title="Against the Court",
        stance=Stance.OPPOSE,
        stage=Stage.FINAL,
        year=clock.today().year - 1,
    )
    records.refresh(made)
    return made


def test_what_we_oppose_is_listed_and_never_counts(
    client: FlaskClient, db: Session, opposed: Measure
) -> None:
    assert not opposed.counted
    assert register_counts.totals().passed == 0
    assert list(measure_queries.years_of(opposed.body_id)) == []
    assert list(renewal_queries.lapsed(opposed.alliance_id)) == []
    assert "Against the Court" not in client.get("/campaigns/?phase=passed").text
    assert "0 resolutions passed" in client.get("/campaigns/").text
    bills = json.loads(client.get("/campaigns.json").text)
    assert "Against the Court" in json.dumps(bills)
    watched = client.get("/campaigns/watched").text
    assert "Against the Court" in watched
    assert "We oppose it: Passed" in watched


def test_what_we_want_is_not_among_the_watched(client: FlaskClient, opposed: Measure) -> None:
    campaign(slug="for", title="For the Court")
    assert "For the Court" not in client.get("/campaigns/watched").text


def test_nobody_is_asked_to_sign_endorse_write_or_speak_for_it(
    client: FlaskClient, opposed: Measure
) -> None:
    opposed.stage = Stage.REFERRED
    for path in ("sign", "contact", "speak"):
        assert client.get(f"/campaigns/against/{path}").status_code == 404
    page = client.get("/campaigns/against").text
    assert "We do not support this one." in page
    assert "/campaigns/against/sponsors" in page


def test_the_next_step_is_to_watch_it(opposed: Measure) -> None:
    assert measure_words.next_step(opposed) == ""
    opposed.stage = Stage.INTRODUCED
    assert measure_words.next_step(opposed) == "Ask the clerk when it comes up, and watch it"
    opposed.stage = Stage.ADOPTED
    assert measure_words.next_step(opposed) == "Watch whether it becomes final"
    opposed.next_step = "Call the chair"
    assert measure_words.next_step(opposed) == "Call the chair"


def test_its_desk_offers_neither_thanks_nor_copies(client: FlaskClient, opposed: Measure) -> None:
    sign_in(client, coordinator_of(opposed.alliance))
    desk = client.get(f"/desk/{opposed.alliance.slug}/campaigns/{opposed.id}").text
    assert "Press note" not in desk
    assert "press note" not in desk
    assert "Copies were sent" not in desk
    assert "It was taken back" in desk


@pytest.mark.parametrize("stage", ["transmitted", "completed"])
def test_its_desk_takes_no_copies_or_thanks_from_a_forged_form(
    client: FlaskClient, opposed: Measure, stage: str
) -> None:
    sign_in(client, coordinator_of(opposed.alliance))
    told = {
        "version": str(opposed.version),
        "recipients": "Senator One",
        "sent_on": "2026-01-05",
        "sending_method": "mail",
        "thanked_on": "2026-01-05",
        "published_on": "2026-01-06",
    }
    desk = f"/desk/{opposed.alliance.slug}/campaigns/{opposed.id}"
    answer = post(client, f"{desk}/happened/{stage}", told)
    assert answer.status_code == 422
    assert "We oppose this one: nobody sends copies of it, or thanks for it." in answer.text
    assert opposed.stage == Stage.FINAL


@pytest.mark.parametrize("form", ["copy", "thanks", "copies"])
def test_it_has_no_page_of_what_follows_a_vote(
    client: FlaskClient, opposed: Measure, form: str
) -> None:
    sign_in(client, coordinator_of(opposed.alliance))
    after = f"/desk/{opposed.alliance.slug}/campaigns/{opposed.id}/after"
    assert client.get(after).status_code == 404
    assert post(client, f"{after}/{form}", {}).status_code == 404


def test_sponsors_are_shown_with_seat_terms_and_other_records(
    client: FlaskClient, db: Session
) -> None:
    body = BodyFactory(alliance=AllianceFactory(slug="columbus"))
    measure = campaign(slug="against", body=body, stance=Stance.OPPOSE, stage=Stage.REFERRED)
    other = campaign(slug="before", body=body, title="The year before", year=2025)
    seat = SeatFactory(body=body, label="District 2")
    SeatTermFactory(seat=seat, name="Dora Official", phone="614 555 0100", party="Independent")
    sponsor_profiles.add(other, Told("dora official", "", None, True, ""))
    sign_in(client, coordinator_of(body.alliance))
    desk = f"/desk/columbus/campaigns/{measure.id}/sponsors"
    assert post(client, f"{desk}/new", {}).status_code == 422
    wrong = post(client, f"{desk}/new", {"seat": seat.id, "since": "2027-02-31"})
    assert "There is no such day." in wrong.text
    told = {"seat": seat.id, "is_primary": "y", "since": "2027-03"}
    assert post(client, f"{desk}/new", told).status_code == 303
    assert post(client, f"{desk}/new", {"name": "Gone Member"}).status_code == 303
    page = client.get("/campaigns/against/sponsors").text
    for words in (
        "Dora Official",
        "District 2",
        "Independent",
        "614 555 0100",
        "In office",
        "March 2027",
        "The year before",
        "Gone Member",
        "Has left office",
    ):
        assert words in page
    gone = db.scalars(select(Sponsorship).where(Sponsorship.name == "Gone Member")).one()
    assert "Gone Member" in client.get(desk).text
    assert post(client, f"{desk}/{gone.id}/remove").status_code == 303
    assert "Gone Member" not in client.get(desk).text


def test_members_of_congress_are_known_by_name(client: FlaskClient, db: Session) -> None:
    body = BodyFactory(kind=BodyKind.CONGRESS)
    measure = campaign(slug="hres", body=body, stance=Stance.OPPOSE, stage=Stage.REFERRED)
    LegislatorFactory(name="Ann Wagner", state="MO", party="Republican")
    sponsor_profiles.add(measure, Told("Ann Wagner", "", None, True, "2027"))
    page = client.get("/campaigns/hres/sponsors").text
    for words in ("In Congress", "Republican", "MO"):
        assert words in page


def test_a_record_without_sponsors_tells_their_number(
    client: FlaskClient, opposed: Measure
) -> None:
    opposed.sponsor_count = 7
    alliance, number = opposed.body.alliance, opposed.id
    page = client.get("/campaigns/against/sponsors").text
    assert "The record says that 7 sponsor it." in page
    sign_in(client, coordinator_of(alliance))
    desk = client.get(f"/desk/{alliance.slug}/campaigns/{number}/sponsors").text
    assert "The record says that 7 sponsor it." in desk


def test_sponsors_of_others_are_not_removed(client: FlaskClient, db: Session) -> None:
    ours: Alliance = AllianceFactory(slug="columbus")
    mine = campaign(body=BodyFactory(alliance=ours))
    theirs = campaign(slug="theirs")
    row = sponsor_profiles.add(theirs, Told("Dora", "", None, True, ""))
    sign_in(client, coordinator_of(ours))
    path = f"/desk/columbus/campaigns/{mine.id}/sponsors"
    assert post(client, f"{path}/{row.id}/remove").status_code == 404
    assert client.get(f"/desk/columbus/campaigns/{theirs.id}/sponsors").status_code == 404
    assert db.scalars(select(Sponsorship.name)).all() == ["Dora"]


def test_nobody_agrees_that_what_we_oppose_passed(db: Session, opposed: Measure) -> None:
    opposed.stage = Stage.ADOPTED
    records.propose(opposed, Stage.FINAL, proposed=True)
    assert not opposed.awaits_agreement
