"""Looking at an issue as real readers get it, and sending it to oneself."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests import preview
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import engine, maildir
from app.mail.models import Message
from app.people.models import DigestEvery, Disclosure, Person
from tests.digests import world
from tests.factories import PersonFactory, coordinator_of, member_of, staff_member
from tests.signing_in import post, sign_in


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo", zip="98104")


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


def of(issue: Issue, page: str = "") -> str:
    return f"/staff/digests/{issue.id}{page}"


def looked_at(db: Session) -> list[int]:
    return list(db.scalars(select(Disclosure.person_id).order_by(Disclosure.id)))


def test_three_readers_are_a_member_with_events_one_without_and_a_coordinator(
    db: Session,
) -> None:
    columbus = world.columbus()
    leader = coordinator_of(columbus, name="Jo")
    far = PersonFactory(zip="85001")
    member_of(columbus, discreet=True)
    near = member_of(columbus)
    member_of(columbus)
    assert preview.three(world.issue()) == [near.id, far.id, leader.id]


def test_fewer_kinds_of_readers_are_fewer_previews(db: Session) -> None:
    far = PersonFactory(zip="85001")
    assert preview.three(world.issue()) == [far.id]
    assert preview.three(world.issue(every=DigestEvery.WEEKLY)) == []


def test_looking_is_written_down_and_shows_mail_and_text(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    maria = member_of(world.columbus(), name="Maria <b>")
    issue = world.issue()
    answer = post(browser, of(issue, "/preview"))
    assert answer.location == of(issue, f"/preview/{maria.id}")
    assert looked_at(db) == [maria.id, staff.id]
    row = db.scalars(select(Disclosure)).first()
    assert row is not None
    assert (row.viewer_id, row.role, row.what) == (staff.id, "staff", "digest preview")
    page = browser.get(answer.location).text
    assert "What Maria &lt;b&gt; will see" in page
    assert "Your month in Columbus, Maria &lt;b&gt;" in page
    frame = re.search(r'<iframe class="frame phone" sandbox src="([^"]+)"', page)
    assert frame is not None
    mail = browser.get(frame[1])
    assert mail.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert "Your month in Columbus, Maria &lt;b&gt;" in mail.text
    assert 'href="http://localhost/events/remembrance-reading"' in mail.text


def test_a_preview_is_the_copy_that_the_engine_sends(db: Session) -> None:
    maria = member_of(world.columbus(), name="Maria")
    issue = world.issue()
    sheet, copy = preview.sheet(issue, maria), world.copy_for(issue, maria)
    assert sheet is not None
    assert copy is not None
    personal = re.compile(r"about:blank|http://localhost/\w+/token")
    assert personal.sub("", sheet.html) == personal.sub("", world.plain(copy.html))
    assert personal.sub("", sheet.text) == personal.sub("", world.plain(copy.text))


def test_a_preview_holds_no_personal_links(db: Session) -> None:
    sheet = preview.sheet(world.issue(), PersonFactory())
    assert sheet is not None
    assert "unsubscribe/" not in sheet.text + sheet.html
    assert "preferences/" not in sheet.text + sheet.html


def test_nobody_is_seen_who_was_not_asked_for(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    person, issue = PersonFactory(), world.issue()
    for page in ("", ".html"):
        assert browser.get(of(issue, f"/preview/{person.id}{page}")).status_code == 404
    preview.open_to(staff_member().id, [person.id])
    assert browser.get(of(issue, f"/preview/{person.id}")).status_code == 404


def test_what_was_asked_for_closes_after_an_hour(db: Session, browser: FlaskClient) -> None:
    PersonFactory()
    issue = world.issue()
    page = post(browser, of(issue, "/preview")).location
    assert browser.get(page).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert browser.get(page).status_code == 404


def test_somebody_else_is_another_reader_until_there_is_nobody(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    staff.digest_every = DigestEvery.WEEKLY
    first, second = PersonFactory(), PersonFactory()
    issue = world.issue()
    another = of(issue, "/preview/another")
    assert post(browser, another).location == of(issue, f"/preview/{first.id}")
    assert post(browser, another).location == of(issue, f"/preview/{second.id}")
    assert post(browser, another).location == of(issue, "?done=digest-nobody")
    assert looked_at(db) == [first.id, second.id]


def test_an_empty_copy_says_so(db: Session, browser: FlaskClient, staff: Person) -> None:
    issue = world.issue(introduction="")
    post(browser, of(issue, "/preview"))
    page = of(issue, f"/preview/{staff.id}")
    assert "so they are skipped" in browser.get(page).text
    assert browser.get(f"{page}.html").status_code == 404


def test_a_test_goes_to_the_one_who_asks_once_a_minute(
    app: Whereas, db: Session, browser: FlaskClient, staff: Person
) -> None:
    issue = world.issue()
    with time_machine.travel("2026-11-21T15:00:20Z", tick=False):
        for _ in range(2):
            answer = post(browser, of(issue, "/test"))
            assert answer.location == of(issue, "?done=digest-tested")
    message = db.scalars(select(Message)).one()
    assert (message.subject, message.person_id) == ("Test: November digest", staff.id)
    db.commit()
    with app.app_context():
        engine.work(10)
    folder = Path(str(app.config["SMTP_URL"]).removeprefix("maildir://"))
    stored = maildir.read_message(folder, maildir.list_messages(folder)[0].name)
    assert stored.recipient == message.email
    assert "Your month in Seattle, Jo" in stored.text
    assert "http://localhost/unsubscribe/" in stored.html


def test_a_test_without_content_or_address_says_so(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    empty = world.issue(introduction="")
    assert post(browser, of(empty, "/test")).location == of(empty, "?done=digest-no-test")
    staff.address_id = None
    issue = world.issue()
    assert post(browser, of(issue, "/test")).location == of(issue, "?done=digest-no-test")
    assert db.scalars(select(Message)).all() == []


def test_a_reader_is_found_by_a_part_of_the_name_and_opened_by_a_click(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    maria = PersonFactory(name="Maria Gomez")
    PersonFactory(name="Mariana", digest_every=DigestEvery.WEEKLY)
    PersonFactory(name="Mariam Hidden", discreet=True)
    issue = world.issue()
    page = post(browser, of(issue, "/preview/find"), {"name": "MARI"})
    assert "Maria Gomez, Columbus" in page.text
    assert "Mariana" not in page.text
    assert "Hidden" not in page.text
    assert looked_at(db) == []
    opened = post(browser, of(issue, f"/preview/{maria.id}"))
    assert opened.location == of(issue, f"/preview/{maria.id}")
    assert looked_at(db) == [maria.id]
    assert "What Maria Gomez will see" in browser.get(opened.location).text


def test_a_search_needs_two_letters_and_takes_no_wildcards(
    db: Session, browser: FlaskClient
) -> None:
    PersonFactory(name="Maria")
    issue = world.issue()
    page = post(browser, of(issue, "/preview/find"), {"name": "m"}).text
    assert "Type at least two letters." in page
    page = post(browser, of(issue, "/preview/find"), {"name": "%a"}).text
    assert "Nobody of that name gets this digest." in page


def test_next_and_before_walk_through_the_readers(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    staff.digest_every = DigestEvery.WEEKLY
    first = PersonFactory()
    PersonFactory(discreet=True)
    second = PersonFactory()
    issue = world.issue()
    next_one = post(browser, of(issue, f"/preview/{first.id}"), {"which": "next"})
    assert next_one.location == of(issue, f"/preview/{second.id}")
    before = post(browser, of(issue, f"/preview/{second.id}"), {"which": "before"})
    assert before.location == of(issue, f"/preview/{first.id}")
    end = post(browser, of(issue, f"/preview/{second.id}"), {"which": "next"})
    assert end.location == of(issue, "?done=digest-nobody")
    assert looked_at(db) == [second.id, first.id]


@pytest.mark.parametrize("who", [{"discreet": True}, {"digest_every": DigestEvery.WEEKLY}])
def test_whoever_does_not_get_it_or_is_known_to_one_only_cannot_be_opened(
    db: Session, browser: FlaskClient, who: dict[str, object]
) -> None:
    person, issue = PersonFactory(**who), world.issue()
    answer = post(browser, of(issue, f"/preview/{person.id}"))
    assert answer.location == of(issue, "?done=digest-nobody")
    assert looked_at(db) == []


def test_the_mail_is_shown_as_wide_as_a_phone_and_as_a_computer(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    issue = world.issue()
    page = browser.get(post(browser, of(issue, "/preview")).location).text
    assert re.findall(r'<iframe class="frame (\w+)" sandbox', page) == ["phone", "computer"]
