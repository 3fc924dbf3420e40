"""The states by the names that readers of a page use."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.foundation import geo, language
from app.foundation.web import Whereas
from app.people.places import place_of
from tests.factories import AllianceFactory, seed_places


def test_a_page_in_spanish_names_the_states_in_spanish(client: FlaskClient, db: Session) -> None:
    AllianceFactory(zip="10017", state="NY")

    assert "Nueva York" in client.get("/es/alliances/").text
    assert "Nueva York" not in client.get("/alliances/").text


@pytest.mark.parametrize(
    ("code", "english", "spanish"),
    [
        ("NY", "New York", "Nueva York"),
        ("NC", "North Carolina", "Carolina del Norte"),
        ("OH", "Ohio", "Ohio"),
        ("PR", "PR", "PR"),
    ],
)
def test_each_language_has_its_name(app: Whereas, code: str, english: str, spanish: str) -> None:
    with app.test_request_context("/"):
        assert geo.state_name(code) == english
        with language.speaking("es"):
            assert geo.state_name(code) == spanish
            assert geo.states().get(code, code) == spanish


@pytest.mark.parametrize("typed", ["New York, NY", "New York, New York", "New York, Nueva York"])
def test_a_city_is_found_beside_its_state_in_either_language(db: Session, typed: str) -> None:
    seed_places(db)
    with language.speaking("es"):
        assert place_of(typed).zip == "10017"
