"""What a Sentry is told: where the program failed, and nothing of anybody."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import sentry_sdk
from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.foundation import sentry
from tests.conftest import MakeApp


@pytest.fixture
def told() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a Sentry on this machine, and what came there."""
    came: list[bytes] = []

    class Sentry(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            came.append(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Keep the tests' output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Sentry) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", came
        sentry_sdk.init()  # later tests have none
        server.shutdown()


def events(came: list[bytes]) -> list[dict[str, Any]]:
    sentry_sdk.flush(10)
    return [json.loads(each.splitlines()[2]) for each in came]


def test_a_fault_is_told_by_its_lines_and_without_what_it_says(
    settings: dict[str, str], told: tuple[str, list[bytes]]
) -> None:
    address, came = told
    app = create_app(settings | {"SENTRY_DSN": address})
    person = "ana.nunez@example.org"

    with app.test_request_context(f"/healthz?next={person}", headers={"X-From": person}):
        try:
            int(person)
        except ValueError:
            current_app.logger.exception("nothing for %s", person)

    (event,) = events(came)
    fault = event["exception"]["values"][0]
    assert (event["message"], fault["type"]) == ("nothing for %s", "ValueError")
    frame = fault["stacktrace"]["frames"][-1]
    assert frame["function"] == "test_a_fault_is_told_by_its_lines_and_without_what_it_says"
    assert event["tags"]["rule"] == "GET /healthz"
    assert person.encode() not in b"".join(came)
    assert b"nunez" not in b"".join(came)


def test_a_statement_that_fails_is_told_without_its_values(
    lend_app: MakeApp, db: Session, told: tuple[str, list[bytes]]
) -> None:
    address, came = told
    sentry.init_app(lend_app(SENTRY_DSN=address))

    with lend_app().app_context():
        try:
            db.execute(text("SELECT * FROM nothing_here WHERE name = :name"), {"name": "Núñez"})
        except Exception:
            current_app.logger.exception("a batch is put off")

    (event,) = events(came)
    assert event["message"] == "a batch is put off"
    assert len(event["exception"]["values"]) == 2
    assert "Núñez" not in b"".join(came).decode()
    assert "nothing_here" not in json.dumps(event["exception"]["values"])


def test_without_an_address_nobody_is_told(
    lend_app: MakeApp, told: tuple[str, list[bytes]]
) -> None:
    _address, came = told
    app = lend_app()
    sentry.init_app(app)

    app.logger.error("a fault")

    assert events(came) == []
