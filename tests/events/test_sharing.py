"""Passing an event on: paper that says the right thing, for what the public may see."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.events import door, mails
from app.events.models import EventState, SignUpState
from tests.factories import EventFactory, SignUpFactory


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


def test_a_flyer_says_who_can_take_part(client: FlaskClient, db: Session) -> None:
    said = {"step_free": "yes", "childcare": "no"}
    EventFactory(slug="forum", accessibility=said, access="Ring.")
    flyer = words(client.get("/events/forum/flyer.pdf").data)
    assert "Step-free way in: Yes; Childcare: No; Ring." in flyer


def test_the_longest_flyer_is_one_page(client: FlaskClient, db: Session) -> None:
    long = ("accountability and remembrance " * 40)[:500]
    EventFactory(
        slug="forum",
        title=long[:120],
        venue=long[:120],
        street=long[:120],
        description=long,
        access=long,
        is_online=True,
    )
    made = client.get("/events/forum/flyer.pdf").data
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert "Sign up" in words(made)


def test_quarter_sheets_are_four_on_a_page(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum", title="Justice forum")
    made = client.get("/events/forum/quarter-sheets.pdf").data
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert words(made).count("localhost/events/forum") == 4


def test_a_flyer_speaks_the_language_of_its_page(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum")
    made = words(client.get("/es/events/forum/flyer.pdf").data)
    assert "Inscríbete" in made
    assert "localhost/es/events/forum" in made


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_what_is_not_on_has_no_flyer(client: FlaskClient, db: Session, state: EventState) -> None:
    EventFactory(slug="forum", state=state)
    assert client.get("/events/forum/flyer.pdf").status_code == 404


def test_the_text_for_chats_says_it_all(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum", title="Justice & forum")
    page = client.get("/events/forum/share").text
    assert "Justice &amp; forum\n" in page
    assert "http://localhost/events/forum</textarea>" in page
    assert 'href="sms:?&amp;body=Justice%20%26%20forum' in page
    assert 'data-share data-title="Justice &amp; forum"' in page
    assert client.get("/events/forum").text.count('href="/events/forum/share"') == 1


def test_the_social_picture_has_the_size_that_networks_want(
    client: FlaskClient, db: Session
) -> None:
    EventFactory(slug="forum", title="#panic <b> " + "long " * 20)
    answer = client.get("/events/forum/picture.png")
    assert answer.content_type == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/events/forum/picture.png", headers=etag).status_code == 304
    page = client.get("/events/forum").text
    assert '<meta property="og:image" content="http://localhost/events/forum/picture.png">' in page


def test_a_draft_is_not_shared(client: FlaskClient, db: Session) -> None:
    EventFactory(slug="forum", state=EventState.DRAFT)
    for what in ("share", "picture.png"):
        assert client.get(f"/events/forum/{what}").status_code == 404


def test_the_code_of_a_seat_is_what_the_door_asks_for(client: FlaskClient, db: Session) -> None:
    own = SignUpFactory(seats=2)
    url = mails.seat_url(own.id, "en").removeprefix("http://localhost")
    page = client.get(url).text
    assert f'<p class="big num">{door.code(own.id)}</p>' in page
    assert "For 2 people" in page
    assert client.get("/events/seats/1.nonsense").status_code == 404
    db.get_one(type(own), own.id).state = SignUpState.CANCELLED
    assert client.get(url).status_code == 404


def test_letters_that_paper_cannot_show_are_told(client: FlaskClient, db: Session) -> None:
    event = EventFactory(title="Lantern walk \U0001f8ff")
    page = client.get(f"/events/{event.slug}/share").text
    assert "no font for \U0001f8ff, so paper shows a box" in page
    event.title = "Lantern walk, José"
    db.commit()
    assert "no font for" not in client.get(f"/events/{event.slug}/share").text
