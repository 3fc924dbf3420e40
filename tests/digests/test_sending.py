"""From the confirm page to the mailbox: once, held, taken back, cancelled, and reported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.digests import actions
from app.digests.models import Issue
from app.foundation import clock, edge
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine, maildir
from app.mail import queries as mail_queries
from app.mail.models import Delivery, Mailing, MailingState, SendState
from app.mail.queries import Place
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, DigestEvery, Person, Purpose
from tests.digests import world
from tests.factories import AllianceFactory, MembershipFactory, PersonFactory, staff_member
from tests.signing_in import post, sign_in

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
WITHDRAWAL = Agreement(Purpose.DIGEST, wording="digest-1", channel="mail")


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"BATCH_SIZE": "10"}


@pytest.fixture(autouse=True)
def travel() -> object:
    """A clock that stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def staff(db: Session) -> Person:
    """National staff, who want no digest themselves."""
    return staff_member(name="Jo", digest_every=DigestEvery.WEEKLY)


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


def of(issue: Issue, page: str = "") -> str:
    return f"/staff/digests/{issue.id}{page}"


def readers(number: int) -> list[Person]:
    return [PersonFactory() for _ in range(number)]


def send(browser: FlaskClient, issue: Issue, people: int, **more: str) -> str:
    """Send as staff do; where the answer leads."""
    answer = post(browser, of(issue, "/send"), {"when": "now", "people": f"{people:,}", **more})
    assert answer.status_code == 303
    return str(answer.location)


def sweep(app: Whereas) -> None:
    """What beat wakes; in a process of its own, as far as the test's session can tell."""
    session.commit()
    with app.app_context():
        engine.sweep()


def work(app: Whereas) -> None:
    """A worker that works until nothing is due."""
    session.commit()
    with app.app_context():
        engine.work(30)
    session.expire_all()


def go_on(app: Whereas) -> None:
    sweep(app)
    work(app)


def letters(app: Whereas) -> list[maildir.Summary]:
    folder = Path(str(app.config["SMTP_URL"]).removeprefix("maildir://"))
    return list(maildir.list_messages(folder, limit=1000))


def received(app: Whereas) -> list[str]:
    return sorted(letter.recipient for letter in letters(app))


def emails(*people: Person) -> list[str]:
    addresses = [person.address_id for person in people]
    found = session.scalars(select(Address.email).where(Address.id.in_(addresses)))
    return sorted(str(email) for email in found)


def states(db: Session) -> dict[SendState, int]:
    rows = db.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict(rows.all())


def mailing_of(db: Session, issue: Issue) -> Mailing:
    db.expire_all()
    return db.scalars(select(Mailing).where(Mailing.subject_id == issue.id)).one()


