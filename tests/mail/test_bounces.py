"""Mail that came back changes what it proves, once, and nothing that it merely claims."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.foundation import clock
from app.mail import dsn, engine, outbox, returns, tidying
from app.mail.bounces import News, note
from app.mail.lifting import lift, lift_what_came_back
from app.mail.models import (
    Bounce,
    BounceKind,
    Delivery,
    SendState,
    SpentToken,
    Suppression,
    SuppressionReason,
)
from app.mail.outbox import Notice
from app.mail.spent_tokens import spend
from app.people.actions import address_digest
from app.people.models import BULK, Consent, Person, Unsubscription
from tests.factories import PersonFactory
from tests.mail.kinds import circular, message
from tests.mail.reports import block, complaint, headers_of_ours
from tests.mail.reports import dsn as report_of
from tests.services.smtp import SmtpServer

WEEK = timedelta(days=7)
FULL = "smtp; 552 5.2.2 <maria@example.net> over quota"
UNWELCOME = "smtp; 550 5.7.1 you are on a list"


class Sent:
    """A digest that Maria's server took, as it arrived there."""

    def __init__(self, db: Session, server: SmtpServer, once: str = "digest") -> None:
        self.maria: Person = db.scalar(
            select(Person).where(Person.name == "Maria")
        ) or PersonFactory(name="Maria", address__email="maria@example.net")
        self.digest = address_digest("maria@example.net")
        mailing = circular(once)
        engine.sweep()
        engine.work()
        received = server.messages[-1]
        self.mailing_id = mailing.id
        self.sender = received.sender
        self.message_id = received.message["Message-ID"]
        self.link = received.message["List-Unsubscribe"]

    def returned(self, **other: str) -> str:
        return headers_of_ours(**{"sender": self.sender, "message_id": self.message_id, **other})

    def copy(self, db: Session) -> Delivery:
        key = (self.mailing_id, self.maria.id)
        return db.get_one(Delivery, key, populate_existing=True)


@pytest.fixture
def sent(mail_db: Session, smtp_server: SmtpServer) -> Sent:
    return Sent(mail_db, smtp_server)


def take(raw: bytes) -> list[bool]:
    taken = [returns.take(report) for report in dsn.read(raw)]
    returns.db.commit()
    return taken


def why(db: Session) -> list[tuple[str, SuppressionReason]]:
    return [(row.masked, row.reason) for row in db.scalars(select(Suppression))]


def kinds(db: Session) -> list[BounceKind]:
    return list(db.scalars(select(Bounce.kind).order_by(Bounce.id)))


def test_a_hard_bounce_ends_mail_to_the_address_and_the_copy_failed(
    mail_db: Session, sent: Sent
) -> None:
    assert take(report_of(to=sent.sender, returned="")) == [True]
    assert why(mail_db) == [("m…@example.net", SuppressionReason.BOUNCED)]
    copy = sent.copy(mail_db)
    assert (copy.state, copy.reason) == (SendState.FAILED, "550 5.1.1 <m…@example.net> unknown")
    [kept] = mail_db.scalars(select(Bounce))
    assert (kept.masked, kept.words) == ("m…@example.net", "550 5.1.1 <m…@example.net> unknown")


def test_the_same_report_again_changes_nothing(mail_db: Session, sent: Sent) -> None:
    raw = report_of(block(words=FULL), to=sent.sender, returned="")
    assert [take(raw), take(raw)] == [[True], [False]]
    assert kinds(mail_db) == [BounceKind.SOFT]


@pytest.mark.parametrize(
    ("to", "returned"),
    [
        ("bounce+m1p1-0123456789abcdef0123@example.org", ""),
        ("bounce+m1p999-0123456789abcdef0123@example.org", ""),
        ("bounce+s1-0123456789abcdef0123@example.org", ""),
        ("bounce+mffffffffffffp1-0123456789abcdef0123@example.org", ""),
        ("staff@example.org", headers_of_ours(message_id="<0123@example.org>")),
        ("staff@example.org", ""),
    ],
)
def test_a_forged_bounce_changes_nothing(
    mail_db: Session, sent: Sent, to: str, returned: str
) -> None:
    assert take(report_of(to=to, returned=returned)) == [False]
    assert (why(mail_db), kinds(mail_db)) == ([], [])
    assert sent.copy(mail_db).state == SendState.SENT


def test_somebody_elses_sender_with_ones_own_tag_is_forged(
    mail_db: Session, sent: Sent, smtp_server: SmtpServer
) -> None:
    """Whoever got a mail knows a good tag, which fits their own copy alone."""
    eve = PersonFactory()
    mail_db.commit()
    key, _, tag = sent.sender.partition("-")
    stolen = key.replace(f"p{sent.maria.id:x}", f"p{eve.id:x}") + f"-{tag}"
    mail_db.add(
        Delivery(mailing_id=sent.mailing_id, person_id=eve.id, batch_number=9, due_at=clock.now())
    )
    assert take(report_of(to=stolen, returned="")) == [False]
    assert why(mail_db) == []


