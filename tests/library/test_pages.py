"""The pages of the library: what they show, how large they are, how much they ask the database."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import String, update
from sqlalchemy.orm import Session

from app.foundation.db import Base
from app.library import queries, reading_queries
from app.library.models import Actor
from app.library.reading_models import Entry
from app.people.models import Person
from seeds import library
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.kept import Kept
from tests.signing_in import post, sign_in
from tests.statements import count_statements

PAGES = (
    "/library/",
    "/library/search?q=court",
    "/library/sources",
    "/library/recommendations/",
    "/library/recommendations/?by=actor",
    "/library/recommendations/js-8",
    "/library/points",
    "/library/points/states-parties",
    "/library/analyses",
    "/library/analyses/otp-strategic-report",
    "/library/analyses.atom",
    "/library/situations",
    "/library/situations/kenya",
    "/library/statements",
    "/library/debates/",
    "/library/debates/next-steps-in-the-us-icc-relationship",
)

BY_ACTOR = [f"/library/recommendations/?actor={actor}" for actor in Actor]
WRITTEN = ("app.library.models", "app.library.reading_models")
TEXTS = {
    *("title", "summary", "introduction", "detail", "note", "target", "local_form", "words"),
    *("claim", "section", "tags", "why", "teaser", "name", "body", "organization", "officer"),
    *("about", "quotation", "publisher", "taken", "topics"),
}
"""What the library's texts are called in its tables."""

LIBRARY = Kept(library.seed)


@pytest.fixture
def seeded(db: Session) -> Session:
    LIBRARY.write(db)
    return db


def coordinator_of_two() -> Person:
    person = coordinator_of(AllianceFactory())
    CoordinatorTermFactory(alliance=AllianceFactory(), person=person)
    return person


READERS: dict[str, Callable[[], Person] | None] = {
    "a visitor": None,
    "a member": lambda: member_of(AllianceFactory()),
    "a coordinator of two": coordinator_of_two,
    "staff": staff_member,
}


@pytest.mark.parametrize("who", READERS)
def test_pages_ask_the_database_four_times_at_most(
    seeded: Session, client: FlaskClient, who: str
) -> None:
    """Whoever looks; of a signed-in person one statement reads who they are and what they lead."""
    reader = READERS[who]
    if reader is not None:
        sign_in(client, reader())
    seeded.commit()
    asked = {}
    for path in PAGES:
        with count_statements() as statements:
            assert client.get(path).status_code == 200, path
        asked[path] = len(statements)

    assert {path: number for path, number in asked.items() if number > 4} == {}


def test_pages_weigh_less_than_twelve_kilobytes_without_what_people_wrote(
    seeded: Session, client: FlaskClient
) -> None:
    """Everything in the library is there, each text as one letter but what a search shows."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__module__ in WRITTEN and mapper.class_ is not Entry:
            written = [c.name for c in mapper.columns if type(c.type) is String and c.name in TEXTS]
            if written:
                seeded.execute(update(mapper.class_).values(dict.fromkeys(written, "x")))
    seeded.commit()

    weights = {path: len(client.get(path).data) for path in (*PAGES, *BY_ACTOR)}

    assert {path: weight for path, weight in weights.items() if weight > 12_000} == {}


def test_recommendations_stand_by_set_and_by_whom_they_address(
    seeded: Session, client: FlaskClient
) -> None:
    by_set = client.get("/library/recommendations/").text
    by_actor = client.get("/library/recommendations/?by=actor").text
    treasury = client.get("/library/recommendations/?actor=treasury").text
    nobody = client.get("/library/recommendations/?actor=state_legislature").text

    assert by_set.count("<details>") == 32
    assert "Steps for justice whatever one thinks of the Court" in by_set
    assert "Rewards for information that leads to an arrest" in by_set
    assert by_actor.index("<b>State Department</b>") < by_actor.index("<b>Treasury Department</b>")
    assert by_actor.count("ASIL-B6 Consider sanctions") == 2
    assert 'href="/library/recommendations/?actor=treasury"' in by_actor
    assert len(queries.recommendations(Actor.TREASURY)) == 3
    assert "ASIL-B6" in treasury
    assert "ASIL-B2<" not in treasury
    assert "Treasury Department</h2>" in treasury
    assert "State Department</h2>" not in treasury
    assert "No recommendations yet" in nobody


def test_a_recommendation_says_what_an_alliance_can_do(
    seeded: Session, client: FlaskClient
) -> None:
    page = client.get("/library/recommendations/js-8").text

    assert "End sanctions against the people of the Court" in page
    assert "A new one followed on February 6, 2025." in page
    assert "Feb 6, 2025" in page
    assert client.get("/library/recommendations/js-77").status_code == 404


def test_the_sources_page_names_all_five_with_their_days(
    seeded: Session, client: FlaskClient
) -> None:
    page = client.get("/library/sources").text

    assert [source.title for source in queries.sources() if escape(source.title) not in page] == []
    assert page.count('<section class="card">') == 5
    assert "American Bar Association, May 24, 2021" in page


def test_figures_stand_beside_their_date(seeded: Session, client: FlaskClient) -> None:
    page = client.get("/library/points/states-parties").text

    assert "125 states" in page
    assert "Jan 1, 2025" in page
    assert "<s>106 states were parties to the Rome Statute in 2008.</s>" in page


def test_points_are_for_an_audience_or_for_everybody(seeded: Session, client: FlaskClient) -> None:
    veterans = client.get("/library/points?audience=veterans").text
    answers = client.get("/library/points?tag=answers").text

    assert "Our servicemembers are safer" in veterans
    assert "Survivors of atrocities live in our towns" not in veterans
    assert "A city council has no business with this." in veterans  # for everybody
    assert answers.count('<article class="card">') == 4


def test_the_feed_of_analyses_is_atom(seeded: Session, client: FlaskClient) -> None:
    answer = client.get("/library/analyses.atom")
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  our own
    names = {"a": "http://www.w3.org/2005/Atom"}

    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert len(feed.findall("a:entry", names)) == 17
    first = feed.find("a:entry/a:title", names)
    assert first is not None
    assert first.text == "The International Criminal Court: A Case on President Obama"


def test_the_analysis_without_a_title_is_shown_by_its_topics(
    seeded: Session, client: FlaskClient
) -> None:
    assert "United states, reform" in client.get("/library/analyses/a-time-of-transition").text
    assert "July 2015" in client.get("/library/analyses/otp-strategic-report").text


def test_only_staff_keep_the_library(seeded: Session, client: FlaskClient) -> None:
    assert client.get("/staff/library/").status_code == 303
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get("/staff/library/").status_code == 403
    assert post(client, "/staff/library/points/reason-voice/withdraw").status_code == 403
    sign_in(client, staff_member())
    assert client.get("/staff/library/").status_code == 200


def test_a_member_keeps_a_reading_list(seeded: Session, client: FlaskClient) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))
    entry = reading_queries.entry(reading_queries.EntryKind.ANALYSIS, "arrest-strategies")
    assert entry is not None
    path = f"/me/reading-list/{entry.id}"

    for _twice in range(2):
        assert post(client, path).status_code == 303
    assert client.get("/me/reading-list").text.count("Arrest Strategies") == 1
    post(client, path, {"to": "read"})
    assert "I have read it" not in client.get("/me/reading-list").text
    post(client, path, {"to": "remove"})
    assert "Arrest Strategies" not in client.get("/me/reading-list").text
    assert post(client, "/me/reading-list/999999").status_code == 404
