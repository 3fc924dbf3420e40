"""Digests tell what moved in the campaigns of the reader's alliances since the last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import records
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, Stance
from app.campaigns.stages import Stage
from app.digests.models import Issue
from app.foundation import clock
from app.people.models import DigestEvery, Person
from tests.campaigns.councils import BodyFactory
from tests.campaigns.world import campaign
from tests.digests import world
from tests.factories import PersonFactory, member_of

NOW = datetime(2027, 3, 1, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def columbus(db: Session) -> Alliance:
    return world.columbus()


@pytest.fixture
def body(columbus: Alliance) -> Body:
    made: Body = BodyFactory(alliance=columbus)
    return made


@pytest.fixture
def member(columbus: Alliance) -> Person:
    return member_of(columbus, zip="43215")


def moved(body: Body, title: str, *, days_ago: int = 1, **values: object) -> Measure:
    """Published two months ago, and filed so many days ago."""
    then = clock.now() - timedelta(days=60)
    measure = campaign(body=body, title=title, slug=title.lower(), published_at=then, **values)
    entry = records.enter(measure, Stage.INTRODUCED, "2027-02-20", {}, by_id=None)
    entry.entered_at = clock.now() - timedelta(days=days_ago)
    return measure


def text_for(issue: Issue, person: Person) -> str:
    copy = world.copy_for(issue, person)
    return world.plain(copy.text) if copy else ""


def test_a_member_reads_what_moved_and_can_add_their_name(
    db: Session, body: Body, member: Person
) -> None:
    moved(body, "Tribute")
    issue = world.issue()

    text = text_for(issue, member)
    assert "Campaigns: Columbus Alliance" in text
    assert "Tribute, Columbus, OH\nFiled, February 20, 2027" in text.replace(
        "Feb 20", "February 20"
    )
    assert "http://localhost/campaigns/tribute" in text
    copy = world.copy_for(issue, member)
    assert copy is not None
    assert "http://localhost/campaigns/tribute/sign" in world.plain(copy.html)


def test_others_and_what_is_not_public_are_left_out(
    db: Session, body: Body, member: Person
) -> None:
    moved(body, "Tribute")
    moved(BodyFactory(), "Elsewhere")
    moved(body, "Long-ago", days_ago=40)
    moved(body, "Old-record", historical=True)
    hidden = moved(body, "Hidden")
    hidden.published_at = None
    db.flush()

    text = text_for(world.issue(), member)
    told = [t for t in ("Tribute", "Elsewhere", "Long-ago", "Old-record", "Hidden") if t in text]
    assert told == ["Tribute"]
    assert "Campaigns:" not in text_for(world.issue(), PersonFactory(zip="43215"))


def test_a_week_is_what_weekly_digests_look_back(db: Session, body: Body, member: Person) -> None:
    moved(body, "Tribute", days_ago=8)
    assert "Tribute" in text_for(world.issue(every=DigestEvery.MONTHLY), member)
    assert "Tribute" not in text_for(world.issue(every=DigestEvery.WEEKLY), member)


def test_what_was_published_lately_is_told_where_it_stands(
    db: Session, body: Body, member: Person
) -> None:
    measure = moved(body, "Tribute", days_ago=50)
    measure.published_at = clock.now() - timedelta(days=3)
    db.flush()
    assert "Filed, " in text_for(world.issue(), member)


def test_what_we_oppose_is_told_as_that_and_asks_for_no_name(
    db: Session, body: Body, member: Person
) -> None:
    moved(body, "Sanctions", stance=Stance.OPPOSE)
    issue = world.issue()
    assert "We oppose it: Filed" in text_for(issue, member)
    copy = world.copy_for(issue, member)
    assert copy is not None
    assert "/campaigns/sanctions/sign" not in world.plain(copy.html)


def test_nothing_that_moves_once_the_issue_started_stands_in_it(
    db: Session, body: Body, member: Person
) -> None:
    moved(body, "Tribute")
    issue = world.issue(frozen_at=clock.now() - timedelta(days=2))
    assert "Tribute" not in text_for(issue, member)


def test_the_section_is_opened_anew_when_a_campaign_moves(
    db: Session, body: Body, member: Person
) -> None:
    measure = moved(body, "Tribute")
    issue = world.issue()
    assert "Filed, " in text_for(issue, member)
    records.claim(measure, measure.version)
    records.enter(measure, Stage.REFERRED, "2027-02-28", {}, by_id=None)
    assert "In committee, " in text_for(issue, member)


def test_five_are_told_and_the_others_counted(db: Session, body: Body, member: Person) -> None:
    for number in range(7):
        moved(body, f"Tribute-{number}", days_ago=number + 1)
    text = text_for(world.issue(), member)
    assert "Tribute-4" in text
    assert "Tribute-5" not in text
    assert "2 more: http://localhost/campaigns/" in text


def test_readers_of_spanish_get_it_in_spanish(db: Session, body: Body, member: Person) -> None:
    moved(body, "Tribute")
    member.language = "es"
    db.flush()
    text = text_for(world.issue(), member)
    assert "Campañas: Columbus Alliance" in text
    assert "http://localhost/es/campaigns/tribute" in text
