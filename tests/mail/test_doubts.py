"""Staff decide about mail that may have arrived; what they do not decide goes again."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail import batches, doubts, engine, outbox, resending, rounds, shared
from app.mail.journal import Journal
from app.mail.ledger import Entry, Ledger
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, Message, SendState
from app.mail.outbox import Notice
from app.mail.verdicts import SENT
from app.people.models import Address, Person
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, staff_member
from tests.mail.kinds import circular, message, read, reasons, states
from tests.services.smtp import SmtpServer
from tests.signing_in import post, sign_in

WAIT = 600


@pytest.fixture(autouse=True)
def _wait(app: Whereas, mailing_app: Whereas) -> None:
    """Time enough for staff to decide."""
    for each in (app, mailing_app):
        each.config["DOUBT_WAIT_SECONDS"] = WAIT


def lost(people: int = 3, window: int = 2) -> Mailing:
    """A mailing whose worker's machine is gone: the first `window` of it may have arrived."""
    PersonFactory.create_batch(people)
    mailing = circular(due_at=clock.now() - timedelta(minutes=1), title="Your month in July")
    engine.sweep()
    with edge.step() as session:
        assert batches.claim() is not None
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(Batch).values(lease_until=past))
    engine.sweep()
    return mailing


def doubtful(session: Session, mailing: Mailing) -> list[int]:
    found = select(Delivery.person_id).where(Delivery.mailing_id == mailing.id, Delivery.in_doubt)
    return list(session.scalars(found.order_by(Delivery.person_id)))


def all_due(session: Session) -> None:
    """Let the time to decide be over."""
    past = clock.now() - timedelta(seconds=1)
    for table in (Delivery, Batch, Message):
        session.execute(update(table).where(table.state == "waiting").values(due_at=past))
    session.commit()


@pytest.fixture
def window_of_two(mailing_app: Whereas) -> None:
    mailing_app.config["ACK_WINDOW"] = 2


