"""A form sent twice: a draft, a copy and a piece of news are made once, and on purpose again."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.digests import actions
from app.digests.models import Issue, Item
from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.people.models import DigestEvery, Person
from tests.digests import world
from tests.digests.test_news import NEWS
from tests.digests.test_pages import DRAFT, of
from tests.factories import staff_member
from tests.signing_in import post, sign_in

NEW = "/staff/digests/new"
NEWS_NEW = "/staff/digests/news/new"


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo")


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


def number(db: Session, kind: type[Issue | Item]) -> int:
    db.expire_all()
    return db.scalar(select(func.count()).select_from(kind)) or 0


def test_the_same_draft_sent_twice_is_one(db: Session, browser: FlaskClient) -> None:
    first, second = (post(browser, NEW, DRAFT).location for _ in range(2))
    assert first == second
    assert number(db, Issue) == 1


def test_other_words_another_person_or_a_later_hour_make_another_draft(
    db: Session, browser: FlaskClient
) -> None:
    post(browser, NEW, DRAFT)
    post(browser, NEW, {**DRAFT, "is_private": "y"})
    assert number(db, Issue) == 2
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        post(browser, NEW, DRAFT)
    assert number(db, Issue) == 3
    post(browser, NEW, DRAFT, staff_member(name="Ana"))
    assert number(db, Issue) == 4


def test_a_draft_that_somebody_changed_is_left_alone(db: Session, browser: FlaskClient) -> None:
    post(browser, NEW, DRAFT)
    issue = db.scalars(select(Issue)).one()
    post(browser, of(issue, "/audience"), {"part": "0:group", "version": "1", "do": "save"})
    post(browser, NEW, DRAFT)
    assert number(db, Issue) == 2


def test_a_copy_asked_for_twice_is_one_and_can_be_copied_itself(
    db: Session, browser: FlaskClient
) -> None:
    post(browser, NEW, DRAFT)
    issue = db.scalars(select(Issue)).one()
    first, second = (post(browser, of(issue, "/copy")).location for _ in range(2))
    assert first == second == f"/staff/digests/{issue.id + 1}?done=digest-copied"
    third = post(browser, f"/staff/digests/{issue.id + 1}/copy").location
    assert third == f"/staff/digests/{issue.id + 2}?done=digest-copied"
    assert number(db, Issue) == 3


def test_a_copy_with_other_readers_is_another(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    post(browser, of(issue, "/copy"))
    issue.chosen = world.chosen(state={"states": ["OH"]})
    db.flush()
    post(browser, of(issue, "/copy"))
    assert number(db, Issue) == 3


def test_the_same_news_sent_twice_is_told_once(db: Session, browser: FlaskClient) -> None:
    dates = {"from_on": "2026-11-21", "until_on": "2026-12-21"}
    for _ in range(2):
        assert post(browser, NEWS_NEW, NEWS | dates).status_code == 303
    assert number(db, Item) == 1
    post(browser, NEWS_NEW, NEWS | dates | {"until_on": "2026-12-22"})
    assert number(db, Item) == 2


def test_the_same_draft_at_the_same_instant_is_one(app: Whereas, db: Session) -> None:
    staff_id = staff_member(name="Jo").id
    db.commit()
    threads = [Thread(target=_create, args=(app, staff_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(db, Issue) == 1


def _create(app: Whereas, by_id: int) -> None:
    draft = actions.Draft("November", "Hello", DigestEvery.MONTHLY)
    with app.app_context(), edge.step():
        actions.create(draft, by_id=by_id)
