"""Mail leaves no faster than a provider, or the operator, wants it, over all workers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import engine, outbox, providers, rates
from app.mail.models import Delivery, Lane, SendState
from app.mail.outbox import Notice
from app.mail.rates import Limits, Wish
from tests.factories import PersonFactory
from tests.mail.kinds import circular, reasons, states
from tests.services.smtp import SmtpServer

NOON = datetime(2027, 3, 10, 17, tzinfo=UTC)
FAST = Limits(overall=0, by_provider={"gmail.com": 2.0}, burst=10, warms_up=False)
GMAIL = Wish("gmail.com")


@pytest.fixture
def at_noon() -> Iterator[time_machine.Coordinates]:
    """A clock that stands still until the test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def people_at(domain: str, number: int) -> None:
    for nth in range(number):
        PersonFactory(address__email=f"p{nth}@{domain}")


def arrived(server: SmtpServer) -> Counter[str]:
    """How many mails came for each domain."""
    return Counter(mail.recipients[0].rpartition("@")[2] for mail in server.messages)


@pytest.mark.parametrize(
    ("email", "provider", "label"),
    [
        ("ana@gmail.com", "gmail.com", "gmail.com"),
        ("ana@GoogleMail.com", "gmail.com", "gmail.com"),
        ("ana@hotmail.com", "outlook.com", "outlook.com"),
        ("ana@aol.com", "yahoo.com", "yahoo.com"),
        ("ana@columbus.example.org", "columbus.example.org", "other"),
    ],
)
def test_domains_of_one_provider_count_as_one(email: str, provider: str, label: str) -> None:
    assert providers.of(email) == provider
    assert providers.label(provider) == label


def test_a_full_bucket_holds_what_its_rate_makes_in_a_burst(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    drawn = rates.draw(FAST, [GMAIL] * 30, has_allowance=True)
    assert drawn.go == list(range(20))
    assert set(drawn.later) == set(range(20, 30))
    assert set(drawn.later.values()) == {NOON + timedelta(seconds=5)}


def test_the_bucket_fills_as_time_passes_and_never_above_its_burst(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    rates.draw(FAST, [GMAIL] * 20, has_allowance=True)
    assert rates.draw(FAST, [GMAIL], has_allowance=True).go == []
    at_noon.shift(timedelta(seconds=3))
    assert len(rates.draw(FAST, [GMAIL] * 20, has_allowance=True).go) == 6
    at_noon.shift(timedelta(hours=3))
    assert len(rates.draw(FAST, [GMAIL] * 50, has_allowance=True).go) == 20


def test_who_was_put_off_goes_before_who_comes_new(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    rates.draw(FAST, [GMAIL] * 24, has_allowance=True)
    at_noon.shift(timedelta(seconds=1))
    assert rates.draw(FAST, [GMAIL] * 2, has_allowance=True).go == []
    at_noon.shift(timedelta(seconds=1))
    drawn = rates.draw(FAST, [GMAIL, Wish("gmail.com", queued=True)], has_allowance=True)
    assert drawn.go == [1]


def test_a_slow_rate_lets_a_mail_through_now_and_then(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    slow = Limits(overall=0, by_provider={"*": 0.02}, burst=10, warms_up=False)
    wish = [Wish("example.org")] * 2
    assert rates.draw(slow, wish, has_allowance=True).go == [0]
    at_noon.shift(timedelta(seconds=49))
    assert rates.draw(slow, wish[:1], has_allowance=True).go == []


def test_what_did_not_leave_goes_back_into_the_bucket(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    rates.draw(FAST, [GMAIL] * 20, has_allowance=True)
    rates.give_back(FAST, {"gmail.com": 7})
    assert len(rates.draw(FAST, [GMAIL] * 20, has_allowance=True).go) == 7


def test_all_mail_together_has_a_bucket_of_its_own(
    db: Session, at_noon: time_machine.Coordinates
) -> None:
    overall = Limits(overall=3, by_provider={}, burst=10, warms_up=False)
    drawn = rates.draw(overall, [GMAIL] * 50, has_allowance=True)
    assert len(drawn.go) == 30
    assert drawn.later == {}
    assert NOON < (drawn.not_before or NOON) <= NOON + timedelta(seconds=1)


def test_many_workers_at_once_draw_no_more_than_there_is(app: Whereas, db: Session) -> None:
    slow = Limits(overall=0, by_provider={"gmail.com": 0.5}, burst=200, warms_up=False)
    went = []

    def draw() -> None:
        with app.app_context():
            went.extend(
                len(rates.draw(slow, [GMAIL] * 10, has_allowance=True).go) for _ in range(5)
            )

    workers = [threading.Thread(target=draw) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(went) in (100, 101, 102)


def test_a_throttled_domain_waits_and_the_others_go_on(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(DOMAIN_RATES={"gmail.com": 1.0}, SWEEP_SECONDS=3.0, BATCH_SIZE=50)
    people_at("gmail.com", 12)
    people_at("columbus.example.org", 12)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert arrived(smtp_server)["columbus.example.org"] == 12
    assert 3 <= arrived(smtp_server)["gmail.com"] <= 5
    assert set(reasons(mailing, SendState.WAITING)) == {"turn"}
    assert set(mail_db.scalars(select(Delivery.tries)).all()) == {0}


def test_those_who_waited_come_at_their_rate_and_once(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(DOMAIN_RATES={"gmail.com": 2.0}, SWEEP_SECONDS=1.0, BATCH_SIZE=50)
    people_at("gmail.com", 30)
    mailing = circular()
    begin = clock.now()
    seconds = 0
    while states(mailing) != {"sent": 30}:
        with time_machine.travel(begin + timedelta(seconds=seconds)):
            engine.sweep()
            engine.work()
        mail_db.rollback()
        assert len(smtp_server.messages) <= 2 * (seconds + 3)
        seconds += 1
    assert 13 <= seconds <= 20
    assert len(set(smtp_server.message_ids)) == len(smtp_server.messages) == 30


def test_an_overall_rate_holds_in_the_middle_of_a_batch(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(MAIL_RATE=5, SWEEP_SECONDS=1.0, BATCH_SIZE=50)
    people_at("example.net", 12)
    mailing = circular()
    began = clock.now()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 12}
    assert clock.now() - began >= timedelta(seconds=(12 - 8) / 5)


def test_single_messages_wait_for_no_rate(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(DOMAIN_RATES={"*": 0.01}, SWEEP_SECONDS=1.0)
    people_at("gmail.com", 5)
    asks = PersonFactory(address__email="asks@gmail.com")
    circular()
    engine.sweep()
    engine.work()
    for nth in range(3):
        notice = Notice("test/link", "Your link", "Here it is.\n", "<p>Here</p>")
        outbox.post(asks.address, notice, once=f"link {nth}")
    mail_db.commit()
    engine.work()
    assert len(smtp_server.to("asks@gmail.com")) >= 3


def test_without_limits_no_lane_is_written(mail_db: Session, smtp_server: SmtpServer) -> None:
    people_at("gmail.com", 3)
    circular()
    engine.sweep()
    engine.work()
    assert mail_db.scalars(select(Lane)).all() == []
