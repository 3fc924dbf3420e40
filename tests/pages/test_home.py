"""The home page, what search engines see, and what we say we keep."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances.models import LifeCycle
from app.events.models import EventState
from app.foundation.web import Whereas
from tests.conftest import MakeApp
from tests.factories import AllianceFactory, EditionFactory, EventFactory
from tests.statements import count_statements

NOVEMBER = datetime.fromisoformat("2026-11-21T12:00:00-05:00")


def test_the_first_sentence_says_who_we_are_and_what_for(client: FlaskClient) -> None:
    page = client.get("/").text

    assert (
        "Coalition for Justice is a coalition of American organizations and neighbors, "
        "and we support the International Criminal Court." in page
    )


def test_an_empty_site_says_what_to_do_first(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "No alliance yet" in page
    assert "No event is planned right now" in page


@time_machine.travel(NOVEMBER, tick=False)
def test_the_next_justice_day_counts_down_and_says_who_answered(
    client: FlaskClient, db: Session
) -> None:
    edition = EditionFactory(year=2027)
    for answers in (True, True, False):
        alliance = AllianceFactory()
        if answers:
            EventFactory(alliance=alliance, edition_id=edition.id)
            EventFactory(alliance=alliance, edition_id=edition.id)

    page = client.get("/").text

    assert "International Justice Day 2027" in page
    assert "Saturday, July 17, 2027" in page
    assert "in 238 days" in page
    assert "2 of 3 alliances have answered the call." in page


def test_the_next_day_is_the_next_that_is_open(client: FlaskClient, db: Session) -> None:
    EditionFactory(year=2027)
    soon = EditionFactory(observance__key="torture-victims-day", year=2027, on=date(2027, 6, 26))
    EditionFactory(
        observance__key="srebrenica-day", year=2027, on=date(2027, 1, 11), opened_at=None
    )
    page = client.get("/").text
    assert "Torture Victims Day 2027" in page
    assert f"/observances/{soon.observance_key}/2027" in page


def test_a_day_with_events_goes_before_a_sooner_one_without(
    client: FlaskClient, db: Session
) -> None:
    soon = EditionFactory(observance__key="torture-victims-day", year=2027, on=date(2027, 6, 26))
    EventFactory(edition=EditionFactory(year=2027))
    EventFactory(edition=soon, state=EventState.DRAFT)
    page = client.get("/").text
    assert "/observances/justice-day/2027" in page
    assert "1 of 2 alliances have answered the call." in page


def test_drafts_and_proposals_are_not_shown(client: FlaskClient, db: Session) -> None:
    AllianceFactory(name="Secret Alliance", life_cycle=LifeCycle.PROPOSED)
    EventFactory(title="Secret draft", state=EventState.DRAFT)

    page = client.get("/").text

    assert "Secret" not in page
    assert "1 alliance" in page


@pytest.mark.parametrize("many", [1, 30])
def test_home_takes_few_statements_whatever_there_is(
    client: FlaskClient, db: Session, many: int
) -> None:
    EditionFactory(year=2099)
    EventFactory.create_batch(many)
    client.get("/")

    with count_statements() as statements:
        answer = client.get("/")

    assert len(statements) == 4
    assert len(answer.data) <= 32_000


def test_home_sets_no_cookie_and_may_be_kept_but_asked_again(client: FlaskClient) -> None:
    headers = client.get("/").headers

    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "no-cache"


def test_home_speaks_spanish_under_es(client: FlaskClient) -> None:
    page = client.get("/es/").text

    assert '<html lang="es">' in page
    assert 'hreflang="en"' in page


def test_robots_may_not_read_desks(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()

    assert "Disallow: /desk/" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines


def test_the_sitemap_lists_what_is_public(client: FlaskClient, db: Session) -> None:
    AllianceFactory(slug="columbus")
    AllianceFactory(slug="closed-one", life_cycle=LifeCycle.CLOSED)
    EventFactory(slug="panel", alliance=AllianceFactory(slug="la"))
    EventFactory(slug="draft", state=EventState.DRAFT)

    sitemap = client.get("/sitemap.xml").text

    assert "<loc>http://localhost/alliances/columbus</loc>" in sitemap
    assert "<loc>http://localhost/events/panel</loc>" in sitemap
    assert "closed-one" not in sitemap
    assert "draft" not in sitemap


def test_the_privacy_page_names_who_answers(client: FlaskClient) -> None:
    page = client.get("/privacy").text

    assert "privacy@example.org" in page
    assert "Everything is deleted after 7 days." in page


@pytest.mark.parametrize(
    "address", ["/styleguide", "/demo/mail", "/demo/mail/x", "/demo/mail/x/html"]
)
def test_pages_of_the_demo_are_closed_elsewhere(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 303


def test_the_styleguide_opens_in_the_demo(lend_app: MakeApp, app: Whereas) -> None:
    client = lend_app(WHEREAS_ENV="demo").test_client()

    assert client.get("/styleguide").status_code == 200
