"""The desk of an alliance tells its campaigns: what moved, what is due, who has not answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import desk_cards, records, renewing, whip
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure
from app.campaigns.silent import Silent
from app.campaigns.stages import Stage
from app.campaigns.standing import Heard, Level
from app.campaigns.support_models import Endorsement
from app.foundation import clock
from tests.alliances.organizations import OrganizationFactory
from tests.campaigns.councils import BodyFactory, MeetingPatternFactory, SeatFactory
from tests.campaigns.world import campaign, with_text
from tests.factories import coordinator_of
from tests.signing_in import sign_in
from tests.statements import count_statements

NOW = datetime(2027, 3, 1, 16, tzinfo=UTC)
TODAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def body(client: FlaskClient, db: Session) -> Body:
    """A council that meets on two Mondays; its alliance's coordinator is signed in."""
    made: Body = BodyFactory(alliance__slug="columbus")
    MeetingPatternFactory(body=made)
    sign_in(client, coordinator_of(made.alliance))
    return made


def cards(body: Body) -> desk_cards.Cards:
    return desk_cards.of(body.alliance_id or 0, TODAY)


def moved(measure: Measure, days_ago: int) -> Measure:
    """It was filed so many days ago."""
    entry = records.enter(measure, Stage.INTRODUCED, "2027-02", {}, by_id=None)
    entry.entered_at = clock.now() - timedelta(days=days_ago)
    return measure


def endorsed(db: Session, measure: Measure, organization_id: int, **values: object) -> None:
    row = Endorsement(
        measure_id=measure.id,
        organization_id=organization_id,
        authorized_by="Jo",
        authorized_on=TODAY,
        entered_at=clock.now(),
        **values,
    )
    db.add(row)
    db.flush()


def test_what_moved_in_two_weeks_is_told_newest_first(db: Session, body: Body) -> None:
    older, newer = (moved(campaign(body=body), days) for days in (13, 2))
    moved(campaign(body=body), 15)
    moved(campaign(body=body, historical=True), 1)
    moved(campaign(), 1)
    campaign(body=body)

    assert list(cards(body).moved) == [newer, older]


def test_the_next_steps_of_three_weeks_are_told_soonest_first(db: Session, body: Body) -> None:
    reckoned = campaign(body=body, target_on=date(2027, 3, 24), stage=Stage.SPONSORED)
    late = campaign(body=body, next_due_on=date(2027, 2, 27))
    campaign(body=body, next_due_on=date(2027, 3, 23))
    campaign(body=body, target_on=date(2027, 12, 10))
    campaign(body=body)

    due = cards(body).due

    assert [(each.measure, each.on) for each in due] == [
        (late, date(2027, 2, 27)),
        (reckoned, date(2027, 3, 18)),
    ]


def test_seats_and_endorsers_that_are_silent_are_counted(db: Session, body: Body) -> None:
    prior = campaign(body=body, year=2026, stage=Stage.FINAL, stage_on="2026-07-01")
    measure = campaign(body=body, prior_session_id=prior.id)
    said, *silent = (SeatFactory(body=body) for _ in range(3))
    for seat in (said, *silent):
        whip.assign(measure, seat.id, None, None)
    whip.note_word(
        measure, said.id, Level.YES, Heard.WRITING, TODAY, evidence="A letter", asked_by_id=None
    )
    back, away, unasked = (OrganizationFactory().id for _ in range(3))
    for number in (back, away):
        endorsed(db, prior, number, asked_again_on=TODAY)
    endorsed(db, prior, unasked)
    endorsed(db, measure, back)

    assert list(cards(body).silent) == [Silent(measure, seats=2, organizations=1)]


def test_a_draft_from_last_year_is_told_once(client: FlaskClient, db: Session, body: Body) -> None:
    last_year = with_text(
        campaign(
            body=body,
            title="Justice Day 2026",
            year=2026,
            stage=Stage.FINAL,
            stage_on="2026-03-10",
            target_on=date(2026, 3, 17),
        )
    )
    renewal = renewing.renew(last_year)

    assert cards(body).drafted == [renewal]
    assert list(cards(body).due) == []
    html = client.get("/desk/columbus/").text
    assert html.count("Justice Day 2027") == 1
    assert f"{body.name} · Drafted from last year: will you ask again?" in html


def test_the_desk_shows_them_with_links(client: FlaskClient, db: Session, body: Body) -> None:
    measure = moved(campaign(body=body, title="Justice Day", next_due_on=date(2027, 2, 1)), 1)
    whip.assign(measure, SeatFactory(body=body).id, None, None)

    html = client.get("/desk/columbus/").text

    assert f'href="/desk/columbus/campaigns/{measure.id}/votes"' in html
    assert "1 seat has not answered." in html
    assert "It moved: Filed" in html
    assert f"Justice Day · {body.name} · by Feb 1, 2027" in html
    assert '<span class="tag no">late</span>' in html


def test_a_desk_without_campaigns_says_nothing_of_them(client: FlaskClient, body: Body) -> None:
    assert not cards(body)
    assert "campaigns" not in client.get("/desk/columbus/").text.split("<main")[1]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_cards_take_the_same_statements_with_thirty(db: Session, body: Body, rows: int) -> None:
    for _ in range(rows):
        measure = moved(campaign(body=body, target_on=date(2027, 3, 24)), 1)
        whip.assign(measure, SeatFactory(body=body).id, None, None)
    alliance_id = body.alliance_id or 0
    db.flush()
    db.expire_all()

    with count_statements() as statements:
        desk_cards.of(alliance_id, TODAY)

    assert len(statements) == 10
