"""News: picked up once by each series, for everybody or an alliance, kept as it was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import CoordinatorTerm
from app.digests import arrangement, items, newsroom, series_rows
from app.digests.models import Issue, Item, SeriesName, Told
from app.people.models import Person
from tests.digests import world
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    PersonFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in

TODAY = date(2026, 11, 21)
NEWS = {
    "title": "Council voted",
    "body": "**Seven** votes.",
    "link": "https://example.org/vote",
    "title_es": "El concejo votó",
    "alliance": "",
    "from_on": "2026-11-21",
    "until_on": "2026-12-21",
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


@pytest.fixture
def browser(client: FlaskClient, db: Session) -> FlaskClient:
    sign_in(client, staff_member(name="Jo"))
    return client


def titles(issue: Issue) -> list[str]:
    return [news.title for news in items.of(issue)]


def text_for(issue: Issue, person: Person) -> str:
    copy = world.copy_for(issue, person)
    assert copy is not None
    return world.plain(copy.text)


def of_series(db: Session, on: date, name: SeriesName = SeriesName.WEEKLY) -> Issue:
    series_rows.of(name, lock=True)
    return world.issue(series=name, scheduled_on=on, introduction="")


def test_news_is_written_changed_and_thrown_away(db: Session, browser: FlaskClient) -> None:
    assert "No news yet" in browser.get("/staff/digests/news").text
    assert browser.get("/staff/digests/news/new").status_code == 200
    answer = post(browser, "/staff/digests/news/new", NEWS)
    assert answer.location == "/staff/digests/news?done=news-saved"
    made = db.scalars(select(Item)).one()
    assert (made.title, made.body, made.alliance_id) == ("Council voted", "**Seven** votes.", None)
    page = browser.get("/staff/digests/news?search=council").text
    assert "Council voted" in page
    assert "Everybody" in page
    assert "Council voted" in browser.get("/staff/digests/news?format=csv").text
    address = f"/staff/digests/news/{made.id}"
    assert 'value="Council voted"' in browser.get(address).text
    assert post(browser, address, NEWS | {"title": "New", "version": "1"}).status_code == 303
    stale = post(browser, address, NEWS | {"title": "Mine", "version": "1"})
    assert stale.status_code == 409
    assert 'value="Mine"' in stale.text
    assert "What they saved" in stale.text
    db.expire_all()
    assert db.scalars(select(Item.title)).one() == "New"
    assert post(browser, f"{address}/remove", {}).status_code == 303
    assert db.scalars(select(Item)).all() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"link": "javascript:alert(1)"}, "Type the whole address"),
        ({"link": "https://x.org/ y"}, "Type the whole address"),
        ({"until_on": "2026-11-20"}, "This is before its first day."),
        ({"alliance": "99"}, "Not a valid choice"),
    ],
)
def test_odd_news_is_refused_beside_the_field(
    db: Session, browser: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    answer = post(browser, "/staff/digests/news/new", NEWS | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "**Seven** votes." in answer.text


def test_each_series_tells_news_once_and_pinned_news_each_time(db: Session) -> None:
    world.news("Once")
    world.news("Pinned", is_pinned=True)
    first = of_series(db, TODAY)
    assert titles(first) == ["Pinned", "Once"]
    items.freeze(first)
    assert titles(of_series(db, TODAY + timedelta(days=7))) == ["Pinned"]
    assert titles(of_series(db, TODAY, SeriesName.MONTHLY)) == ["Pinned", "Once"]
    assert titles(world.issue()) == ["Pinned", "Once"]


def test_news_is_told_from_its_first_to_its_last_day(db: Session) -> None:
    world.news("Later", from_on=TODAY + timedelta(days=3))
    world.news("Over", until_on=TODAY)
    assert titles(of_series(db, TODAY)) == ["Over"]
    assert titles(of_series(db, TODAY + timedelta(days=3))) == ["Later"]


def test_what_started_keeps_its_words(db: Session) -> None:
    told = world.news("As it was")
    issue = of_series(db, TODAY)
    for _ in range(2):
        items.freeze(issue)
    told.title = "Changed"
    world.news("New")
    db.flush()
    assert titles(issue) == ["As it was"]
    newsroom.remove(told.id)
    db.flush()
    db.expire_all()
    assert titles(issue) == ["As it was"]
    assert db.scalars(select(Told.item_id)).all() == [None]


def test_a_digest_has_the_news_for_everybody_and_for_the_readers_alliances(db: Session) -> None:
    columbus, chicago = AllianceFactory(name="Columbus Alliance"), AllianceFactory(zip="60602")
    world.news("For all", body="![Hall](https://example.org/h.jpg)", link="https://example.org/all")
    world.news("For Columbus", alliance_id=columbus.id)
    world.news("For Chicago", alliance_id=chicago.id)
    issue = of_series(db, TODAY)
    text = text_for(issue, member_of(columbus))
    assert "News from Coalition for Justice\n" in text
    assert "For all\nHall (https://example.org/h.jpg)\nhttps://example.org/all\n" in text
    assert "For members of Columbus Alliance\n" in text
    assert "For Columbus\n" in text
    assert "For Chicago" not in text
    assert "For Columbus" not in text_for(issue, PersonFactory())


def test_readers_of_spanish_get_spanish_words_where_there_are_some(db: Session) -> None:
    world.news("Council voted", title_es="El concejo votó", body="Seven.", body_es="Siete.")
    world.news("English only")
    issue = of_series(db, TODAY)
    issue.subject_es, issue.introduction, issue.introduction_es = "Esta semana", "Hello", "Hola"
    copy = world.copy_for(issue, PersonFactory(language="es"))
    assert copy is not None
    text = world.plain(copy.text)
    assert copy.subject == "Esta semana"
    assert "Hola" in text
    assert "El concejo votó\nSiete.\n" in text
    assert "English only\n" in text
    english = text_for(issue, PersonFactory())
    assert "Council voted\nSeven.\n" in english
    assert "Hello" in english


def test_script_in_news_stays_text(db: Session) -> None:
    script = "<script>alert(1)</script>"
    world.news(script, body=script + " [x](javascript:alert(1))", link='https://x.org/"><script>')
    copy = world.copy_for(of_series(db, TODAY), PersonFactory())
    assert copy is not None
    html = world.plain(copy.html)
    assert "<script>alert" not in html
    assert 'href="https://x.org/&quot;>' in html
    assert 'href="javascript' not in html


def test_sections_are_ordered_pinned_and_dropped(db: Session) -> None:
    world.news("Council voted")
    issue = world.issue(introduction="Introduction")
    person = member_of(world.columbus())

    def order() -> list[str]:
        text = text_for(issue, person)
        marks = ("News from", "Introduction", "Coming up")
        return sorted((mark for mark in marks if mark in text), key=text.index)

    assert order() == ["Introduction", "News from", "Coming up"]
    for stored, expected in (
        ([["own", "shown"]], ["Introduction", "Coming up", "News from"]),
        ([["own", "pinned"]], ["Coming up", "Introduction", "News from"]),
        ([["own", "pinned"], ["items", "pinned"]], ["Coming up", "News from", "Introduction"]),
        ([["items", "dropped"], ["unknown", "shown"]], ["Introduction", "Coming up"]),
    ):
        issue.sections, issue.version = stored, issue.version + 1
        db.flush()
        assert order() == expected
    assert [placed.section.name for placed in arrangement.arranged([["near", "shown"]])] == [
        *("near", "items", "desk", "own", "campaigns", "library")
    ]


def test_a_coordinator_reads_what_is_due_at_the_desk(db: Session) -> None:
    alliance = AllianceFactory(name="Columbus Alliance", slug="columbus")
    draft = EventFactory(alliance=alliance, title="Film evening", state="draft")
    edition = EditionFactory(on=TODAY + timedelta(days=40), year=2026)
    person = coordinator_of(alliance)
    term = db.scalars(select(CoordinatorTerm)).one()
    term.until = TODAY + timedelta(days=20)
    db.flush()
    text = text_for(world.issue(), person)
    assert (
        "* Publish “Film evening”: it is on Tuesday, December 1, 2026, and nobody sees it" in text
    )
    assert f"/desk/columbus/events/{draft.id}\n" in text
    assert "* Plan something for International Justice Day: it is on Thursday, December 31" in text
    assert "* Find a successor: nobody coordinates after Friday, December 11, 2026" in text
    term.until = None
    EventFactory(alliance=alliance, edition=edition)
    db.flush()
    with time_machine.travel("2026-11-22T15:00:00Z", tick=False):
        text = text_for(world.issue(), person)
    assert "Plan something" not in text
    assert "Find a successor" not in text