def test_everybody_gets_one_copy_in_the_mailbox(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    people = [*readers(12), PersonFactory(name="Ana", language="es")]
    for _ in range(3):
        MembershipFactory(person=people[0], alliance=AllianceFactory())
    issue = world.issue(subject="November\r\nBcc: all@example.org")
    assert send(browser, issue, 13) == of(issue, "?done=digest-sent")
    go_on(app)
    assert received(app) == emails(*people)
    assert {letter.subject for letter in letters(app)} == {"November Bcc: all@example.org"}
    assert mailing_of(db, issue).state == MailingState.DONE
    assert states(db) == {SendState.SENT: 13}


def test_a_second_click_sends_nothing_again(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    issue = world.issue()
    for _ in range(2):
        send(browser, issue, 2)
    go_on(app)
    assert len(received(app)) == 2
    assert db.scalar(select(func.count()).select_from(Mailing)) == 1


def test_two_clicks_at_the_same_instant_send_once(app: Whereas, db: Session, staff: Person) -> None:
    readers(1)
    issue_id, staff_id = world.issue().id, staff.id
    db.commit()
    threads = [Thread(target=_send, args=(app, issue_id, staff_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.expire_all()
    assert db.scalar(select(func.count()).select_from(Mailing)) == 1
    assert db.get_one(Issue, issue_id).version == 2


def _send(app: Whereas, issue_id: int, by_id: int) -> None:
    with app.app_context(), edge.step():
        actions.send(issue_id, actions.Sending(people=1, by_id=by_id))


def test_the_number_must_be_typed_and_right(db: Session, browser: FlaskClient) -> None:
    readers(3)
    issue = world.issue()
    for typed, sentence in (
        ("", "Type the number of people."),
        ("many", "Type the number of people."),
        ("4", "It is 3 people. Type that number if you mean it."),
    ):
        answer = post(browser, of(issue, "/send"), {"when": "now", "people": typed})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert db.scalar(select(func.count()).select_from(Mailing)) == 0


def test_the_send_page_says_who_had_enough_this_week(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    for subject in ("First", "Second"):
        issue = world.issue(subject=subject)
        assert "as many digests and news" not in browser.get(of(issue, "/send")).text
        send(browser, issue, 2)
        go_on(app)
    readers(1)
    third = of(world.issue(subject="Third"), "/send")
    assert "2 of them got as many digests and news" in browser.get(third).text
    app.config["MAILS_A_WEEK"] = 0
    assert "as many digests and news" not in browser.get(third).text


def test_the_page_shows_the_number_and_keeps_what_was_typed(
    db: Session, browser: FlaskClient
) -> None:
    readers(3)
    issue = world.issue()
    assert "3 people will get it." in browser.get(of(issue, "/send")).text
    answer = post(browser, of(issue, "/send"), {"when": "day", "on": "2020-01-01", "people": "3"})
    assert answer.status_code == 422
    assert "Choose a day from today on" in answer.text
    assert 'value="2020-01-01"' in answer.text
    answer = post(browser, of(issue, "/send"), {"when": "day", "people": "3"})
    assert "Choose a day." in answer.text


def test_nobody_is_not_an_audience(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    assert "Nobody would get this digest." in browser.get(of(issue, "/send")).text
    answer = post(browser, of(issue, "/send"), {"when": "now", "people": "0"})
    assert answer.status_code == 422


def test_sending_asks_again_who_you_are(db: Session, client: FlaskClient, staff: Person) -> None:
    readers(1)
    issue = world.issue()
    sign_in(client, staff, fresh=False)
    answer = client.get(of(issue, "/send"))
    assert answer.status_code == 303
    assert answer.location == f"/reauthenticate?next=/staff/digests/{issue.id}/send"
    assert post(client, of(issue, "/send"), {"when": "now", "people": "1"}).status_code == 303
    assert db.scalar(select(func.count()).select_from(Mailing)) == 0


def test_a_scheduled_issue_reaches_each_reader_at_their_hour(
    app: Whereas, db: Session, browser: FlaskClient, travel: time_machine.Coordinates
) -> None:
    east = PersonFactory(zip="10017", digest_hour=9)
    west = PersonFactory(zip="96813", digest_hour=20)
    issue = world.issue()
    done = send(browser, issue, 2, when="day", on="2026-11-26")
    assert done == of(issue, "?done=digest-scheduled")
    assert "Thursday, November 26, 2026" in browser.get(of(issue)).text
    go_on(app)
    travel.move_to(datetime(2026, 11, 26, 13, 59, tzinfo=UTC))
    go_on(app)
    assert received(app) == []
    assert states(db) == {SendState.WAITING: 2}
    travel.move_to(datetime(2026, 11, 26, 14, 1, tzinfo=UTC))
    go_on(app)
    assert received(app) == emails(east)
    travel.move_to(datetime(2026, 11, 27, 6, 1, tzinfo=UTC))
    go_on(app)
    assert received(app) == emails(east, west)


def test_whoever_unsubscribes_between_queue_and_wire_gets_none(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    maria, ana = readers(2)
    issue = world.issue()
    send(browser, issue, 2)
    sweep(app)
    unsubscribe(maria.id, WITHDRAWAL)
    work(app)
    assert received(app) == emails(ana)
    page = browser.get(of(issue)).text
    assert "Skipped, and why" in page
    assert "Unsubscribed" in page
    assert "Unsubscribed,1" in browser.get(of(issue, "/report.csv")).text


def test_whoever_has_nothing_to_read_or_chose_another_rhythm_is_skipped(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    world.columbus()
    near, changed = readers(2)
    PersonFactory(zip="85001")
    issue = world.issue(introduction="")
    send(browser, issue, 3)
    sweep(app)
    changed.digest_every = DigestEvery.WEEKLY
    work(app)
    assert received(app) == emails(near)
    standing = mail_queries.standing(mailing_of(db, issue))
    assert dict(standing.why(Place.SKIPPED)) == {"nothing": 1, "other_rhythm": 1}


def test_pausing_holds_and_resuming_goes_on(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(3)
    issue = world.issue()
    send(browser, issue, 3)
    sweep(app)
    assert post(browser, of(issue, "/pause")).location == of(issue, "?done=digest-paused")
    go_on(app)
    assert received(app) == []
    assert "Paused: 0 of 3 sent." in browser.get(of(issue)).text
    assert post(browser, of(issue, "/pause")).location == of(issue, "?done=digest-too-late")
    assert post(browser, of(issue, "/resume")).location == of(issue, "?done=digest-resumed")
    go_on(app)
    assert len(received(app)) == 3


def test_cancelling_names_how_many_and_stops_the_rest(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(3)
    issue = world.issue()
    send(browser, issue, 3)
    sweep(app)
    page = browser.get(of(issue, "/cancel")).text
    assert "3 people will not get it." in page
    assert "Cancel for 3 people" in page
    assert post(browser, of(issue, "/cancel")).location == of(issue, "?done=digest-cancelled")
    go_on(app)
    assert received(app) == []
    assert states(db) == {SendState.SKIPPED: 3}
    assert post(browser, of(issue, "/resume")).location == of(issue, "?done=digest-too-late")
    assert "Cancelled: 0 of 3 sent." in browser.get(of(issue)).text


def test_a_scheduled_issue_is_taken_back_and_sent_anew(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    issue = world.issue()
    send(browser, issue, 2, when="day", on="2026-11-26")
    assert "2 people will not get it" in browser.get(of(issue, "/take-back")).text
    back = post(browser, of(issue, "/take-back"))
    assert back.location == of(issue, "?done=digest-taken-back")
    db.expire_all()
    assert (issue.mailing_id, issue.scheduled_on) == (None, None)
    send(browser, issue, 2)
    go_on(app)
    assert len(received(app)) == 2


def test_what_started_cannot_be_taken_back(app: Whereas, db: Session, browser: FlaskClient) -> None:
    readers(1)
    issue = world.issue()
    send(browser, issue, 1)
    go_on(app)
    assert post(browser, of(issue, "/take-back")).location == of(issue, "?done=digest-too-late")
    assert len(received(app)) == 1


@pytest.fixture
def large(app: Whereas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SECOND_PERSON_ABOVE", 1)


@pytest.mark.usefixtures("large")
def test_a_large_issue_waits_an_hour_in_which_it_can_be_stopped(
    app: Whereas, db: Session, browser: FlaskClient, travel: time_machine.Coordinates
) -> None:
    readers(2)
    issue = world.issue()
    assert "for 60 minutes" in browser.get(of(issue, "/send")).text
    assert send(browser, issue, 2) == of(issue, "?done=digest-waits")
    assert "You sent it, so somebody else has to approve." in browser.get(of(issue)).text
    assert post(browser, of(issue, "/approve")).location == of(issue, "?done=digest-not-you")
    travel.shift(timedelta(minutes=59))
    go_on(app)
    assert received(app) == []
    travel.shift(timedelta(minutes=2))
    go_on(app)
    assert len(received(app)) == 2


@pytest.mark.usefixtures("large")
def test_what_a_second_person_reads_is_what_goes_out(db: Session, browser: FlaskClient) -> None:
    readers(2)
    issue = world.issue()
    send(browser, issue, 2)
    words = {"subject": "Other", "every": "monthly", "version": "2"}

    assert browser.get(of(issue, "/edit")).location == of(issue, "?done=digest-large")
    page = browser.get(of(issue)).text
    assert "Take it back first to change it." in page
    assert of(issue, "/edit") not in page
    late_tab = post(browser, of(issue, "/edit"), words)
    assert late_tab.status_code == 409
    assert "Somebody else checks this digest as it stands" in late_tab.text
    assert "started to go out" not in late_tab.text
    assert 'value="Other"' in late_tab.text
    assert db.get_one(Issue, issue.id).subject != "Other"


@pytest.mark.usefixtures("large")
def test_a_second_person_lets_a_large_issue_go(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    issue = world.issue()
    send(browser, issue, 2)
    second = staff_member(digest_every=DigestEvery.WEEKLY)
    sign_in(browser, second)
    assert "Approve now" in browser.get(of(issue)).text
    assert post(browser, of(issue, "/approve")).location == of(issue, "?done=digest-approved")
    go_on(app)
    assert len(received(app)) == 2
    assert mailing_of(db, issue).facts["approved_by"] == second.id
    assert post(browser, of(issue, "/approve")).location == of(issue, "?done=digest-too-late")


@pytest.mark.usefixtures("large")
def test_approving_a_scheduled_large_issue_keeps_its_day(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    issue = world.issue()
    send(browser, issue, 2, when="day", on="2026-11-26")
    sign_in(browser, staff_member(digest_every=DigestEvery.WEEKLY))
    page = browser.get(of(issue)).text
    assert "to 2 people on Thursday, November 26, 2026, to each at the hour they chose" in page
    post(browser, of(issue, "/approve"))
    assert mailing_of(db, issue).due_at == datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_the_bar_moves(app: Whereas, db: Session, browser: FlaskClient) -> None:
    readers(4)
    issue = world.issue()
    send(browser, issue, 4)
    sweep(app)
    first = db.scalars(select(Delivery).order_by(Delivery.person_id)).first()
    assert first is not None
    first.state, first.in_doubt = SendState.SENT, True
    told = browser.get(of(issue, "/progress.json")).json
    assert told is not None
    assert told.pop("reasons").strip() == ""
    assert told == {
        "done": 1,
        "total": 4,
        "sentence": "1 of 4 sent",
        "phase": "sending",
        "finished": False,
        "rate": 0.0,
        "state": "sending",
        "states": {"sent": 1, "waiting": 3, "skipped": 0, "failed": 0, "twice": 1},
    }
    page = browser.get(of(issue)).text
    assert f'data-progress="/staff/digests/{issue.id}/progress.json"' in page
    go_on(app)
    answer = browser.get(of(issue, "/progress.json")).json
    assert answer is not None
    assert (answer["finished"], answer["phase"]) == (True, "done-over")
    assert "data-progress" not in browser.get(of(issue)).text


def test_the_bar_is_there_before_the_first_sweep(db: Session, browser: FlaskClient) -> None:
    readers(2)
    issue = world.issue()
    page = browser.get(send(browser, issue, 2)).text
    assert "Your digest is on its way." in page
    assert "It starts within seconds." in page
    answer = browser.get(of(issue, "/progress.json")).json
    assert answer is not None
    assert (answer["done"], answer["total"], answer["phase"]) == (0, 2, "scheduled")


def test_the_report_gives_numbers_and_no_names(
    app: Whereas, db: Session, browser: FlaskClient
) -> None:
    readers(2)
    issue = world.issue()
    send(browser, issue, 2)
    sweep(app)
    failed = db.scalars(select(Delivery).order_by(Delivery.person_id)).first()
    assert failed is not None
    failed.state, failed.reason = SendState.FAILED, "=550 no such user"
    go_on(app)
    report = browser.get(of(issue, "/report.csv"))
    assert report.text.removeprefix("\ufeff").splitlines() == [
        "State,Reason,People",
        "Sent,,1",
        "Waiting,,0",
        "Skipped,,0",
        "Failed,'=550 no such user,1",
        "May have arrived twice,,0",
    ]


def test_sending_is_audited(db: Session, browser: FlaskClient, staff: Person) -> None:
    readers(1)
    issue = world.issue()
    send(browser, issue, 1)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.area == "digests")).one()
    assert (entry.action, entry.object_id, entry.actor_id) == ("sent", issue.id, staff.id)
    assert entry.detail == {"people": 1}


def test_a_day_may_be_today(db: Session, staff: Person) -> None:
    readers(1)
    issue = world.issue()
    actions.send(issue.id, actions.Sending(people=1, by_id=staff.id, on=date(2026, 11, 21)))
    assert issue.mailing is not None
    assert issue.mailing.due_at == clock.now()
