"""What became of an issue, by reason, receiver and alliance; and sending it again."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.digests import held, reports
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine, rates, warm_up
from app.mail.models import Batch, BatchState, Delivery, Mailing, MailingState, SendState
from app.mail.rates import Limits, Wish
from app.people.models import DigestEvery, Person
from tests.digests import world
from tests.factories import (
    AllianceFactory,
    MembershipFactory,
    PersonFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

FULL = "552 5.2.2 Mailbox full"


@pytest.fixture
def browser(db: Session, client: FlaskClient) -> FlaskClient:
    sign_in(client, staff_member(name="Jo", digest_every=DigestEvery.WEEKLY))
    return client


@pytest.fixture
def issue(app: Whereas, db: Session, browser: FlaskClient) -> Issue:
    """Went to five: two at Gmail, three elsewhere; two of these failed, one was skipped."""
    columbus, cleveland = AllianceFactory(name="Columbus"), AllianceFactory(name="Cleveland")
    people = [PersonFactory(address__email=f"p{nth}@gmail.com") for nth in range(2)]
    people += [PersonFactory(address__email=f"p{nth}@example.org") for nth in range(3)]
    for person in people[:3]:
        MembershipFactory(alliance=columbus, person=person)
    MembershipFactory(alliance=cleveland, person=people[0])
    made, ids = world.issue(), [person.id for person in people]
    post(browser, f"/staff/digests/{made.id}/send", {"when": "now", "people": "5"})
    session.refresh(made)
    session.commit()
    engine.sweep()
    ends(ids[1], SendState.SENT)
    ends(ids[0], SendState.SENT)
    ends(ids[2], SendState.FAILED, FULL)
    ends(ids[3], SendState.FAILED, FULL)
    ends(ids[4], SendState.SKIPPED, "unsubscribed")
    db.execute(update(Mailing).values(state=MailingState.DONE, finished_at=clock.now()))
    db.commit()
    return made


def ends(person_id: int, state: SendState, reason: str = "") -> None:
    session.execute(
        update(Delivery).where(Delivery.person_id == person_id).values(state=state, reason=reason)
    )


def rows_of(browser: FlaskClient, issue: Issue, by: str) -> list[list[str]]:
    answer = browser.get(f"/staff/digests/{issue.id}/report.csv?by={by}")
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_by_reason(browser: FlaskClient, issue: Issue) -> None:
    assert rows_of(browser, issue, "reason") == [
        ["State", "Reason", "People"],
        ["Sent", "", "2"],
        ["Waiting", "", "0"],
        ["Skipped", "Unsubscribed", "1"],
        ["Failed", FULL, "2"],
        ["May have arrived twice", "", "0"],
    ]


def test_by_receiver(browser: FlaskClient, issue: Issue) -> None:
    assert rows_of(browser, issue, "receiver") == [
        ["Receiver", "People", "Sent", "Waiting", "Skipped", "Failed"],
        ["example.org", "3", "0", "0", "1", "2"],
        ["gmail.com", "2", "2", "0", "0", "0"],
    ]


def test_by_alliance_a_person_counts_in_each(browser: FlaskClient, issue: Issue) -> None:
    assert rows_of(browser, issue, "alliance") == [
        ["Alliance", "People", "Sent", "Waiting", "Skipped", "Failed"],
        ["Columbus", "3", "2", "0", "0", "1"],
        ["Cleveland", "1", "1", "0", "0", "0"],
    ]


@pytest.mark.parametrize("settled", [False, True])
def test_after_a_cancellation_nobody_waits_whether_a_sweep_came_or_not(
    db: Session, browser: FlaskClient, issue: Issue, *, settled: bool
) -> None:
    """The rest is cancelled, also what waited for staff; the sum stays what was expanded."""
    in_hand = Delivery.state == SendState.SENT
    skipped = Delivery.state == SendState.SKIPPED
    db.execute(update(Delivery).where(skipped).values(reason=held.HELD))
    db.execute(update(Delivery).where(in_hand).values(state=SendState.WAITING))
    db.execute(update(Mailing).values(state=MailingState.SENDING, finished_at=None))
    db.execute(update(Batch).values(state=BatchState.WAITING))
    post(browser, f"/staff/digests/{issue.id}/cancel")
    db.commit()
    if settled:
        engine.sweep()
    assert rows_of(browser, issue, "reason")[1:] == [
        ["Sent", "", "0"],
        ["Cancelled", "", "3"],
        ["Skipped", "", "0"],
        ["Failed", FULL, "2"],
        ["May have arrived twice", "", "0"],
    ]
    heads = ["People", "Sent", "Cancelled", "Skipped", "Failed"]
    assert rows_of(browser, issue, "receiver") == [
        ["Receiver", *heads],
        ["example.org", "3", "0", "1", "0", "2"],
        ["gmail.com", "2", "0", "2", "0", "0"],
    ]
    assert rows_of(browser, issue, "alliance")[:2] == [
        ["Alliance", *heads],
        ["Columbus", "3", "0", "2", "0", "1"],
    ]
    page = browser.get(f"/staff/digests/{issue.id}").text
    assert "Cancelled: 0 of 5 sent." in page
    assert '<dt>Cancelled</dt><dd><span data-state="cancelled">3</span>' in page
    assert ("Waiting" in page, "waits for you" in page) == (False, False)


def test_an_erased_address_counts_without_a_name(
    db: Session, browser: FlaskClient, issue: Issue
) -> None:
    db.execute(update(Person).where(Person.name != "Jo").values(address_id=None))
    assert rows_of(browser, issue, "receiver")[1:] == [
        ["No address any more", "5", "2", "0", "1", "2"]
    ]


def test_the_page_names_the_largest_receivers_and_sums_the_others(
    db: Session, browser: FlaskClient, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "SHOWN", 1)
    page = browser.get(f"/staff/digests/{issue.id}/report").text
    assert "example.org</th>" in page
    assert "gmail.com" not in page
    assert "All others</th>" in page
    assert "Mailbox full" in page
    assert "Columbus" in page


def test_an_unknown_way_to_count_is_not_found(browser: FlaskClient, issue: Issue) -> None:
    assert browser.get(f"/staff/digests/{issue.id}/report.csv?by=name").status_code == 404


@pytest.mark.parametrize("page", ["report", "report.csv", "again"])
def test_a_report_is_for_staff_only(
    db: Session, client: FlaskClient, issue: Issue, page: str
) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(f"/staff/digests/{issue.id}/{page}").status_code == 403


def test_the_report_costs_the_same_for_any_number_of_rows(
    db: Session, browser: FlaskClient, issue: Issue
) -> None:
    with count_statements() as few:
        browser.get(f"/staff/digests/{issue.id}/report")
    mailing = db.scalars(select(Mailing)).one()
    for nth in range(30):
        person = PersonFactory(address__email=f"x@d{nth}.example.org")
        MembershipFactory(person=person)
        values = {"batch_number": 1, "due_at": clock.now()}
        db.add(Delivery(mailing_id=mailing.id, person_id=person.id, **values))
    db.commit()
    with count_statements() as many:
        browser.get(f"/staff/digests/{issue.id}/report")
    assert len(many) == len(few)


def test_sending_again_names_how_many_and_does_it_once(
    app: Whereas, db: Session, browser: FlaskClient, issue: Issue
) -> None:
    where = f"/staff/digests/{issue.id}"
    assert "Send again to 2 people whose copies failed" in browser.get(where).text
    page = browser.get(f"{where}/again").text
    assert "2 people did not get it and may get it now." in page
    assert "Send it again to 2 people" in page
    assert "Message-ID" in page
    assert post(browser, f"{where}/again").location == f"{where}?done=digest-again"
    assert post(browser, f"{where}/again").location == f"{where}?done=digest-not-again"
    assert "Send again to" not in browser.get(where).text
    db.commit()
    with app.app_context():
        engine.sweep()
        engine.work()
    assert db.scalars(select(Delivery.state)).all().count(SendState.SENT) == 4
    [entry] = db.scalars(select(AuditEntry).where(AuditEntry.action == "sent again")).all()
    assert entry.detail == {"people": 2}


def test_those_who_may_have_it_get_it_again_only_if_staff_choose(
    db: Session, browser: FlaskClient, issue: Issue
) -> None:
    where = f"/staff/digests/{issue.id}/again"
    assert "with_doubt" not in browser.get(where).text
    failed = Delivery.state == SendState.FAILED
    db.execute(update(Delivery).where(failed).values(in_doubt=True))
    page = browser.get(where).text
    assert "0 people did not get it" in page
    assert "2 people more." in page
    assert post(browser, where).location.endswith("done=digest-not-again")
    assert post(browser, where, {"with_doubt": "y"}).location.endswith("done=digest-again")


def test_the_send_page_says_when_the_last_copy_leaves(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    PersonFactory()
    page = browser.get(f"/staff/digests/{world.issue().id}/send").text
    assert "If you send it now, the last copy leaves in about 1 minute." in page
    assert "longer than a week" not in page


def test_the_send_page_warns_where_the_issue_would_be_too_old(
    app: Whereas, db: Session, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WARM_UP_SINCE"] = warm_up.day_of(clock.now())
    monkeypatch.setattr(warm_up, "RAMP", (1,) * 30)
    PersonFactory.create_batch(12)
    db.commit()
    rates.draw(Limits.configured(), [Wish("gmail.com")], has_allowance=True)
    assert "longer than a week" in browser.get(f"/staff/digests/{world.issue().id}/send").text
