"""What everybody sees of a campaign, and what only its organizers do."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import measure_queries, records, signing, turnouts, whip
from app.campaigns.measure_models import Stance
from app.campaigns.stages import Stage
from app.campaigns.standing import Heard, Level
from app.campaigns.turnouts import Told
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import MeasureFactory, campaign, with_text
from tests.factories import PersonFactory, coordinator_of, member_of
from tests.signing_in import sign_in
from tests.statements import count_statements


def test_the_page_says_what_is_asked_and_where_it_stands(client: FlaskClient, db: Session) -> None:
    measure = with_text(
        campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, about="We ask for **July 17**.")
    )
    signing.sign(measure, PersonFactory(), show_name=False)
    signing.sign(measure, PersonFactory(zip="90012"), show_name=True)
    db.commit()
    with count_statements() as statements:
        page = client.get("/campaigns/justice").text
    assert len(statements) <= 4
    for words in (
        "Step 2 of 5: Sponsor",
        "Finding a sponsor",
        "2 people ask for this. 1 of them lives here.",
        "Add your name",
        "WHEREAS",
        "July 17 marks the adoption of the Rome Statute",
        "<strong>July 17</strong>",
        "https://example.org/file",
    ):
        assert words in page


def test_the_day_on_which_it_passed_stays_after_copies_were_sent(
    client: FlaskClient, db: Session
) -> None:
    measure = campaign(slug="justice", stage=Stage.FINAL, stage_on="2026-07-09")
    records.enter(measure, Stage.TRANSMITTED, "2026-07-14", {}, by_id=None)
    page = client.get("/campaigns/justice").text
    assert "<h2>Passed</h2><p>July 9, 2026 · " in page


def test_everybody_never_learns_where_the_votes_stand(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="justice", stage=Stage.SEEKING_SPONSOR)
    ana = coordinator_of(measure.alliance, name="Ana Secret")
    measure.owner_id = ana.id
    seat = SeatFactory(body=measure.body)
    SeatTermFactory(seat=seat, name="Official Hidden")
    whip.note_word(
        measure,
        seat.id,
        Level.NO,
        Heard.WRITING,
        clock.today(),
        evidence="She told us no",
        asked_by_id=ana.id,
    )
    whip.assign(measure, seat.id, ana.id, clock.today())
    page = client.get("/campaigns/justice").text
    for secret in ("Ana Secret", "Official Hidden", "She told us no", "firm"):
        assert secret not in page
    sign_in(client, ana)
    desk = client.get(f"/desk/{measure.alliance.slug}/campaigns/{measure.id}/votes").text
    for known in ("Official Hidden", "She told us no", "Ana Secret"):
        assert known in desk


def test_drafts_and_desks_are_for_their_organizers(client: FlaskClient, db: Session) -> None:
    measure = MeasureFactory(slug="secret", published_at=None)
    alliance = measure.alliance
    desk = f"/desk/{alliance.slug}/campaigns/{measure.id}"
    assert client.get("/campaigns/secret").status_code == 404
    sign_in(client, PersonFactory())
    assert client.get("/campaigns/secret").status_code == 404
    assert client.get(desk).status_code == 404
    sign_in(client, member_of(alliance))
    assert client.get(desk).status_code == 403
    sign_in(client, coordinator_of(alliance))
    assert client.get("/campaigns/secret").status_code == 200
    assert client.get(desk).status_code == 200
    elsewhere = MeasureFactory(published_at=None)
    other = f"/desk/{alliance.slug}/campaigns/{elsewhere.id}"
    assert client.get(other).status_code == 404


def test_a_place_shows_its_years_with_the_one_that_was_left_out(
    client: FlaskClient, db: Session
) -> None:
    body = BodyFactory()
    year = clock.today().year
    campaign(body=body, stage=Stage.FINAL, stage_on=str(year - 3), year=year - 3)
    campaign(body=body, stage=Stage.FINAL, stage_on=str(year - 1), year=year - 1)
    campaign(body=body, slug="now", stage=Stage.SEEKING_SPONSOR, year=year)
    page = client.get("/campaigns/now").text
    assert page.count("Not renewed") == 1
    assert f">{year - 2}</th>" in page


def test_what_we_oppose_takes_no_names(client: FlaskClient, db: Session) -> None:
    campaign(slug="opposed", stage=Stage.INTRODUCED, stance=Stance.OPPOSE)
    page = client.get("/campaigns/opposed").text
    assert "Add your name" not in page
    assert "We do not support this one" in page
    assert client.get("/campaigns/opposed/sign").status_code == 404


def test_the_text_as_one_line_for_each_clause(client: FlaskClient, db: Session) -> None:
    with_text(campaign(slug="justice"))
    lines = client.get("/campaigns/justice/text.txt").text.splitlines()
    assert lines == [
        "A resolution",
        "",
        "WHEREAS, July 17 marks the adoption of the Rome Statute; now, therefore, be it",
        "RESOLVED, that the City of Columbus recognizes July 17.",
    ]
    campaign(slug="without")
    assert client.get("/campaigns/without/text.txt").status_code == 404


def test_the_next_public_date_is_said(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="justice", stage=Stage.REPORTED)
    facts = {
        "meeting_on": "2199-07-06",
        "meeting_time": "10:00",
        "meeting_place": "City Hall",
        "agenda_url": "https://example.org/agenda",
    }
    records.enter(measure, Stage.SCHEDULED, "2027-07-01", facts, by_id=None)
    page = client.get("/campaigns/justice").text
    assert "July 6, 2199, 10:00 AM, City Hall" in page


def test_a_resting_campaign_says_what_that_means(client: FlaskClient, db: Session) -> None:
    campaign(slug="justice", stage=Stage.DORMANT)
    page = client.get("/campaigns/justice").text
    assert "It rests: nobody works on it for now, and no names are collected." in page
    assert "Add your name" not in page


def test_before_a_meeting_is_set_the_day_itself_is_the_next_date(
    client: FlaskClient, db: Session
) -> None:
    measure = campaign(slug="justice", stage=Stage.DRAFTING, target_on=date(2199, 7, 17))
    said = "July 17, 2199, the day that it is meant for"
    assert said in client.get("/campaigns/justice").text
    records.enter(measure, Stage.SCHEDULED, "2026-11-01", {"meeting_on": "2026-11-09"}, by_id=None)
    assert said not in client.get("/campaigns/justice").text


def test_a_meeting_at_which_people_shall_speak_is_a_public_date(
    client: FlaskClient, db: Session
) -> None:
    measure = campaign(slug="justice", stage=Stage.INTRODUCED, target_on=date(2199, 7, 17))
    for on, place in (("2020-01-01", "Over"), ("2199-06-08", "Room 2"), ("2199-06-01", "Room 1")):
        turnouts.begin(measure, Told(date.fromisoformat(on), place=place))
    turnouts.begin(campaign(slug="another"), Told(date(2199, 5, 1), place="Elsewhere"))
    assert "Next public date:</b> June 1, 2199, Room 1" in client.get("/campaigns/justice").text
    meeting = {"meeting_on": "2199-05-25", "meeting_time": "10:00", "meeting_place": "City Hall"}
    records.enter(measure, Stage.SCHEDULED, "2026-11-01", meeting, by_id=None)
    said = "May 25, 2199, 10:00 AM, City Hall"
    assert f"Next public date:</b> {said}" in client.get("/campaigns/justice").text


def test_the_next_public_date_is_gone_after_the_decision(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="justice", stage=Stage.INTRODUCED)
    meeting = {"meeting_on": "2999-07-06", "meeting_time": "10:00", "meeting_place": "City Hall"}
    records.enter(measure, Stage.SCHEDULED, "2026-11-01", meeting, by_id=None)
    assert "Next public date" in client.get("/campaigns/justice").text
    records.enter(measure, Stage.ADOPTED, "2026-11-02", {}, by_id=None)
    assert "Next public date" not in client.get("/campaigns/justice").text


def test_adding_a_name_is_the_one_thing_asked_of_a_reader(client: FlaskClient, db: Session) -> None:
    measure = campaign(slug="justice", stage=Stage.SEEKING_SPONSOR)
    sign_in(client, coordinator_of(measure.alliance))
    page = client.get("/campaigns/justice").text
    assert page.count('class="btn"') == 1
    assert '<a class="btn" href="/campaigns/justice/sign">Add your name</a>' in page


def test_years_in_a_row_without_one_stand_in_one_line(client: FlaskClient, db: Session) -> None:
    first = campaign(slug="justice", stage=Stage.FINAL, stage_on="2011")
    campaign(body=first.body, stage=Stage.FINAL, stage_on="2015")
    years = measure_queries.years_of(first.body_id, until=2018)
    assert [(here.span, here.measure is None) for here in years] == [
        ("2016–2018", True),
        ("2015", False),
        ("2012–2014", True),
        ("2011", False),
    ]
    assert '<th scope="row">2012–2014</th>' in client.get("/campaigns/justice").text
