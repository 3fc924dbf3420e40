"""Staff see what goes out and what went wrong, hold it, and add addresses to leave alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import breakers, engine, queries, rates, tallies, warm_up
from app.mail import overview as all_mail
from app.mail.lanes import RELAY
from app.mail.models import (
    Batch,
    Delivery,
    Mailing,
    MailingState,
    SendState,
)
from app.mail.rates import Limits, Wish
from app.mail.wire import Fate
from app.people.models import Person
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, staff_member
from tests.mail.kinds import circular, read
from tests.services.smtp import SmtpServer
from tests.signing_in import post, sign_in
from tests.statements import count_statements

PAGES = (
    "/staff/mail",
    "/staff/mail/flow.json",
    "/staff/mail/1",
    "/staff/mail/1/progress.json",
)
ACTS = ("/staff/mail/1/pause", "/staff/mail/1/resume", "/staff/mail/1/cancel")


@pytest.fixture
def staff(db: Session, client: FlaskClient) -> Person:
    person = staff_member(name="Staff Member")
    sign_in(client, person)
    return person


@pytest.fixture
def going_out(db: Session) -> Mailing:
    """A mailing with a copy in each state; one may have arrived twice."""
    people = PersonFactory.create_batch(6)
    mailing = circular(title="Your month in July")
    engine.sweep()
    outcomes = [
        (SendState.SENT, ""),
        (SendState.SENT, ""),
        (SendState.SKIPPED, "unsubscribed"),
        (SendState.FAILED, "550 5.1.1 <x@example.org> unknown"),
    ]
    for person, (state, reason) in zip(people, outcomes, strict=False):
        copy = db.get_one(Delivery, (mailing.id, person.id))
        copy.state, copy.reason = state, reason
        copy.sent_at = clock.now() if state == SendState.SENT else None
    db.get_one(Delivery, (mailing.id, people[0].id)).in_doubt = True
    db.get_one(Batch, 1).lease_until = clock.now() + timedelta(seconds=20)
    db.commit()
    return mailing


@pytest.mark.parametrize("page", PAGES)
def test_visitors_sign_in_first_and_others_are_refused(
    db: Session, client: FlaskClient, going_out: Mailing, page: str
) -> None:
    assert client.get(page).status_code == 303
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_only_staff_act(db: Session, client: FlaskClient, going_out: Mailing, act: str) -> None:
    assert client.post(act).status_code == 401
    assert post(client, act, person=PersonFactory()).status_code == 403
    assert read(going_out).state == MailingState.SENDING


def test_the_overview_lists_mailings_and_what_went_wrong(
    client: FlaskClient, staff: Person, going_out: Mailing
) -> None:
    page = client.get("/staff/mail").text
    assert "Your month in July" in page
    assert "Going out" in page
    assert "550 5.1.1 &lt;…@example.org&gt; unknown" in page
    assert "x@example.org" not in page
    assert "May have arrived twice" in page


def test_an_empty_overview_says_what_will_be_there(client: FlaskClient, staff: Person) -> None:
    page = client.get("/staff/mail").text
    assert "0 sent in the last minute · 0 in the last hour<" in page
    assert "Nothing yet" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_overview_costs_the_same_for_any_number(
    db: Session, client: FlaskClient, staff: Person, number: int
) -> None:
    for nth in range(number):
        circular(f"mailing {nth}")
    with count_statements() as statements:
        assert client.get("/staff/mail").status_code == 200
    assert len(statements) <= 18


def test_the_list_can_be_narrowed_to_a_state(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    circular("a", title="First of two")
    cancelled = circular("b", title="Second of two")
    cancelled.state = MailingState.CANCELLED
    page = client.get("/staff/mail?state=cancelled").text
    assert "Second of two" in page
    assert "First of two" not in page


def test_a_mailing_shows_its_states_and_reasons(
    client: FlaskClient, staff: Person, going_out: Mailing
) -> None:
    page = client.get(f"/staff/mail/{going_out.id}").text
    assert 'data-progress="/staff/mail/1/progress.json"' in page
    assert "Unsubscribed" in page
    assert "550 5.1.1" in page
    assert ">Pause<" in page


def test_progress_is_told_as_json(client: FlaskClient, staff: Person, going_out: Mailing) -> None:
    told = client.get(f"/staff/mail/{going_out.id}/progress.json").get_json()
    assert told == {
        "done": 4,
        "total": 7,
        "states": {"sent": 2, "waiting": 3, "skipped": 1, "failed": 1, "twice": 1},
        "rate": told["rate"],
        "state": "sending",
        "sentence": told["sentence"],
        "phase": "sending",
        "finished": False,
        "reasons": told["reasons"],
    }
    for reason in ("Unsubscribed", "550 5.1.1"):
        assert reason in told["reasons"]
        assert told["reasons"].strip() in client.get(f"/staff/mail/{going_out.id}").text
    assert 0 < told["rate"] <= 2
    assert told["sentence"].startswith("2 of 7 sent")


def test_the_end_that_is_told_counts_copies_that_are_due_later(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    first = PersonFactory()
    PersonFactory(zip="96813")
    with time_machine.travel(datetime(2027, 3, 10, 17, tzinfo=UTC), tick=False):
        sign_in(client, staff)
        mailing = circular(late_state="HI")
        engine.sweep()
        copy = db.get_one(Delivery, (mailing.id, first.id))
        copy.state, copy.sent_at = SendState.SENT, clock.now()
        db.execute(update(Batch).values(lease_until=clock.now() + timedelta(seconds=20)))
        db.commit()
        told = client.get(f"/staff/mail/{mailing.id}/progress.json").get_json()
    assert told["sentence"] == "1 of 3 sent · 1 a second · done today at 3:00\u202fPM"


def test_pausing_going_on_and_cancelling(
    db: Session, client: FlaskClient, staff: Person, going_out: Mailing
) -> None:
    where = f"/staff/mail/{going_out.id}"
    assert post(client, f"{where}/pause").location == f"{where}?done=mail-paused"
    assert read(going_out).state == MailingState.PAUSED
    assert "Go on" in client.get(where).text
    assert post(client, f"{where}/resume").location == f"{where}?done=mail-resumed"
    page = client.get(f"{where}/cancel").text
    assert "2 people have it already" in page
    assert "Cancel for 3 people" in page
    assert post(client, f"{where}/cancel").location == f"{where}?done=mail-cancelled"
    assert read(going_out).state == MailingState.CANCELLED
    assert post(client, f"{where}/pause").location == f"{where}?done=mail-too-late"
    states = {"sent": 2, "cancelled": 3, "skipped": 1, "failed": 1, "twice": 1}
    for finished in (False, True):
        told = client.get(f"{where}/progress.json").get_json()
        assert (told["finished"], told["states"], told["done"]) == (finished, states, 4)
        db.commit()
        engine.sweep()
    assert "<dt>Waiting</dt>" not in client.get(where).text
    assert "The mailing was cancelled" not in client.get(where).text


def test_a_mailing_that_does_not_exist_is_not_found(client: FlaskClient, staff: Person) -> None:
    assert client.get("/staff/mail/99").status_code == 404
    assert post(client, "/staff/mail/99/pause").status_code == 404


def test_the_oldest_due_mail_is_found_in_batches_and_messages(
    db: Session, going_out: Mailing
) -> None:
    assert queries.oldest_due(clock.now()) == going_out.due_at
    going_out.state = MailingState.PAUSED
    db.add(going_out)
    db.flush()
    assert queries.oldest_due(clock.now()) is None


def test_how_mail_moves_is_told_as_json(
    db: Session, client: FlaskClient, staff: Person, going_out: Mailing
) -> None:
    tallies.add({("gmail.com", Fate.SENT): 40, ("other", Fate.SENT): 2})
    told = client.get("/staff/mail/flow.json").get_json()
    assert told["states"] == {
        "minute": told["states"]["minute"],
        "hour": 42,
        "waiting": 3,
        "later": 0,
    }
    assert 20 < told["states"]["minute"] <= 42
    assert (told["done"], told["total"], told["finished"]) == (4, 7, False)
    assert told["phase"] == "going"


def test_what_waits_for_later_is_not_late(
    db: Session, client: FlaskClient, staff: Person, going_out: Mailing
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    db.execute(update(Delivery).values(due_at=tomorrow))
    db.execute(update(Batch).values(due_at=tomorrow))
    told = client.get("/staff/mail/flow.json").get_json()
    assert (told["states"]["waiting"], told["states"]["later"]) == (0, 3)
    assert told["oldest"] is None


def test_receivers_that_put_us_off_are_named_with_their_words(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    before = client.get("/staff/mail/flow.json").get_json()["phase"]
    db.commit()
    breakers.rest("gmail.com", "421 4.7.28 Too much from <digest@example.org>")
    breakers.rest(RELAY, "127.0.0.1:25: refused", until=clock.now() + timedelta(seconds=30))
    page = client.get("/staff/mail").text
    assert "421 4.7.28 Too much from &lt;…@example.org&gt;" in page
    assert "gmail.com" in page
    assert "Our mail server is away." in page
    assert client.get("/staff/mail/flow.json").get_json()["phase"] != before


def test_the_last_hour_is_shown_by_receiver_with_its_limit(
    app: Whereas, db: Session, client: FlaskClient, staff: Person
) -> None:
    app.config["DOMAIN_RATES"] = {"gmail.com": 20.0}
    tallies.add({("gmail.com", Fate.SENT): 40, ("gmail.com", Fate.PERMANENT): 3})
    tallies.add({("gmail.com", Fate.TRANSIENT): 2, ("other", Fate.SENT): 1})
    with time_machine.travel(clock.now() - timedelta(hours=2)):
        tallies.add({("yahoo.com", Fate.SENT): 5})
    db.commit()
    assert all_mail.by_provider() == [("gmail.com", 40, 3, 2, 20.0), ("other", 1, 0, 0, 0)]
    page = client.get("/staff/mail").text
    assert "20 a second" in page
    assert "All others" in page
    assert "yahoo.com" not in page


def test_a_sender_that_warms_up_shows_its_day_and_what_is_used(
    app: Whereas, db: Session, client: FlaskClient, staff: Person
) -> None:
    assert "A new sender grows slowly" not in client.get("/staff/mail").text
    today = warm_up.day_of(clock.now())
    app.config["WARM_UP_SINCE"] = today - timedelta(days=2)
    db.commit()
    rates.draw(Limits.configured(), [Wish("gmail.com")] * 30, has_allowance=True)
    page = client.get("/staff/mail").text
    assert "Day 3: 30 of 500 mails to many have left today." in page


def test_what_a_worker_sends_is_counted_by_the_minute(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(2)
    PersonFactory(address__email="x@gmail.com")
    PersonFactory(address__email="gone@gmail.com")
    smtp_server.refuse = lambda command, address: (
        "550 5.1.1 Unknown" if command == "RCPT" and address.startswith("gone") else None
    )
    circular()
    engine.sweep()
    engine.work()
    assert tallies.lately() == {"other": (2, 0, 0), "gmail.com": (1, 1, 0)}
