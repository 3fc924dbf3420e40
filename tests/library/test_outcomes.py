"""What became of a recommendation: dated, sourced, only ever added to; the newest date counts."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.library import queries
from app.library.models import OutcomeState
from tests.factories import staff_member
from tests.library.world import RecommendationFactory
from tests.signing_in import post, sign_in

PATH = "/staff/library/recommendations/r-1"


def test_the_newest_outcome_says_how_a_recommendation_stands(
    client: FlaskClient, db: Session
) -> None:
    found = RecommendationFactory(code="R 1")
    sign_in(client, staff_member())
    met = {"state": "met", "on": "2026-05", "note": "It was done.", "link": "https://e.org/"}

    assert post(client, PATH, met).status_code == 303
    assert post(client, PATH, {**met, "state": "partly_met", "on": "2025"}).status_code == 303
    again = post(client, PATH, {**met, "note": "Once more."})

    assert again.status_code == 422
    assert "This outcome stands there on this date already." in again.text
    assert "Once more." in again.text
    assert post(client, PATH, {**met, "on": "in May"}).status_code == 422
    assert [(each.on, each.state) for each in queries.outcomes(found.id)] == [
        ("2026-05", OutcomeState.MET),
        ("2025", OutcomeState.PARTLY),
    ]
    db.refresh(found)
    assert found.state == OutcomeState.MET