def test_a_bounce_at_the_bare_address_is_known_by_its_message_id(
    mail_db: Session, sent: Sent
) -> None:
    returned = sent.returned(sender="")
    assert take(report_of(to="bounces@example.org", returned=returned)) == [True]
    assert why(mail_db) == [("m…@example.net", SuppressionReason.BOUNCED)]


def test_a_single_message_is_known_by_either(mail_db: Session, smtp_server: SmtpServer) -> None:
    for nth in (1, 2):
        person = PersonFactory(address__email=f"maria{nth}@example.net")
        outbox.post(person.address, Notice("a/b", "Hi", "Hi", "<p>Hi</p>"), once=f"m{nth}")
    mail_db.commit()
    engine.work()
    first, second = smtp_server.messages
    returned = headers_of_ours(sender="", message_id=second.message["Message-ID"])
    assert take(report_of(to=first.sender, returned="")) == [True]
    assert take(report_of(to="x@example.org", returned=returned)) == [True]
    assert [message(f"m{nth}").state for nth in (1, 2)] == [SendState.FAILED] * 2
    assert len(why(mail_db)) == 2


def test_mail_to_a_former_address_says_nothing_of_the_new_one(mail_db: Session, sent: Sent) -> None:
    other = PersonFactory(address__email="new@example.net")
    mail_db.get_one(Person, sent.maria.id).address_id = other.address_id
    mail_db.commit()
    assert take(report_of(to=sent.sender, returned="")) == [False]
    assert why(mail_db) == []


def test_a_refusal_of_us_never_counts_against_the_address(mail_db: Session, sent: Sent) -> None:
    assert take(report_of(block(words=UNWELCOME), to=sent.sender, returned="")) == [True]
    assert (why(mail_db), kinds(mail_db)) == ([], [BounceKind.BLOCKED])
    assert sent.copy(mail_db).reason == "550 5.7.1 you are on a list"


def test_one_of_several_recipients_behind_an_address_does_not_end_it(
    mail_db: Session, sent: Sent
) -> None:
    behind = (block("a@else.example"), block("b@else.example", "delivered", "2.0.0"))
    assert take(report_of(*behind, to=sent.sender, returned="")) == [False]
    assert why(mail_db) == []


def test_soft_bounces_end_mail_after_five_weeks(mail_db: Session, smtp_server: SmtpServer) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for week in range(5):
            assert why(mail_db) == []
            sent = Sent(mail_db, smtp_server, f"week {week}")
            assert take(report_of(block(words=FULL), to=sent.sender, returned="")) == [True]
            traveller.shift(WEEK)
    assert why(mail_db) == [("m…@example.net", SuppressionReason.UNREACHABLE)]


