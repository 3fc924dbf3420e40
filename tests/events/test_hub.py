"""The public page of a day: where something happens, paged, small, and in the tone of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.events import calls
from app.events.models import Edition, Event, EventState, Tone
from app.events.report_models import ReportBack
from tests.factories import AllianceFactory, EditionFactory, EventFactory, coordinator_of
from tests.signing_in import sign_in
from tests.statements import count_statements

HUB = "/observances/justice-day/2027"
LIMIT = 12 * 1024
PAST = datetime(2027, 3, 24, 22, tzinfo=UTC)
MAP = re.compile(r'<svg class="tiles".*?</svg>', re.DOTALL)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 4, 1, 16, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition(db: Session) -> Edition:
    return EditionFactory(year=2027, on=date(2027, 7, 17))


def many(db: Session, edition: Edition, number: int) -> None:
    """So many events, one of them whole, the others like it."""
    first = EventFactory(edition_id=edition.id, title="Panel number 0 on international justice")
    columns = {column.key: getattr(first, column.key) for column in Event.__table__.columns}
    rows = [
        columns | {"id": first.id + n, "slug": f"{first.slug}-{n}", "title": f"Panel number {n}"}
        for n in range(1, number)
    ]
    if rows:
        db.execute(insert(Event), rows)


def maps(page: str) -> list[str]:
    """The maps of a page: of events, and before it that of people."""
    return list(reversed(MAP.findall(page)))


@pytest.mark.parametrize("number", [1, 20, 500])
def test_it_is_small_and_asks_four_times_however_many_events_there_are(
    client: FlaskClient, db: Session, edition: Edition, number: int
) -> None:
    many(db, edition, number)
    with count_statements() as statements:
        page = client.get(HUB)
    assert len(statements) == 4
    assert page.text.count('class="when"') == min(number, 20)
    assert len(MAP.sub("", page.text).encode()) <= LIMIT


def test_each_event_is_on_one_of_its_pages(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    many(db, edition, 45)
    pages = [client.get(f"{HUB}?page={number}").text for number in (1, 2, 3)]
    assert [page.count('class="when"') for page in pages] == [20, 20, 5]
    slugs = {slug for page in pages for slug in re.findall(r'href="/events/([^"?]+)"', page)}
    assert len(slugs) == 45


def test_the_map_counts_by_state_and_the_list_beside_it_narrows(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    EventFactory(edition_id=edition.id, title="In Columbus")
    EventFactory(edition_id=edition.id, title="In Cleveland", alliance__zip="44114")
    EventFactory(edition_id=edition.id, title="In Seattle", alliance__zip="98104")
    EventFactory(edition_id=edition.id, title="Drafted", state=EventState.DRAFT)
    page = client.get(HUB).text
    assert "<title>Ohio: 2</title>" in page
    assert "<title>Washington: 1</title>" in page
    assert f'<a href="{HUB}?state=OH">Ohio</a><span class="num">2</span>' in page
    ohio = client.get(f"{HUB}?state=OH").text
    assert [title in ohio for title in ("In Columbus", "In Cleveland")] == [True, True]
    assert ["In Seattle" in ohio, "Drafted" in ohio] == [False, False]
    assert "Nothing is planned there yet." in client.get(f"{HUB}?state=TX").text
    assert client.get(f"{HUB}?state=XX").status_code == 200


@pytest.mark.parametrize(
    ("tone", "thanks"),
    [
        (Tone.HOPEFUL, "Thank you to everybody who took part."),
        (Tone.REFLECTIVE, "Thank you for standing with those we remembered."),
    ],
)
def test_afterwards_it_says_how_it_was(
    client: FlaskClient,
    db: Session,
    now: time_machine.Traveller,
    tone: Tone,
    thanks: str,
) -> None:
    edition = EditionFactory(year=2027, on=date(2027, 3, 24), observance__tone=tone)
    past = {"edition_id": edition.id, "starts_at": PAST, "ends_at": PAST + timedelta(hours=1)}
    reports = [(EventFactory(**past), True), (EventFactory(**past, alliance__zip="98104"), False)]
    for event, is_public in reports:
        db.add(
            ReportBack(
                event_id=event.id,
                people=41,
                is_public=is_public,
                created_at=event.ends_at,
                updated_at=event.ends_at,
            )
        )
    page = client.get(HUB).text
    assert "2 events, in 2 states. 41 people came." in page
    events, people = (dict(re.findall(r"<title>([^<:]*): ([1-9]\d*)<", one)) for one in maps(page))
    assert people == {"Ohio": "41"}
    assert events == {"Ohio": "1", "Washington": "1"}
    assert f'<a href="{HUB}?state=OH">Ohio</a><span class="num">1 event, 41 people</span>' in page
    assert len(set(re.findall(r'<pattern id="([^"]+)"', page))) == 4
    assert thanks in page
    assert "celebrat" not in page.lower()
    assert "Start an alliance where there is none" not in page


def test_it_is_not_over_while_something_is_still_to_come(client: FlaskClient, db: Session) -> None:
    edition = EditionFactory(year=2027, on=date(2027, 3, 24))
    EventFactory(edition_id=edition.id, starts_at=PAST, ends_at=PAST + timedelta(hours=1))
    EventFactory(edition_id=edition.id)
    page = client.get(HUB).text
    assert "How it was" not in page
    assert "What happens where" in page


def test_a_coordinator_is_led_to_the_call(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    columbus = AllianceFactory(slug="columbus")
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    assert 'href="/desk/columbus/calls/justice-day/2027"' in client.get(HUB).text
