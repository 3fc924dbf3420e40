"""Health, readiness and figures, with and without database and broker."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.foundation import queue
from tests.conftest import MakeApp
from tests.factories import PersonFactory


def test_a_live_process_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "alive\n"


def test_ready_tells_of_broker_and_sweep(client: FlaskClient, db: Session) -> None:
    assert client.get("/readyz").json == {
        "database": True,
        "broker": True,
        "seconds_since_sweep": None,
    }

    queue.beat("sweep")

    assert client.get("/readyz").json["seconds_since_sweep"] == 0


def test_without_its_broker_the_program_is_ready_and_says_so(make_app: MakeApp) -> None:
    client = make_app(REDIS_URL="redis://127.0.0.1:1/0").test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["broker"] is False


def test_with_its_broker_it_says_so(make_app: MakeApp, redis_url: str) -> None:
    assert make_app(REDIS_URL=redis_url).test_client().get("/readyz").json["broker"] is True


def test_without_its_database_it_is_alive_but_not_ready(make_app: MakeApp) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    client = make_app(DATABASE_URL=url).test_client()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 503


def test_figures_are_counted_from_rows(client: FlaskClient, db: Session) -> None:
    PersonFactory.create_batch(3)

    figures = client.get("/metrics").text

    assert 'whereas_people{state="active"} 3.0' in figures
    assert "whereas_mail_oldest_seconds 0.0" in figures
    assert "whereas_sweep_age_seconds NaN" in figures