def test_relays_that_refuse_at_once_count_the_same(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory(name="Maria", address__email="maria@example.net")
    words = {"answer": "552 5.2.2 over quota"}
    smtp_server.refuse = lambda command, _to: words["answer"] if command == "RCPT" else None
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for week in range(5):
            assert why(mail_db) == []
            circular(f"week {week}")
            engine.sweep()
            engine.work()
            traveller.shift(WEEK)
    assert kinds(mail_db) == [BounceKind.SOFT] * 5
    assert why(mail_db) == [("m…@example.net", SuppressionReason.UNREACHABLE)]


@pytest.mark.parametrize(
    ("stage", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 unknown", [BounceKind.HARD]),
        ("RCPT", "550 5.7.1 unwelcome", [BounceKind.BLOCKED]),
        ("DATA", "550 5.1.1 unknown", [BounceKind.BLOCKED]),
        ("DATA", "552 5.2.2 full", [BounceKind.SOFT]),
        ("RCPT", "451 4.7.1 later", []),
    ],
)
def test_what_a_relay_answers_at_once_is_judged_by_the_same_rule(
    mail_db: Session,
    smtp_server: SmtpServer,
    stage: str,
    answer: str,
    expected: list[BounceKind],
) -> None:
    PersonFactory()
    smtp_server.refuse = lambda command, _to: answer if command == stage else None
    circular()
    engine.sweep()
    engine.work()
    assert kinds(mail_db) == expected
    assert len(why(mail_db)) == expected.count(BounceKind.HARD)


def test_a_complaint_ends_all_mail_and_unsubscribes(mail_db: Session, sent: Sent) -> None:
    fields = f"Original-Mail-From: <{sent.sender}>\n"
    raw = complaint(fields=fields, returned=sent.returned(sender=""))
    assert [take(raw), take(raw)] == [[True], [False]]
    assert why(mail_db) == [("m…@example.net", SuppressionReason.COMPLAINED)]
    unwanted = mail_db.execute(select(Unsubscription.person_id, Unsubscription.purpose)).all()
    assert sorted(unwanted) == sorted((sent.maria.id, purpose) for purpose in BULK)
    logged = mail_db.execute(select(Consent.channel, Consent.scope, Consent.given)).all()
    assert set(logged) == {("called our mail spam", f"mailing {sent.mailing_id}", False)}
    assert sent.copy(mail_db).state == SendState.SENT


def test_a_complaint_without_addresses_is_known_by_its_link(mail_db: Session, sent: Sent) -> None:
    redacted = f"To: <redacted>\nList-Unsubscribe: {sent.link}\n"
    assert take(complaint(fields="", returned=redacted)) == [True]
    assert why(mail_db) == [("m…@example.net", SuppressionReason.COMPLAINED)]


@pytest.mark.parametrize("fields", ["", "Original-Mail-From: <bounce+m1p1-0123@example.org>\n"])
def test_a_forged_complaint_changes_nothing(mail_db: Session, sent: Sent, fields: str) -> None:
    forged = headers_of_ours(to="maria@example.net")
    assert take(complaint(fields=fields, returned=forged)) == [False]
    assert take(complaint(fields="Original-Rcpt-To: maria@example.net\n", returned="X: y\n")) == [
        False
    ]
    assert why(mail_db) == []


def test_a_complaint_stands_above_a_bounce_and_not_the_other_way(
    mail_db: Session, sent: Sent
) -> None:
    take(report_of(to=sent.sender, returned=""))
    take(complaint(fields=f"Original-Mail-From: <{sent.sender}>\n"))
    assert why(mail_db) == [("m…@example.net", SuppressionReason.COMPLAINED)]
    take(report_of(block(words=UNWELCOME), to=sent.sender, returned=""))
    assert why(mail_db) == [("m…@example.net", SuppressionReason.COMPLAINED)]


def test_what_a_provider_told_is_known_by_its_message_id_or_by_itself(
    mail_db: Session, sent: Sent
) -> None:
    told = ("maria@example.net", sent.message_id, BounceKind.SOFT, "552 5.2.2 full")
    assert returns.told(*told, "provider:1") is True
    assert returns.told(*told, "provider:2") is False
    assert sent.copy(mail_db).state == SendState.FAILED
    PersonFactory(address__email="ana@example.net")
    assert returns.told("stranger@example.net", "", BounceKind.HARD, "550", "provider:0") is False
    other = ("ana@example.net", "", BounceKind.HARD, "550 5.1.1 unknown")
    assert [returns.told(*other, "provider:3") for _ in range(2)] == [True, False]
    assert why(mail_db) == [("a…@example.net", SuppressionReason.BOUNCED)]


def test_what_came_back_is_forgiven_when_the_owner_proves_that_mail_arrives(
    mail_db: Session, sent: Sent
) -> None:
    take(report_of(to=sent.sender, returned=""))
    lift_what_came_back(sent.digest)
    assert why(mail_db) == []
    assert [row.forgiven for row in mail_db.scalars(select(Bounce))] == [True]
    take(report_of(to=sent.sender, returned=""))
    assert why(mail_db) == []


def test_proof_does_not_undo_a_complaint_but_a_wish_does(mail_db: Session, sent: Sent) -> None:
    take(complaint(fields=f"Original-Mail-From: <{sent.sender}>\n"))
    lift_what_came_back(sent.digest)
    assert why(mail_db) == [("m…@example.net", SuppressionReason.COMPLAINED)]
    lift(sent.digest)
    assert why(mail_db) == []


def test_forgiven_bounces_weigh_nothing(mail_db: Session, smtp_server: SmtpServer) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for week in range(6):
            sent = Sent(mail_db, smtp_server, f"week {week}")
            take(report_of(block(words=FULL), to=sent.sender, returned=""))
            if week == 2:
                lift_what_came_back(sent.digest)
            traveller.shift(WEEK)
    assert why(mail_db) == []


def test_erasing_a_person_deletes_what_came_back_and_keeps_the_hash(
    mail_db: Session, sent: Sent
) -> None:
    take(report_of(to=sent.sender, returned=""))
    erasure.erase(mail_db.get_one(Person, sent.maria.id))
    assert kinds(mail_db) == []
    [kept] = mail_db.scalars(select(Suppression))
    assert (kept.masked, kept.detail) == ("m…@example.net", "")


def test_a_token_is_spent_once_and_old_rows_are_forgotten(mail_db: Session) -> None:
    assert [spend("abc"), spend("abc"), spend("abd")] == [True, False, True]
    note(News("a@example.net", BounceKind.SOFT, "552 full", "provider:1"))
    mail_db.commit()
    assert tidying.forget_old_bounces() == 0
    with time_machine.travel(clock.now() + timedelta(days=401)):
        assert tidying.forget_old_bounces() == 3
    assert (kinds(mail_db), list(mail_db.scalars(select(SpentToken)))) == ([], [])
