"""The edge of the program: rules, forgery, transactions, headers, languages."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Blueprint, abort
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import create_app
from app.foundation import clock, edge, queue
from app.foundation.db import db as session
from app.foundation.limits import Attempt, Limit, TooMany
from app.foundation.policy import allow, anyone, nobody, signed_in
from app.foundation.queue import Heartbeat
from app.foundation.web import Whereas, safe_next
from tests.apps import Apps
from tests.conftest import MakeApp

LIMIT = Limit("test", 2, timedelta(minutes=5))


def page_blueprint() -> Blueprint:
    """A few endpoints that do one thing each."""
    pages = Blueprint("edge_test", __name__)

    @pages.post("/write/<name>")
    @allow(anyone)
    def write(name: str) -> tuple[str, int]:
        session.add(Heartbeat(name=name, at=clock.now()))
        return "written", 422 if name == "refused" else 200

    @pages.post("/fault")
    @allow(anyone)
    def fault() -> str:
        edge.whatever_happens(lambda: LIMIT.note("somebody"))
        session.add(Heartbeat(name="half-done", at=clock.now()))
        session.flush()
        raise RuntimeError("secret detail")

    @pages.get("/writes-on-get")
    @allow(anyone)
    def writes_on_get() -> str:
        queue.beat("x")
        session.add(Heartbeat(name="get", at=clock.now()))
        session.flush()
        return "never"

    @pages.get("/for-nobody")
    @allow(nobody)
    def for_nobody() -> str:
        return "never"

    @pages.route("/private", methods=["GET", "POST"])
    @allow(signed_in)
    def private() -> str:
        return "private"

    @pages.get("/missing")
    @allow(anyone)
    def missing() -> str:
        abort(404)

    @pages.get("/limited")
    @allow(anyone)
    def limited() -> str:
        raise TooMany(timedelta(seconds=90))

    return pages


def with_these_pages(settings: Mapping[str, str]) -> Whereas:
    app = create_app(settings)
    app.register_blueprint(page_blueprint())
    return app


@pytest.fixture(scope="module")
def apps(_celery: None) -> Apps:
    return Apps(with_these_pages)


def heartbeats(db: Session) -> list[str]:
    db.rollback()
    return list(db.scalars(select(Heartbeat.name).order_by(Heartbeat.name)))


def test_an_answer_below_400_is_committed(client: FlaskClient, db: Session) -> None:
    assert client.post("/write/good").status_code == 200
    assert heartbeats(db) == ["good"]


def test_a_refused_form_writes_nothing(client: FlaskClient, db: Session) -> None:
    assert client.post("/write/refused").status_code == 422
    assert heartbeats(db) == []


def test_a_constraint_that_fails_at_commit_is_a_conflict(client: FlaskClient, db: Session) -> None:
    client.post("/write/twice")

    answer = client.post("/write/twice")

    assert answer.status_code == 409
    assert "Somebody else changed this just now." in answer.text


def test_a_fault_shows_a_page_with_an_id_and_no_detail(client: FlaskClient, db: Session) -> None:
    answer = client.post("/fault")

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret detail" not in answer.text
    assert heartbeats(db) == []


def test_what_must_be_kept_is_kept_after_a_fault(client: FlaskClient, db: Session) -> None:
    client.post("/fault")
    db.rollback()

    assert db.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_page_that_only_reads_cannot_write(client: FlaskClient, db: Session) -> None:
    assert client.get("/writes-on-get").status_code == 500


def test_the_link_to_the_other_language_stays_on_this_site(client: FlaskClient) -> None:
    page = client.get("/es/%5Cevil.example").text

    assert 'href="/%5Cevil.example"' in page
    assert 'href="/\\evil.example"' not in page


def test_a_visitor_is_sent_back_to_the_page_in_its_language(client: FlaskClient) -> None:
    answer = client.get("/es/private")
    assert answer.location == "/es/login?next=/es/private"


def test_a_visitor_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/private?tab=2")

    assert answer.status_code == 303
    assert answer.location == "/login?next=/private?tab%3D2"


def test_a_visitors_form_is_not_let_in(client: FlaskClient) -> None:
    assert client.post("/private").status_code == 401


def test_a_rule_that_says_no_says_no_to_all(client: FlaskClient) -> None:
    assert client.get("/for-nobody").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_a_form_from_another_site_is_refused(
    client: FlaskClient, db: Session, headers: dict[str, str]
) -> None:
    assert client.post("/write/forged", headers=headers).status_code == 403
    assert heartbeats(db) == []


def test_a_form_from_this_site_is_taken(client: FlaskClient, db: Session) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}

    assert client.post("/write/own", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_host_that_is_not_ours_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 400


def test_forwarded_headers_count_only_behind_a_proxy(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})

    assert "Strict-Transport-Security" not in answer.headers


def test_tls_is_remembered_behind_a_proxy(lend_app: MakeApp) -> None:
    client = lend_app(TRUSTED_PROXIES="1").test_client()

    answer = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_every_answer_carries_the_headers_that_protect(client: FlaskClient) -> None:
    headers = client.get("/missing").headers

    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_too_many_tries_say_when_to_come_back(client: FlaskClient) -> None:
    answer = client.get("/limited")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "91"


def test_nul_in_an_address_is_a_bad_request(client: FlaskClient) -> None:
    assert client.get("/missing?q=%00").status_code == 400


def test_a_page_that_is_not_there_says_so(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_the_prefix_es_is_spanish_and_stays_in_links(client: FlaskClient) -> None:
    answer = client.get("/es/missing")

    assert '<html lang="es">' in answer.text
    assert 'href="/es/alliances/"' in answer.text
    assert 'href="/missing"' in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/me", "/me"),
        ("/events/?page=2", "/events/?page=2"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example", None),
        ("javascript:alert(1)", None),
        ("/x\r\nSet-Cookie: a=b", None),
        ("", None),
        (None, None),
    ],
)
def test_going_on_stays_on_this_site(typed: str | None, kept: str | None) -> None:
    assert safe_next(typed) == kept


def test_a_limit_counts_within_its_window_and_by_key(app: Whereas, db: Session) -> None:
    for _ in range(2):
        LIMIT.check("maria")
        LIMIT.note("maria")
        db.flush()

    with pytest.raises(TooMany):
        LIMIT.check("maria")
    LIMIT.check("jo")
    LIMIT.reset("maria")
    LIMIT.check("maria")


def test_a_full_disk_is_called_that_and_another_fault_of_the_database_is_not(app: Whereas) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("CREATE TABLE one (id INTEGER)")
    connection.close()

    with app.test_request_context("/"):
        said = [
            app.make_response(app.handle_user_exception(OperationalError("", {}, error)))
            for error in (full.value, sqlite3.OperationalError("disk I/O error"))
        ]

    assert [answer.status_code for answer in said] == [503, 503]
    sentence = "The disk of this site is full."
    assert [sentence in answer.get_data(as_text=True) for answer in said] == [True, False]
