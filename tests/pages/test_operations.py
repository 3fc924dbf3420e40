"""Health, readiness and figures, with and without database and broker."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.foundation import clock, queue
from app.foundation.web import Whereas
from app.mail import breakers, tallies, warm_up
from app.mail.lanes import RELAY
from app.mail.wire import Fate
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


def test_without_its_broker_the_program_is_ready_and_says_so(lend_app: MakeApp) -> None:
    client = lend_app(REDIS_URL="redis://127.0.0.1:1/0").test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["broker"] is False


def test_with_its_broker_it_says_so(lend_app: MakeApp, redis_url: str) -> None:
    assert lend_app(REDIS_URL=redis_url).test_client().get("/readyz").json["broker"] is True


def test_without_its_database_it_is_alive_but_not_ready(lend_app: MakeApp) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    client = lend_app(DATABASE_URL=url).test_client()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 503


def test_figures_are_counted_from_rows(client: FlaskClient, db: Session) -> None:
    PersonFactory.create_batch(3)

    figures = client.get("/metrics").text

    assert 'whereas_people{state="active"} 3.0' in figures
    assert "whereas_mail_oldest_seconds 0.0" in figures
    assert "whereas_sweep_age_seconds NaN" in figures


def test_figures_of_mail_have_few_labels(client: FlaskClient, db: Session) -> None:
    tallies.add({("gmail.com", Fate.SENT): 40, ("other", Fate.PERMANENT): 3})
    db.commit()
    for provider in ("gmail.com", "one.example.org", "two.example.org", RELAY):
        breakers.rest(provider, "421 Later")

    figures = client.get("/metrics").text

    assert "whereas_mail_sent_last_hour 40.0" in figures
    assert 'whereas_mail_lately{fate="sent",provider="gmail.com"} 40.0' in figures
    assert 'whereas_mail_lately{fate="failed",provider="other"} 3.0' in figures
    assert 'whereas_mail_resting{provider="gmail.com"} 1.0' in figures
    assert 'whereas_mail_resting{provider="other"} 2.0' in figures
    assert 'whereas_mail_resting{provider="relay"} 1.0' in figures
    assert "example.org" not in figures


def test_the_warm_up_is_among_the_figures(app: Whereas, client: FlaskClient) -> None:
    assert "whereas_warm_up" not in client.get("/metrics").text
    with app.app_context():
        app.config["WARM_UP_SINCE"] = warm_up.day_of(clock.now())
    figures = client.get("/metrics").text
    assert "whereas_warm_up_day 1.0" in figures
    assert "whereas_warm_up_allowance 50.0" in figures
