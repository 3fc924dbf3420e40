"""The factories make what they say, and a test can sign in and post as anybody."""

from __future__ import annotations

from datetime import UTC

import pytest
from flask import Blueprint

from app.foundation.geo import Place
from app.foundation.policy import viewer
from tests import factories
from tests.signing_in import csrf_token, post, sign_in, sign_out


def test_each_factory_makes_a_row(db) -> None:
    made = [
        factories.PersonFactory(),
        factories.PersonFactory(unconfirmed=True),
        factories.PersonFactory(without_email=True),
        factories.AllianceFactory(zip="85001"),
        factories.MembershipFactory(),
        factories.CoordinatorTermFactory(),
        factories.NationalRoleFactory(),
        factories.InvitationFactory(),
        factories.EditionFactory(),
        factories.EventFactory(),
        factories.SignUpFactory(),
        factories.ToDoFactory(),
        factories.ConsentFactory(),
        factories.DisclosureFactory(),
        factories.IssueFactory(),
    ]

    assert [row for row in made if row.id is None] == []


def test_an_event_starts_at_its_own_clocks_half_past_six(db) -> None:
    phoenix = factories.AllianceFactory(zip="85001")
    event = factories.EventFactory(alliance=phoenix)

    assert event.starts_at.astimezone(UTC).hour == 1  # Phoenix is UTC-7 all year
    assert event.city == "Phoenix"


def test_places_are_seeded_once(db) -> None:
    factories.seed_places(db)
    factories.seed_places(db)

    assert db.query(Place).count() == len(factories.PLACES)


@pytest.fixture
def app(make_app):
    """An app of its own, for a page is added to it."""
    room = Blueprint("room", __name__)

    def who() -> dict[str, object]:
        return {"name": viewer.person_name, "fresh": viewer.is_fresh, "staff": viewer.is_staff}

    who.rule = lambda viewer: True
    room.add_url_rule("/who", view_func=who, methods=["GET", "POST"])
    app = make_app()
    app.register_blueprint(room)
    return app


def test_signing_in_and_posting(client, db) -> None:
    ana = factories.staff_member(name="Ana")

    assert client.get("/who").json["name"] == ""
    assert post(client, "/who").json["name"] == ""
    assert post(client, "/who", person=ana).json == {"name": "Ana", "fresh": True, "staff": True}
    sign_in(client, ana, fresh=False)
    assert client.get("/who").json == {"name": "Ana", "fresh": False, "staff": True}
    assert client.post("/who").status_code == 403
    assert csrf_token(client) != ""
    sign_out(client)
    assert client.get("/who").json["name"] == ""
