"""The head and the foot of every page, which are made once and must still be right everywhere."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import MakeApp
from tests.factories import AllianceFactory, EventFactory, PersonFactory
from tests.signing_in import sign_in, sign_out

EVENTS = {"/events/": "page", "/events/evening": "true"}


def current(page: str) -> dict[str, str]:
    """What the navigation marks as where one is."""
    head = page.partition("</header>")[0]
    return dict(re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', head))


@pytest.fixture(autouse=True)
def _event(db: Session) -> None:
    EventFactory(slug="evening", alliance=AllianceFactory(slug="columbus"))
    db.commit()


def test_each_page_marks_its_own_section_whatever_page_came_before(client: FlaskClient) -> None:
    for _ in range(2):
        for path, mark in EVENTS.items():
            assert current(client.get(path).text) == {"/events/": mark}
        assert current(client.get("/alliances/").text) == {"/alliances/": "page"}
        assert current(client.get("/alliances/columbus").text) == {"/alliances/": "true"}
        assert current(client.get("/").text) == {}


def test_each_language_has_its_own(client: FlaskClient) -> None:
    for _ in range(2):
        english, spanish = client.get("/events/").text, client.get("/es/events/").text
        assert "What we keep about you" in english
        assert "What we keep about you" not in spanish
        assert current(english) == {"/events/": "page"}
        assert current(spanish) == {"/es/events/": "page"}


def test_signing_in_changes_the_head_and_nobody_else_sees_it(client: FlaskClient) -> None:
    strange = client.get("/events/").text
    sign_in(client, PersonFactory())
    own = client.get("/events/").text
    sign_out(client)

    assert 'href="/join"' in strange.partition("</header>")[0]
    assert 'href="/join"' not in own.partition("</header>")[0]
    assert client.get("/events/").text == strange


def test_two_sites_of_one_process_keep_their_names_apart(lend_app: MakeApp) -> None:
    for name in ("Ohio for Justice", "Texas for Justice"):
        page = lend_app(SITE_NAME=name).test_client().get("/events/").text
        assert name in page.partition("<footer")[2]
