"""Passing an event on: paper that says the right thing, for what the public may see."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.events.models import EventState
from tests.factories import EventFactory


def words(made: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())


def test_a_flyer_says_what_when_where_and_how_to_come(client: FlaskClient, db: Session) -> None:
    event = EventFactory(slug="forum", title="Justice #forum", description="**Come** all.")
    whose = event.alliance.name.upper()

    answer = client.get("/events/forum/flyer.pdf")

    assert answer.content_type == "application/pdf"
    for part in (
        "Justice #forum",
        "6:30 PM",
        "Main Library",
        "Come all.",
        "localhost/events/forum",
    ):
        assert part in words(answer.data)
    assert whose in words(answer.data)


def test_quarter_sheets_are_four_on_a_page(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum", title="Justice forum")
    made = client.get("/events/forum/quarter-sheets.pdf").data
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert words(made).count("localhost/events/forum") == 4


def test_a_flyer_speaks_the_language_of_its_page(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum")
    made = words(client.get("/es/events/forum/flyer.pdf").data)
    assert "Inscríbase" in made
    assert "localhost/es/events/forum" in made


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_what_is_not_on_has_no_flyer(client: FlaskClient, db: Session, state: EventState) -> None:
    EventFactory(slug="forum", state=state)
    assert client.get("/events/forum/flyer.pdf").status_code == 404