@pytest.mark.usefixtures("window_of_two")
def test_what_nobody_decides_goes_again_after_the_wait(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing = lost()
    engine.work()
    assert states(mailing) == {"sent": 1, "waiting": 2}
    all_due(mail_db)
    engine.work()
    assert states(mailing) == {"sent": 3}
    assert len(doubtful(mail_db, mailing)) == 2
    assert read(mailing).state == MailingState.DONE


@pytest.mark.usefixtures("window_of_two")
def test_what_is_left_does_not_go_again_and_stays_listed(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing = lost()
    first, second = doubtful(mail_db, mailing)
    with edge.step():
        assert doubts.leave(mailing.id, first)
    all_due(mail_db)
    engine.work()
    assert states(mailing) == {"sent": 2, "skipped": 1}
    assert reasons(mailing) == {"left": 1}
    assert doubtful(mail_db, mailing) == [first, second]
    assert len(smtp_server.messages) == 2


@pytest.mark.usefixtures("window_of_two")
def test_leaving_all_ends_a_mailing_of_which_nothing_else_waits(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing = lost()
    engine.work()
    with edge.step():
        assert doubts.undecided(read(mailing)) == 2
        assert doubts.leave_all(read(mailing)) == 2
    engine.sweep()
    assert read(mailing).state == MailingState.DONE
    assert states(mailing) == {"sent": 1, "skipped": 2}
    assert len(smtp_server.messages) == 1


@pytest.mark.usefixtures("window_of_two")
def test_leaving_all_holds_for_what_comes_into_doubt_later(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(3)
    mailing = circular()
    with edge.step():
        assert doubts.leave_all(read(mailing)) == 0
    engine.sweep()
    mail_db.execute(
        update(Delivery)
        .where(Delivery.person_id == select(func.min(Person.id)).scalar_subquery())
        .values(in_doubt=True)
    )
    mail_db.commit()
    engine.work()
    assert states(mailing) == {"sent": 2, "skipped": 1}
    assert reasons(mailing) == {"left": 1}


@pytest.mark.usefixtures("window_of_two")
def test_who_changes_the_mind_lets_later_doubts_go_again(mail_db: Session) -> None:
    mailing = lost()
    with edge.step():
        mailing = read(mailing)
        mailing.leaves_doubt = True
    with edge.step():
        doubts.send_by_itself(read(mailing))
    all_due(mail_db)
    engine.work()
    assert states(mailing) == {"sent": 3}


@pytest.mark.usefixtures("window_of_two")
def test_nothing_is_left_that_has_gone_or_is_in_no_doubt(mail_db: Session) -> None:
    mailing = lost()
    all_due(mail_db)
    engine.work()
    people = mail_db.scalars(select(Delivery.person_id)).all()
    with edge.step():
        assert [doubts.leave(mailing.id, person) for person in people] == [False] * 3
    assert states(mailing) == {"sent": 3}


@pytest.mark.usefixtures("window_of_two")
@pytest.mark.parametrize("first", ["the decision", "the worker"])
def test_a_decision_at_the_moment_of_sending_leaves_the_rows_true(
    mail_db: Session, first: str
) -> None:
    """What is on the wire when staff decide was sent, whoever writes first."""
    mailing = lost()
    all_due(mail_db)
    one, other = doubtful(mail_db, mailing)
    with edge.step():
        lease = batches.claim()
    assert lease is not None
    with edge.reading():
        common = shared.of(lease.mailing_id)
    with edge.prepared() as run:
        ledger = Ledger(lease, common, run, Journal(None))
        if first == "the decision":
            with edge.step():
                assert doubts.leave(mailing.id, one)
        ledger.note(Entry(one, SENT))
        ledger.write()
    if first == "the worker":
        with edge.step():
            assert not doubts.leave(mailing.id, one)
    copy = mail_db.get_one(Delivery, (mailing.id, one), populate_existing=True)
    assert (copy.state, copy.reason, copy.in_doubt) == (SendState.SENT, "", True)
    assert mail_db.get_one(Delivery, (mailing.id, other)).state == SendState.WAITING


def test_a_decision_between_the_question_and_the_wire_stops_the_mail(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its body is ready while the relay stalls; it is asked about again before it leaves."""
    monkeypatch.setattr(rounds, "FRESH_SECONDS", 0.2)
    mailing_app.config["ACK_WINDOW"] = 2
    mailing = lost()
    all_due(mail_db)
    _one, second = doubtful(mail_db, mailing)

    def decide(_received: object) -> bool:
        if len(smtp_server.messages) == 1:
            with mailing_app.app_context(), edge.step():
                doubts.leave(mailing.id, second)
            time.sleep(0.4)
        return False

    smtp_server.hang_up = decide
    engine.work()
    assert reasons(mailing) == {"left": 1}
    assert smtp_server.to(email_of(mail_db, second)) == []


def email_of(session: Session, person_id: int) -> str:
    found = select(Address.email).join(Person, Person.address_id == Address.id)
    return session.scalar(found.where(Person.id == person_id)) or ""


def test_a_cancelled_mailing_keeps_what_was_decided(mailing_app: Whereas, mail_db: Session) -> None:
    mailing_app.config["ACK_WINDOW"] = 2
    mailing = lost()
    with edge.step():
        doubts.leave(mailing.id, doubtful(mail_db, mailing)[0])
        mail_db.execute(update(Mailing).values(state=MailingState.CANCELLED))
    engine.sweep()
    assert reasons(mailing) == {"left": 1, "cancelled": 2}


@pytest.mark.usefixtures("window_of_two")
def test_what_was_left_can_be_sent_again_with_doubt(mail_db: Session) -> None:
    mailing = lost()
    engine.work()
    with edge.step():
        doubts.leave_all(read(mailing))
    engine.sweep()
    with edge.step():
        done = read(mailing)
        assert (resending.offered(done), resending.offered(done, with_doubt=True)) == (0, 2)
        assert resending.again(done, with_doubt=True) == 2
    engine.work()
    assert states(mailing) == {"sent": 3}


def letter(once: str, kind: str = "accounts/sign_in") -> Message:
    """A letter whose worker is gone."""
    outbox.post(PersonFactory().address, Notice(kind, "Hi", "Hi\n", "<p>Hi</p>"), once=once)
    with edge.step() as session:
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(Message).values(state=SendState.SENDING, lease_until=past))
    engine.sweep()
    return message(once)


def test_a_letter_about_the_account_waits_for_nobody(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    assert letter("one").in_doubt
    engine.work()
    assert message("one").state == SendState.SENT


def test_a_letter_that_is_left_does_not_go_again(mail_db: Session, smtp_server: SmtpServer) -> None:
    found = letter("one")
    assert found.text
    with edge.step():
        assert doubts.leave_letter(found.id)
        assert not doubts.leave_letter(found.id)
    engine.work()
    left = message("one")
    assert (left.state, left.reason, left.text) == (SendState.SKIPPED, "left", "")
    assert smtp_server.messages == []


# What staff see


@pytest.fixture
def mailing(app: Whereas, db: Session) -> Mailing:
    app.config["ACK_WINDOW"] = 2
    return lost()


@pytest.fixture
def staff(mailing: Mailing, client: FlaskClient) -> Person:
    person = staff_member()
    sign_in(client, person)
    return person


def acts(db: Session) -> list[tuple[str, int | None]]:
    rows = db.execute(select(AuditEntry.action, AuditEntry.object_id).order_by(AuditEntry.id))
    return [(action, number) for action, number in rows]


def test_staff_see_what_may_have_arrived_twice_and_leave_one(
    client: FlaskClient, staff: Person, db: Session, mailing: Mailing
) -> None:
    first, second = doubtful(db, mailing)
    email = email_of(db, first)
    page = client.get("/staff/mail/twice").text
    assert page.count("Goes again by itself") == 3  # two rows and the filter
    assert email not in page
    answer = post(client, f"/staff/mail/{mailing.id}/copies/{first}/leave", person=staff)
    assert answer.location.endswith(f"/staff/mail/twice?mailing={mailing.id}&done=mail-left")
    left = client.get("/staff/mail/twice?state=skipped").text
    assert left.count('<tr role="row"><th') == 1
    again = post(client, f"/staff/mail/{mailing.id}/copies/{first}/leave", person=staff)
    assert again.location.endswith("done=mail-gone")
    assert acts(db) == [("doubt left", mailing.id)]
    assert doubtful(db, mailing) == [first, second]


def test_the_list_shows_one_mailing_and_letters_too(
    client: FlaskClient, staff: Person, db: Session, mailing: Mailing
) -> None:
    letter("one")
    rows = '<tr role="row"><th scope="row"'
    assert client.get("/staff/mail/twice").text.count(rows) == 3
    assert client.get(f"/staff/mail/twice?mailing={mailing.id}").text.count(rows) == 2
    assert "Account" in client.get("/staff/mail/twice").text


def test_staff_leave_all_of_a_mailing_and_change_their_mind(
    client: FlaskClient, staff: Person, db: Session, mailing: Mailing
) -> None:
    page = client.get(f"/staff/mail/{mailing.id}").text
    assert "2 mails left us, and we did not hear that they arrived." in page
    assert "2 mails wait to go again" in client.get(f"/staff/mail/{mailing.id}/leave").text
    post(client, f"/staff/mail/{mailing.id}/leave", person=staff)
    assert reasons(mailing) == {"left": 2}
    assert "staff decided so" in client.get(f"/staff/mail/{mailing.id}").text
    post(client, f"/staff/mail/{mailing.id}/send-by-itself", person=staff)
    assert not read(mailing).leaves_doubt
    assert acts(db) == [("doubts left", mailing.id), ("doubts go again", mailing.id)]


@pytest.mark.parametrize(
    "act", ["{0}/copies/1/leave", "{0}/leave", "{0}/send-by-itself", "letters/1/leave"]
)
def test_only_staff_decide(client: FlaskClient, db: Session, mailing: Mailing, act: str) -> None:
    path = "/staff/mail/" + act.format(mailing.id)
    assert client.post(path).status_code == 401
    coordinator = coordinator_of(AllianceFactory())
    assert post(client, path, person=coordinator).status_code == 403
    assert client.get("/staff/mail/twice").status_code == 403
    assert states(mailing) == {"waiting": 3}
    assert not read(mailing).leaves_doubt


def test_a_mailing_that_is_not_there_is_404(client: FlaskClient, staff: Person) -> None:
    for path in ("999/leave", "999/send-by-itself"):
        assert post(client, f"/staff/mail/{path}", person=staff).status_code == 404


def test_a_batch_in_a_workers_hands_is_not_ended(db: Session, mailing: Mailing) -> None:
    with edge.step():
        lease = batches.claim()
        assert lease is not None
        doubts.leave_all(read(mailing))
    batch = db.get_one(Batch, lease.batch_id, populate_existing=True)
    assert batch.state == BatchState.SENDING
