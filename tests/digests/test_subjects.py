"""Several subjects for a share of the readers, the best of them for the rest, one copy for each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.digests import actions, subjects
from app.digests.actions import Sending
from app.digests.models import Issue, SubjectTest
from app.digests.subjects import Plan
from app.foundation import edge
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import mailings
from app.mail.models import Delivery, Mailing, Reply, SendState
from app.people.models import DigestEvery, Person, Purpose, Unsubscription
from tests.digests import world
from tests.digests.test_sending import go_on, letters
from tests.factories import PersonFactory, staff_member
from tests.signing_in import post, sign_in

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
PLAN = Plan(("Second", "Third"), share=50, hours=4)


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"BATCH_SIZE": "10", "WARM_UP_SINCE": "2025-01-01"}


@pytest.fixture(autouse=True)
def travel() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo", digest_every=DigestEvery.WEEKLY)


def started(by: Person, plan: Plan = PLAN, people: int = 60, on: object = None) -> Issue:
    """An issue with a test of subjects, handed to the engine."""
    for _ in range(people):
        PersonFactory()
    issue = world.issue(subject="First")
    assert subjects.plan(issue.id, plan)
    actions.send(issue.id, Sending(people=people, by_id=by.id, on=on))  # type: ignore[arg-type]
    return issue


def its_test(issue: Issue) -> SubjectTest:
    session.expire_all()
    return session.get_one(SubjectTest, issue.id)


def settle(app: Whereas) -> None:
    session.commit()
    with app.app_context():
        subjects.settle_due()
    session.expire_all()


def flow(app: Whereas, travel: time_machine.Coordinates) -> None:
    """Some minutes of work, for receivers are not written to as fast as we could."""
    for _ in range(4):
        travel.shift(timedelta(minutes=1))
        go_on(app)


def groups(issue: Issue) -> dict[int | None, list[int]]:
    """The readers by the subject that the hash gives them; None for the rest."""
    found: dict[int | None, list[int]] = {}
    rows = session.scalars(
        select(Delivery.person_id)
        .where(Delivery.mailing_id == issue.mailing_id)
        .order_by(Delivery.person_id)
    )
    for person_id in rows:
        found.setdefault(subjects.variant_of(its_test(issue), person_id), []).append(person_id)
    return found


def unsubscribe(*person_ids: int, at: datetime) -> None:
    for person_id in person_ids:
        session.add(Unsubscription(person_id=person_id, purpose=Purpose.DIGEST, at=at))


def received(app: Whereas) -> Counter[str]:
    return Counter(letter.subject for letter in letters(app))


def test_the_hash_gives_everybody_one_subject_or_the_rest_and_always_the_same() -> None:
    test = SubjectTest(issue_id=7, others=["B", "C"], share=20, hours=4, salt=2**59 + 12345)
    first = [subjects.variant_of(test, number) for number in range(1, 30_001)]
    assert first == [subjects.variant_of(test, number) for number in range(1, 30_001)]
    counts = Counter(first)
    assert set(counts) == {0, 1, 2, None}
    assert all(1_800 < counts[number] < 2_200 for number in (0, 1, 2))
    assert sum(counts.values()) == 30_000


def test_sql_and_python_agree_on_who_is_in_the_test(
    app: Whereas, db: Session, staff: Person
) -> None:
    issue = started(staff)
    go_on(app)
    in_test = {n for variant, ids in groups(issue).items() if variant is not None for n in ids}
    sent = db.scalars(select(Delivery.person_id).where(Delivery.state == SendState.SENT))
    assert set(sent) == in_test
    assert 15 < len(in_test) < 45


def test_two_issues_try_their_subjects_with_different_people(db: Session, staff: Person) -> None:
    tests = []
    for _ in range(2):
        issue = world.issue()
        subjects.plan(issue.id, PLAN)
        tests.append(its_test(issue))
    chosen = [{n for n in range(1, 500) if subjects.variant_of(t, n) is not None} for t in tests]
    assert chosen[0] != chosen[1]


def test_the_rest_gets_the_subject_with_the_fewest_unsubscribes(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff)
    go_on(app)
    by_variant = groups(issue)
    sizes = {variant: len(ids) for variant, ids in by_variant.items()}
    assert received(app) == {"First": sizes[0], "Second": sizes[1], "Third": sizes[2]}
    unsubscribe(by_variant[0][0], by_variant[2][0], at=NOW + timedelta(hours=1))
    settle(app)
    assert its_test(issue).winner is None
    travel.shift(timedelta(hours=4, minutes=1))
    settle(app)
    assert its_test(issue).winner == 1
    flow(app, travel)
    assert received(app)["Second"] == sizes[1] + sizes[None]
    recipients = Counter(letter.recipient for letter in letters(app))
    assert len(recipients) == 60
    assert set(recipients.values()) == {1}


def test_replies_decide_where_unsubscribes_do_not(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff)
    go_on(app)
    assert subjects.note_replies(issue.id, [0, 0, 9])
    travel.shift(timedelta(hours=5))
    settle(app)
    assert its_test(issue).winner == 2
    assert not subjects.note_replies(issue.id, [9, 0, 0])


def test_replies_in_the_mailbox_decide_and_staff_need_not_count(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates, client: FlaskClient
) -> None:
    app.config["REPLY_IMAP_URL"] = "imaps://a:b@imap.example.org"
    issue = started(staff)
    go_on(app)
    test = its_test(issue)
    sent = select(Delivery.person_id).where(Delivery.state == SendState.SENT)
    people = session.scalars(sent).all()
    for person in [person for person in people if subjects.variant_of(test, person) == 2][:2]:
        session.add(Reply(mailing_id=issue.mailing_id, person_id=person, at=NOW))
    session.commit()
    assert [each.replies for each in subjects.results(issue, test)] == [0, 0, 2]
    assert not subjects.note_replies(issue.id, [9, 0, 0])
    sign_in(client, staff)
    page = client.get(f"/staff/digests/{issue.id}/subjects").text
    assert "Replies are counted in the mailbox" in page
    assert "Note the replies" not in page
    travel.shift(timedelta(hours=5))
    settle(app)
    assert its_test(issue).winner == 2


def test_without_any_difference_the_first_subject_wins(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff)
    go_on(app)
    travel.shift(timedelta(hours=5))
    settle(app)
    assert its_test(issue).winner == 0


def test_an_unsubscribe_from_before_the_test_does_not_count(
    app: Whereas, db: Session, staff: Person
) -> None:
    issue = started(staff)
    go_on(app)
    unsubscribe(groups(issue)[0][0], at=NOW - timedelta(days=1))
    assert [result.unsubscribed for result in subjects.results(issue, its_test(issue))] == [0, 0, 0]


def test_the_rest_waits_until_it_is_decided(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    started(staff)
    go_on(app)
    tried = sum(received(app).values())
    travel.shift(timedelta(hours=4, minutes=1))
    go_on(app)  # due, but nobody decided yet
    assert sum(received(app).values()) == tried
    settle(app)
    flow(app, travel)
    assert sum(received(app).values()) == 60


def test_many_unsubscribes_hold_the_rest_for_staff(
    app: Whereas,
    db: Session,
    client: FlaskClient,
    staff: Person,
    travel: time_machine.Coordinates,
) -> None:
    issue = started(staff)
    go_on(app)
    tried = sum(received(app).values())
    unsubscribe(*groups(issue)[0][:3], at=NOW + timedelta(hours=1))
    travel.shift(timedelta(hours=5))
    settle(app)
    go_on(app)
    assert its_test(issue).held_at is not None
    assert its_test(issue).winner is None
    assert sum(received(app).values()) == tried
    sign_in(client, staff)
    page = client.get(f"/staff/digests/{issue.id}/subjects").text
    assert "Many readers of the test unsubscribed, so the rest waits for you." in page
    answer = post(client, f"/staff/digests/{issue.id}/subjects/decide", {"winner": "1"})
    assert answer.location == f"/staff/digests/{issue.id}/subjects?done=subjects-decided"
    assert its_test(issue).decided_by_id == staff.id
    flow(app, travel)
    assert sum(received(app).values()) == 60
    assert (
        "The rest gets: “Second”. Staff chose it."
        in client.get(f"/staff/digests/{issue.id}/subjects").text
    )


def test_two_unsubscribes_hold_nothing(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff)
    go_on(app)
    unsubscribe(*groups(issue)[0][:2], at=NOW + timedelta(hours=1))
    travel.shift(timedelta(hours=5))
    settle(app)
    assert (its_test(issue).held_at, its_test(issue).winner) == (None, 1)


def test_a_crash_before_the_decision_is_kept_changes_nothing(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff)
    go_on(app)
    before = groups(issue)
    travel.shift(timedelta(hours=5))
    issue_id, by_id = issue.id, staff.id
    db.commit()
    with app.app_context(), pytest.raises(SystemExit):
        die_while_deciding(issue_id, by_id)
    assert its_test(issue).winner is None
    settle(app)
    flow(app, travel)
    settle(app)
    assert its_test(issue).winner == 0
    assert groups(issue) == before
    assert received(app)["First"] == len(before[0]) + len(before[None])
    assert sum(received(app).values()) == 60


def die_while_deciding(issue_id: int, by_id: int) -> None:
    with edge.step():
        subjects.decide(issue_id, 2, by_id=by_id)
        raise SystemExit


def test_two_beats_decide_once(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff, people=20)
    go_on(app)
    travel.shift(timedelta(hours=5))
    db.commit()
    threads = [Thread(target=settle_in, args=(app,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert its_test(issue).winner == 0
    decided = select(AuditEntry).where(AuditEntry.action == "subject decided")
    assert len(db.scalars(decided).all()) == 1


def settle_in(app: Whereas) -> None:
    with app.app_context():
        subjects.settle_due()


def test_on_a_day_the_rest_gets_it_a_day_later_at_their_hour(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    day = (NOW + timedelta(days=3)).date()
    issue = started(staff, people=20, on=day)
    travel.move_to(datetime(2026, 11, 24, 5, 1, tzinfo=UTC))
    go_on(app)
    due = {row.person_id: row.due_at for row in db.scalars(select(Delivery))}
    morning = datetime(2026, 11, 24, 14, tzinfo=UTC)
    for variant, ids in groups(issue).items():
        later = timedelta(days=1) if variant is None else timedelta()
        assert {due[person_id] for person_id in ids} == {morning + later}
    mailing = db.get_one(Mailing, issue.mailing_id)
    next_day = datetime(2026, 11, 25, 5, tzinfo=UTC)
    assert subjects.decided_from(its_test(issue), mailing) == next_day


def test_cancelling_ends_the_test_without_a_decision(
    app: Whereas, db: Session, staff: Person, travel: time_machine.Coordinates
) -> None:
    issue = started(staff, people=20)
    go_on(app)
    mailings.cancel(db.get_one(Mailing, issue.mailing_id))
    travel.shift(timedelta(hours=5))
    settle(app)
    assert its_test(issue).winner is None


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


TYPED = {"second": "Second", "third": "", "share": "20", "hours": "4"}


def of(issue: Issue, page: str = "") -> str:
    return f"/staff/digests/{issue.id}/subjects{page}"


def test_the_send_page_says_when_the_rest_leaves_and_counts_its_wait(
    app: Whereas, db: Session, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    PersonFactory.create_batch(10)
    issue = world.issue(subject="First")
    where = f"/staff/digests/{issue.id}/send"
    assert "the last copy leaves in about 1 minute." in browser.get(where).text
    subjects.plan(issue.id, Plan(("Second",), share=20, hours=4))
    page = browser.get(where).text
    assert "the last copy leaves today at 2:00\u202fPM." in page
    assert "2 people get it first, the others from Saturday, November 21, 2026, 2:00 PM EST" in page
    monkeypatch.setitem(app.config, "SECOND_PERSON_ABOVE", 1)
    page = browser.get(where).text
    assert "the others from Saturday, November 21, 2026, 3:00 PM EST" in page


def test_what_is_not_awake_when_the_rest_is_due_is_expected_in_the_morning(
    db: Session, browser: FlaskClient
) -> None:
    PersonFactory.create_batch(10)
    issue = world.issue(subject="First")
    subjects.plan(issue.id, Plan(("Second",), share=20, hours=12))
    page = browser.get(f"/staff/digests/{issue.id}/send").text
    assert "the last copy leaves Sunday at 8:00\u202fAM." in page


def test_the_page_of_the_issue_says_why_the_rest_waits_and_until_when(
    app: Whereas,
    db: Session,
    browser: FlaskClient,
    staff: Person,
    travel: time_machine.Coordinates,
) -> None:
    issue = started(staff, people=20)
    go_on(app)
    where, until = f"/staff/digests/{issue.id}", "from Saturday, November 21, 2026, 2:00 PM EST."
    page = browser.get(where).text
    assert f"The rest waits until the best subject is known. It leaves {until}" in page
    assert until in browser.get(f"{where}/progress.json").get_json()["reasons"]
    travel.shift(timedelta(hours=4, seconds=1))
    assert "The best subject is decided just now." in browser.get(where).text
    its_test(issue).held_at = NOW
    assert "unsubscribed: the rest waits for you." in browser.get(where).text
    travel.move_to(NOW + timedelta(hours=1))
    subjects.decide(issue.id, 1, by_id=staff.id)
    page = browser.get(where).text
    assert f"The best subject is known; the rest waits for its time. It leaves {until}" in page
    travel.move_to(NOW + timedelta(hours=5))
    flow(app, travel)
    page = browser.get(where).text
    assert "Done: 20 of 20 sent." in page
    assert "the rest waits" not in page


def test_on_a_day_the_page_names_the_day_of_the_rest(
    app: Whereas,
    db: Session,
    browser: FlaskClient,
    staff: Person,
    travel: time_machine.Coordinates,
) -> None:
    issue = started(staff, people=20, on=(NOW + timedelta(days=3)).date())
    travel.move_to(datetime(2026, 11, 24, 5, 1, tzinfo=UTC))
    go_on(app)
    page = browser.get(f"/staff/digests/{issue.id}").text
    assert "It leaves on Wednesday, November 25, 2026, at the hour that each reader chose." in page


def test_a_test_is_planned_changed_and_given_up(db: Session, browser: FlaskClient) -> None:
    PersonFactory()
    issue = world.issue(subject="First")
    assert "With so few readers, chance decides" in browser.get(of(issue)).text
    answer = post(browser, of(issue), TYPED)
    assert answer.location == f"/staff/digests/{issue.id}?done=subjects-planned"
    assert "20 readers of a hundred get one of these subjects" in browser.get(answer.location).text
    post(browser, of(issue), {**TYPED, "third": "Third", "share": "10"})
    found = its_test(issue)
    assert (found.others, found.share, found.replies) == (["Second", "Third"], 10, [0, 0, 0])
    assert 'value="Third"' in browser.get(of(issue)).text
    post(browser, of(issue, "/none"))
    db.expire_all()
    assert db.get(SubjectTest, issue.id) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"second": ""}, "Please fill this in."),
        ({"second": "First"}, "Choose subjects that differ."),
        ({"third": "Second"}, "Choose subjects that differ."),
        ({"share": "4"}, "Type a number from 5 to 50."),
        ({"share": "51"}, "Type a number from 5 to 50."),
        ({"hours": "49"}, "Type a number from 1 to 48."),
        ({"hours": "soon"}, "Not a valid integer value"),
    ],
)
def test_mistakes_in_a_plan_stand_beside_their_fields(
    db: Session, browser: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    issue = world.issue(subject="First")
    answer = post(browser, of(issue), {**TYPED, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.get(SubjectTest, issue.id) is None


def test_a_test_is_fixed_once_the_digest_is_sent(
    app: Whereas, db: Session, browser: FlaskClient, staff: Person
) -> None:
    issue = started(staff, people=20)
    go_on(app)
    late = f"/staff/digests/{issue.id}?done=subjects-fixed"
    assert post(browser, of(issue), TYPED).location == late
    assert post(browser, of(issue, "/none")).location == late
    assert post(browser, of(issue, "/decide"), {"winner": "7"}).location == late
    for wrong in ("x", "", "-1", "²"):
        again = post(browser, of(issue, "/replies"), {"replies": ["1", wrong, "7"]})
        assert again.status_code == 422
        assert again.text.count("Type a number, 0 if nobody replied.") == 1
        assert f'value="{wrong}" aria-invalid="true"' in again.text
        assert 'value="7"' in again.text
    noted = post(browser, of(issue, "/replies"), {"replies": ["1", "2", "3"]})
    assert noted.location == of(issue, "?done=subjects-noted")
    assert its_test(issue).replies == [1, 2, 3]


def test_tests_of_subjects_are_for_national_staff(db: Session, client: FlaskClient) -> None:
    issue = world.issue()
    acts = [of(issue, page) for page in ("", "/none", "/replies", "/decide")]
    sign_in(client, PersonFactory())
    assert client.get(of(issue)).status_code == 403
    assert [post(client, act).status_code for act in acts] == [403] * 4
