"""The list, the editor and the page of an issue: who may see them, and two people at once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests.models import Issue
from app.mail.models import Mailing, MailingState
from app.people.models import DigestEvery, Disclosure, Person, Purpose
from tests.digests import world
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    administrator,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

MOST_STATEMENTS = 4
DRAFT = {
    "subject": "November digest",
    "introduction": "Council passed it **again**.",
    "every": "monthly",
}


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo")


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


def only_issue(db: Session) -> Issue:
    db.expire_all()
    return db.scalars(select(Issue)).one()


def of(issue: Issue, page: str = "") -> str:
    return f"/staff/digests/{issue.id}{page}"


def mailing(issue: Issue, db: Session, state: MailingState) -> Mailing:
    made = Mailing(
        kind="digest",
        purpose=Purpose.DIGEST,
        once=f"test:{issue.id}",
        subject_id=issue.id,
        title=issue.subject,
        from_name="",
        reply_to="",
        state=state,
        due_at=issue.created_at,
        created_at=issue.created_at,
    )
    db.add(made)
    db.flush()
    issue.mailing_id = made.id
    return made


PAGES = (
    "",
    "/edit",
    "/delete",
    "/check",
    "/send",
    "/take-back",
    "/cancel",
    "/progress.json",
    "/report.csv",
)
ACTS = (
    *("/edit", "/delete", "/send", "/test", "/preview", "/preview/another", "/approve"),
    *("/preview/find", "/preview/1"),
    *("/take-back", "/cancel", "/pause", "/resume"),
)


def test_an_empty_list_says_what_to_do_first(browser: FlaskClient) -> None:
    page = browser.get("/staff/digests").text
    assert "No digest yet" in page
    assert "Write the first digest" in page


def test_the_list_takes_as_many_statements_for_thirty_as_for_one(
    db: Session, browser: FlaskClient
) -> None:
    world.issue()
    with count_statements() as for_one:
        browser.get("/staff/digests")
    for number in range(29):
        mailing(world.issue(subject=f"Digest {number}"), db, MailingState.DONE)
    db.flush()
    with count_statements() as for_thirty:
        page = browser.get("/staff/digests").text
    assert "Digest 28" in page
    assert len(for_thirty) == len(for_one) <= MOST_STATEMENTS


def test_the_list_is_searched_sorted_and_exported(db: Session, browser: FlaskClient) -> None:
    for subject in ("100 % for July", "100 days"):
        world.issue(subject=subject)
    found = browser.get("/staff/digests?search=100+%25").text
    assert "100 % for July" in found
    assert "100 days" not in found
    ordered = browser.get("/staff/digests?sort=-subject").text
    assert ordered.index("100 days") < ordered.index("100 % for July")
    export = browser.get("/staff/digests?format=csv").text.splitlines()
    assert export[0].removeprefix("\ufeff") == "Subject,State,Readers,When,Last change"
    assert [row.split(",")[:3] for row in sorted(export[1:])] == [
        ["100 % for July", "Draft", "chose monthly"],
        ["100 days", "Draft", "chose monthly"],
    ]


def test_a_draft_is_written_and_shown(db: Session, browser: FlaskClient) -> None:
    answer = post(browser, "/staff/digests/new", DRAFT)
    issue = only_issue(db)
    assert answer.location == of(issue, "?done=digest-created")
    page = browser.get(answer.location).text
    assert "Saved as a draft." in page
    assert "Everybody. Of them those who chose monthly." in page
    assert '<b class="big">1</b> person gets it' in page
    assert "<strong>again</strong>" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": " "}, "Please fill this in."),
        ({"subject": "x" * 151}, "Please use at most 150 characters."),
        ({"introduction": "x" * 1_000_000}, "Please use at most 20,000 characters."),
        ({"every": "hourly"}, "Not a valid choice"),
    ],
)
def test_mistakes_are_named_and_what_was_typed_is_kept(
    db: Session, browser: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    answer = post(browser, "/staff/digests/new", {**DRAFT, **changes})
    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()
    assert "Council passed it **again**." in answer.text or "introduction" in changes
    assert db.scalars(select(Issue)).all() == []


def test_fields_that_are_not_on_the_form_change_nothing(db: Session, browser: FlaskClient) -> None:
    post(browser, "/staff/digests/new", {**DRAFT, "mailing_id": "7", "created_by_id": "9"})
    issue = only_issue(db)
    assert issue.mailing_id is None
    assert issue.created_by_id != 9


def test_the_second_of_two_who_save_sees_both_versions(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    first = {**DRAFT, "subject": "Written by Jo", "version": "1"}
    second = {**DRAFT, "subject": "Written by Sam", "version": "1"}
    assert post(browser, of(issue, "/edit"), first).status_code == 303
    answer = post(browser, of(issue, "/edit"), second)
    assert answer.status_code == 409
    assert "Written by Jo" in answer.text
    assert 'value="Written by Sam"' in answer.text
    assert only_issue(db).subject == "Written by Jo"
    again = post(browser, of(issue, "/edit"), {**second, "version": "2"})
    assert again.location == of(issue, "?done=digest-saved")
    assert only_issue(db).subject == "Written by Sam"


def test_the_editor_holds_what_was_saved(db: Session, browser: FlaskClient) -> None:
    issue = world.issue(every=DigestEvery.WEEKLY)
    page = browser.get(of(issue, "/edit")).text
    assert 'value="November digest"' in page
    assert "Council passed it again: **seven votes**" in page
    assert '<input checked id="every-1"' in page
    assert page.count("checked") == 1


def test_a_scheduled_issue_keeps_its_readers_but_not_its_words(
    db: Session, browser: FlaskClient
) -> None:
    issue = world.issue()
    made = mailing(issue, db, MailingState.SCHEDULED)
    assert "stay as you confirmed them" in browser.get(of(issue, "/edit")).text
    sent = {**DRAFT, "subject": "December", "every": "weekly", "version": "1"}
    assert post(browser, of(issue, "/edit"), sent).status_code == 303
    saved = only_issue(db)
    assert (saved.subject, saved.every) == ("December", DigestEvery.MONTHLY)
    assert db.get_one(Mailing, made.id).title == "December"


@pytest.mark.parametrize("state", [s for s in MailingState if s != MailingState.SCHEDULED])
def test_an_issue_that_goes_out_is_frozen(
    db: Session, browser: FlaskClient, state: MailingState
) -> None:
    issue = world.issue()
    mailing(issue, db, state)
    answer = post(browser, of(issue, "/edit"), {**DRAFT, "subject": "Changed", "version": "1"})
    assert answer.status_code == 409
    assert 'value="Changed"' in answer.text
    assert only_issue(db).subject == "November digest"
    assert browser.get(of(issue, "/edit")).location == of(issue, "?done=digest-frozen")


def test_the_page_of_an_issue_says_who_is_left_out(db: Session, browser: FlaskClient) -> None:
    for _ in range(2):
        PersonFactory(digest_every=DigestEvery.WEEKLY)
    page = browser.get(of(world.issue())).text
    assert "Who is left out, and why" in page
    assert "2 chose another rhythm" in page


@pytest.mark.parametrize("page", PAGES)
def test_digests_are_for_national_staff(db: Session, client: FlaskClient, page: str) -> None:
    issue = world.issue()
    mailing(issue, db, MailingState.SENDING)
    visited = client.get(of(issue, page))
    assert visited.status_code == 303
    assert visited.location.startswith("/login?next=")
    for person in (PersonFactory(), coordinator_of(AllianceFactory()), administrator()):
        sign_in(client, person)
        assert client.get(of(issue, page)).status_code == 403
    sign_in(client, staff_member())
    assert client.get(of(issue, page)).status_code in (200, 303)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_may_act(db: Session, client: FlaskClient, act: str) -> None:
    issue = world.issue()
    assert client.post(of(issue, act)).status_code == 401
    for person in (PersonFactory(), coordinator_of(AllianceFactory()), administrator()):
        assert post(client, of(issue, act), person=person).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_an_issue_that_does_not_exist_is_not_found(browser: FlaskClient, page: str) -> None:
    assert browser.get(f"/staff/digests/999{page}").status_code == 404


def test_looking_changes_nothing(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    for page in PAGES:
        browser.get(of(issue, page))
    assert (only_issue(db).version, only_issue(db).mailing_id) == (1, None)


def test_changing_a_scheduled_digest_asks_again_who_you_are(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    issue = world.issue()
    mailing(issue, db, MailingState.SCHEDULED)
    sign_in(client, staff, fresh=False)
    asked = client.get(of(issue, "/edit"))
    assert asked.location == f"/reauthenticate?next=/staff/digests/{issue.id}/edit"
    answer = post(client, of(issue, "/edit"), {**DRAFT, "subject": "Changed", "version": "1"})
    assert answer.status_code == 403
    assert 'value="Changed"' in answer.text
    assert "Say who you are, in a new tab" in answer.text
    assert only_issue(db).subject == "November digest"
    sign_in(client, staff)
    assert post(client, of(issue, "/edit"), {**DRAFT, "version": "1"}).status_code == 303


def test_a_draft_needs_no_fresh_proof(db: Session, client: FlaskClient, staff: Person) -> None:
    issue = world.issue()
    sign_in(client, staff, fresh=False)
    assert client.get(of(issue, "/edit")).status_code == 200
    assert post(client, of(issue, "/edit"), {**DRAFT, "version": "1"}).status_code == 303


def test_a_draft_is_deleted_after_a_page_that_asks(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    page_of_it = of(issue)
    page = browser.get(of(issue, "/delete")).text
    assert "Delete the draft “November digest”?" in page
    assert post(browser, of(issue, "/delete")).location == "/staff/digests?done=digest-deleted"
    db.expire_all()
    assert db.scalars(select(Issue)).all() == []
    assert browser.get(page_of_it).status_code == 404


@pytest.mark.parametrize("state", [MailingState.SCHEDULED, MailingState.DONE])
def test_what_was_scheduled_or_sent_cannot_be_deleted(
    db: Session, browser: FlaskClient, state: MailingState
) -> None:
    issue = world.issue()
    mailing(issue, db, state)
    no = of(issue, "?done=digest-not-draft")
    assert browser.get(of(issue, "/delete")).location == no
    assert post(browser, of(issue, "/delete")).location == no
    assert only_issue(db).id == issue.id


def test_some_of_those_who_are_left_out_are_shown_by_reason_and_noted(
    db: Session, client: FlaskClient
) -> None:
    issue, weekly = world.issue(), {"digest_every": DigestEvery.WEEKLY}
    others = [PersonFactory(name=f"Maria Q{n} Gomez", **weekly) for n in range(11)]
    PersonFactory(name="Hidden Person", discreet=True, **weekly)
    PersonFactory(name="Ana Li", unconfirmed=True)
    PersonFactory(name="Ben Reader")
    staff = staff_member(name="Jo", **weekly)
    where = f"/staff/digests/{issue.id}"
    sign_in(client, others[0])
    assert post(client, f"{where}/left-out").status_code == 403
    sign_in(client, staff)
    page = client.get(where).text
    assert "See some of those who are left out" in page
    assert db.scalars(select(Disclosure)).all() == []
    page = post(client, f"{where}/left-out").text
    assert "1 have not confirmed their address yet" in page
    assert "Ana L." in page
    assert "13 chose another rhythm" in page
    assert page.count("Maria G.") + page.count("<b>Jo</b>") == 10
    for kept in ("Gomez", "Hidden", "Ben"):
        assert kept not in page
    noted = db.execute(select(Disclosure.viewer_id, Disclosure.what)).all()
    assert [tuple(row) for row in noted] == [(staff.id, "left-out sample")] * 11
