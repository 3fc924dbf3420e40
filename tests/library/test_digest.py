"""The library in digests: one new thing goes along, and news tell points that were picked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests.models import Item
from app.foundation import clock
from app.library import digest_section, points, queries
from app.mail.models import Message
from app.people.models import DigestEvery
from tests.digests import world
from tests.factories import PersonFactory, member_of, staff_member
from tests.library.world import AnalysisFactory, SourceFactory, TalkingPointFactory
from tests.signing_in import post, sign_in

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


def text_for(issue: object, person: object) -> str:
    copy = world.copy_for(issue, person)  # type: ignore[arg-type]
    assert copy is not None
    return world.plain(copy.text)


def test_a_new_analysis_goes_along_and_an_old_one_makes_room_for_a_point(db: Session) -> None:
    member = member_of(world.columbus(), zip="43215")
    TalkingPointFactory(words="Courts of last resort.", source=SourceFactory(title="A Report"))
    analysis = AnalysisFactory(slug="new", title="What the vote means", teaser="A short look.")
    issue = world.issue()

    text = text_for(issue, member)
    assert "From the library" in text
    assert "What the vote means\nA short look.\nAs of Nov 2026" in text.replace("November", "Nov")
    assert "http://localhost/library/analyses/new" in text

    analysis.published_at = clock.now() - timedelta(days=31, hours=10)
    analysis.updated_at = clock.now() + timedelta(seconds=1)
    db.flush()
    text = text_for(issue, member)
    assert "What the vote means" not in text
    assert "Courts of last resort.\nA Report · As of Nov 21, 2026" in text


def test_a_week_is_what_weekly_digests_look_back(db: Session) -> None:
    AnalysisFactory(slug="last", published_at=clock.now() - timedelta(days=8))

    weekly, monthly = (world.issue(every=each) for each in DigestEvery if each != "never")

    assert digest_section.told_in(monthly).key == ("slug", "last")  # type: ignore[union-attr]
    assert digest_section.told_in(weekly) is None


def test_points_take_turns(db: Session) -> None:
    keys = {TalkingPointFactory().key for _ in range(3)}
    TalkingPointFactory(withdrawn_at=clock.now())
    issues = [world.issue(scheduled_on=TODAY + timedelta(days=31 * n)) for n in range(3)]

    told = [digest_section.told_in(issue) for issue in issues]

    assert {each.key[1] for each in told if each} == keys


def test_an_issue_tells_nothing_of_a_later_day(db: Session) -> None:
    TalkingPointFactory(as_of=TODAY)
    TalkingPointFactory(key="early", as_of=TODAY - timedelta(days=60))
    issues = [world.issue(scheduled_on=TODAY - timedelta(days=31 * n)) for n in (1, 2)]

    told = [digest_section.told_in(issue) for issue in issues]

    assert [each and each.key for each in told] == [("key", "early"), None]


def test_the_library_alone_is_no_reason_for_a_digest(db: Session) -> None:
    AnalysisFactory()
    alone = PersonFactory(zip=None)

    assert world.copy_for(world.issue(introduction=""), alone) is None
    with_words = text_for(world.issue(), alone)
    assert with_words.index("Nothing is planned near you") < with_words.index("From the library")


def test_readers_of_spanish_get_the_frame_in_spanish(db: Session) -> None:
    TalkingPointFactory(kind="response", claim="The Court is slow.", words="It is careful.")
    member = member_of(world.columbus(), zip="43215", language="es")

    text = text_for(world.issue(), member)

    assert "De la biblioteca" in text
    assert "/es/library/points/" in text


def test_staff_pick_a_point_for_the_news_and_learn_when_it_was_corrected(
    client: FlaskClient, db: Session
) -> None:
    report = SourceFactory(title="A Report")
    point = TalkingPointFactory(key="states", words="106 states are members.", source=report)
    sign_in(client, staff_member(name="Jo"))
    assert "/staff/digests/news/new?point=states" in client.get("/library/points/states").text
    page = client.get("/staff/digests/news/new?point=states").text
    assert "&gt; 106 states are members.\n\nA Report, Nov 21, 2026" in page

    typed = {"title": "Who is in", "body": "> 106 states are members.", "alliance": ""}
    days = {"from_on": "2026-11-21", "until_on": "2026-12-21"}
    sent = post(client, "/staff/digests/news/new", {**typed, **days, "point": "states"})
    assert sent.status_code == 303
    item = db.scalars(select(Item)).one()
    assert [use.where for use in queries.uses(point.id)] == ["Who is in"]
    assert "Who is in" in client.get("/library/points/states").text

    points.correct(point, "125 states were members in 2025.", "Old.", TODAY)
    db.flush()
    mail = db.scalars(select(Message)).one()
    assert "Who is in" in mail.text
    path = f"/staff/digests/news/{item.id}"
    assert "The talking point was corrected" in client.get(path).text
    again = {**typed, **days, "point": "states", "version": "1", "body": "> 125 states."}
    assert post(client, path, again).status_code == 303
    assert "The talking point was corrected" not in client.get(path).text

    other = TalkingPointFactory(key="other")
    assert post(client, path, {**again, "version": "2", "point": "other"}).status_code == 303
    assert (list(queries.uses(point.id)), len(queries.uses(other.id))) == ([], 1)
    assert post(client, f"{path}/remove").status_code == 303
    assert list(queries.uses(other.id)) == []


def test_a_point_that_was_withdrawn_is_not_offered(client: FlaskClient, db: Session) -> None:
    TalkingPointFactory(key="gone", words="Do not say this.", withdrawn_at=clock.now())
    sign_in(client, staff_member())

    page = client.get("/staff/digests/news/new?point=gone").text

    assert "Do not say this." not in page
    assert "Tell it in the next digests" not in client.get("/library/points/gone").text


def test_the_section_is_opened_anew_when_the_library_changes(db: Session) -> None:
    issue, member = world.issue(), member_of(world.columbus())
    assert "From the library" not in text_for(issue, member)
    TalkingPointFactory(words="Now there is one.")
    assert "Now there is one." in text_for(issue, member)
