"""A title in Spanish: on every page of an event's desk, at its door, and in letters to guests."""

from __future__ import annotations

import quopri
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.digests import announcement_kind
from app.digests.models import Announcement
from app.events import plans
from app.events.models import Event
from app.foundation import clock, language
from app.work import registry
from app.work.models import ToDo
from tests.events.world import door_of, event_today
from tests.factories import AllianceFactory, coordinator_of, seed_places
from tests.signing_in import sign_in

ENGLISH, SPANISH = "Reading of names", "Lectura de nombres"
DESK = "/desk/<alliance>/events/<int:event_id>"
IN_A_FORM = "events.edit"
"""The page that holds the English title, to be changed."""


@pytest.fixture
def event(db: Session) -> Event:
    seed_places(db)
    made: Event = event_today(
        alliance=AllianceFactory(slug="columbus"), title=ENGLISH, title_es=SPANISH
    )
    return made


def pages_of_desk(app: Flask) -> dict[str, str]:
    """The addresses of what is shown of one event, by their endpoints."""
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(DESK)
        and rule.arguments == {"alliance", "event_id"}
        and "GET" in (rule.methods or ())
    }


def test_every_page_of_the_desk_has_the_title_of_its_language(
    app: Flask, client: FlaskClient, event: Event
) -> None:
    sign_in(client, coordinator_of(event.alliance))
    said = {}
    for endpoint, rule in pages_of_desk(app).items():
        path = rule.replace("<alliance>", "columbus").replace("<int:event_id>", str(event.id))
        answer = client.get(f"/es{path}")
        if answer.status_code == 200 and answer.mimetype == "text/html":
            said[endpoint] = (SPANISH in answer.text, ENGLISH in answer.text)
    assert said.pop(IN_A_FORM) == (False, True)
    assert sum(spanish for spanish, _english in said.values()) >= 12
    assert [endpoint for endpoint, (_spanish, english) in said.items() if english] == []


def test_the_lists_of_the_desk_and_the_door_say_it_too(client: FlaskClient, event: Event) -> None:
    door = f"/es/door/{door_of(event)}/"
    sign_in(client, coordinator_of(event.alliance))
    for path in ("/es/desk/columbus/", "/es/desk/columbus/events", door):
        page = client.get(path).text
        assert (SPANISH in page, ENGLISH in page) == (True, False), path


def test_a_to_do_says_what_it_is_for_in_its_owners_language(event: Event, db: Session) -> None:
    plans.add(event, "Ask the choir", datetime(2030, 1, 1).date(), None)
    (to_do,) = db.query(ToDo)
    with language.speaking("es"):
        assert registry.abouts([to_do])[to_do.id].title == SPANISH


def test_a_letter_to_guests_says_in_their_language_why_they_get_it(
    app: Flask, event: Event, db: Session
) -> None:
    words = {"subject": "Note", "body": "Bring water."}
    at = dict.fromkeys(("created_at", "updated_at"), clock.now())
    letter = Announcement(alliance_id=event.alliance_id, event_id=event.id, **words, **at)
    db.add(letter)
    db.flush()
    told = announcement_kind.words_of(letter)
    slots = dict.fromkeys(("name", "unsubscribe_url", "preferences_url"), "")
    said = {}
    for spoken in language.LANGUAGES:
        with app.app_context():
            frame = announcement_kind.frame(told, spoken)
            text = quopri.decodestring(frame.text.fill(slots)).decode()
        said[spoken] = (SPANISH in text, ENGLISH in text)
    assert said == {"en": (False, True), "es": (True, False)}
