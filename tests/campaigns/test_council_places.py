"""Picking the place of a council: page by page, and none that nobody knows."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns.body_models import Body
from app.campaigns.division_search import MOST_FOUND
from app.campaigns.divisions import COUNTRY
from tests.campaigns.councils import COLUMBUS, BodyFactory, DivisionFactory
from tests.factories import coordinator_of
from tests.signing_in import post, sign_in

DESK = "/desk/columbus/councils"
HERE = f"{DESK}/columbus-city-council"


@pytest.fixture
def council(client: FlaskClient, db: Session) -> Body:
    """A council whose coordinator is signed in."""
    body: Body = BodyFactory(alliance__slug="columbus", slug="columbus-city-council")
    sign_in(client, coordinator_of(body.alliance, name="Ana"))
    return body


def test_many_places_of_one_name_are_seen_page_by_page(
    client: FlaskClient, db: Session, council: Body
) -> None:
    for number in range(MOST_FOUND + 1):
        division_id = f"{COUNTRY}/state:oh/county:c_{number:02}/place:washington"
        DivisionFactory(id=division_id, sought="washington township")
    first, last = (client.get(f"{DESK}/new?place=Washington&page={page}").text for page in (1, 2))
    assert "place=Washington&amp;page=2" in first
    assert ("c_29/" in first, "c_30/" in first) == (True, False)
    assert ("c_29/" in last, "c_30/" in last) == (False, True)
    assert ("page=3" in last, "page=1" in last) == (False, True)


@pytest.mark.parametrize(
    ("division", "sentence"),
    [
        ("ocd-division/country:us/state:oh/place:atlantis", "We know no place with this id."),
        ("atlantis", "This is not written like an id of a place"),
        ("", "Please search for the place first."),
    ],
)
def test_a_council_is_not_moved_to_a_place_that_nobody_knows(
    client: FlaskClient, council: Body, division: str, sentence: str
) -> None:
    refused = post(client, f"{HERE}/place", {"division": division})
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert council.division_id == COLUMBUS
