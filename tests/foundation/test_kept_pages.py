"""Public pages that are kept for a moment: for whom, how long, and what stays apart."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.events.models import Event
from app.foundation.kept_pages import MOST_PAGES, KeptPages, Page
from app.foundation.policy import anyone, rule_of
from app.foundation.web import Whereas
from tests.factories import EventFactory, PersonFactory
from tests.signing_in import sign_in, sign_out
from tests.statements import count_statements

LONG = 60.0


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"PAGE_SECONDS": f"{LONG}"}


@pytest.fixture
def event(app: Whereas, db: Session) -> Event:
    """An event whose page nobody has opened yet."""
    app.extensions["kept_pages"] = KeptPages(LONG)
    return EventFactory(slug="evening", title="Evening")


def renamed(db: Session, event: Event) -> None:
    event.title = "Morning"
    db.commit()


def test_the_second_visitor_gets_the_same_bytes_without_a_question_to_the_database(
    client: FlaskClient, event: Event
) -> None:
    first = client.get("/events/evening")
    with count_statements() as statements:
        second = client.get("/events/evening")

    assert (second.status_code, second.data) == (200, first.data)
    assert not statements
    apart = {"X-Request-Id"}
    for answer in (first, second):
        assert answer.headers.getlist("X-Request-Id") != []
    assert [h for h in first.headers if h[0] not in apart] == [
        h for h in second.headers if h[0] not in apart
    ]
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_what_changed_is_seen_when_the_page_is_too_old(
    app: Whereas, client: FlaskClient, db: Session, event: Event
) -> None:
    app.extensions["kept_pages"] = KeptPages(0.3)
    client.get("/events/evening")
    renamed(db, event)

    deadline = time.monotonic() + 10
    while "Morning" not in client.get("/events/evening").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/events/evening?done=not-coming", {}),
        ("/events/evening?q=" + "x" * 100, {}),
        ("/es/events/evening", {}),
        ("/events/evening", {"Authorization": "Bearer secret"}),
        ("/events/evening", {"Host": "127.0.0.1"}),
    ],
)
def test_who_differs_gets_a_page_of_their_own(
    client: FlaskClient, db: Session, event: Event, path: str, headers: dict[str, str]
) -> None:
    client.get("/events/evening")
    renamed(db, event)

    assert "Morning" in client.get(path, headers=headers).text
    assert "Evening" in client.get("/events/evening").text


def test_a_page_under_https_and_one_with_a_cookie_are_made_anew(
    client: FlaskClient, db: Session, event: Event
) -> None:
    client.get("/events/evening")
    renamed(db, event)

    assert "Morning" in client.get("/events/evening", base_url="https://localhost").text
    client.set_cookie("theme", "dark")
    assert "Morning" in client.get("/events/evening").text


def test_somebody_signed_in_leaves_nothing_behind(
    client: FlaskClient, db: Session, event: Event
) -> None:
    ana = PersonFactory(name="Ana Alvarez")
    sign_in(client, ana)
    own = client.get("/events/evening")
    sign_out(client)

    assert "Ana" in own.text
    assert own.headers["Cache-Control"] == "no-store"
    assert "Ana" not in client.get("/events/evening").text


def test_somebody_signed_in_sees_what_they_changed(
    client: FlaskClient, db: Session, event: Event
) -> None:
    client.get("/events/evening")
    renamed(db, event)
    sign_in(client, PersonFactory())

    assert "Morning" in client.get("/events/evening").text


def test_whoever_has_the_page_is_told_that_it_is_the_same(
    client: FlaskClient, db: Session, event: Event
) -> None:
    etag = client.get("/events/evening").headers["ETag"]
    again = client.get("/events/evening", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Length" not in again.headers
    renamed(db, event)
    client.application.extensions["kept_pages"] = KeptPages(LONG)
    assert client.get("/events/evening", headers={"If-None-Match": etag}).status_code == 200


def test_a_page_made_anew_is_not_sent_to_whoever_has_it(client: FlaskClient, event: Event) -> None:
    etag = client.get("/events/evening").headers["ETag"]
    client.application.extensions["kept_pages"] = KeptPages(LONG)
    again = client.get("/events/evening", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


def test_shared_caches_are_told_that_cookies_matter(client: FlaskClient, event: Event) -> None:
    assert client.get("/events/evening").headers["Vary"] == "Cookie"


@pytest.mark.parametrize("path", ["/login", "/events/none", "/me", "/readyz"])
def test_what_is_not_the_same_for_all_is_not_kept(
    client: FlaskClient, event: Event, path: str
) -> None:
    client.get(path)
    with count_statements() as statements:
        answer = client.get(path)

    assert "ETag" not in answer.headers
    assert statements or answer.status_code != 200 or path == "/login"


def test_a_form_is_never_answered_from_what_is_kept(client: FlaskClient, event: Event) -> None:
    client.get("/events/evening")

    assert client.post("/events/evening").status_code == 405
    assert client.head("/events/evening").data == b""


def test_the_oldest_page_makes_room(app: Whereas, event: Event) -> None:
    pages = KeptPages(LONG)
    with app.test_request_context("/"):
        for number in range(MOST_PAGES + 1):
            response = app.make_response("page")
            response.set_etag(str(number))
            pages.keep((str(number),), response)

    kept = [pages.find((str(number),)) for number in (0, 1, MOST_PAGES)]
    assert kept[0] is None
    assert [page.etag for page in kept[1:] if isinstance(page, Page)] == ['"1"', f'"{MOST_PAGES}"']


def test_only_what_anyone_may_see_is_kept(app: Whereas) -> None:
    kept = [view for view in app.view_functions.values() if hasattr(view, "same_for_visitors")]

    assert len(kept) >= 12
    assert {rule_of(view) for view in kept} == {anyone}
