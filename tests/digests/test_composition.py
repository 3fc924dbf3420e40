"""What stands in each person's digest, and what it costs to write it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.alliances.models import MembershipState
from app.digests import composition, event_sections
from app.events.models import EventState, SignUpState
from app.mail.registry import Copy
from app.people.models import DigestEvery, Person
from tests import snapshots
from tests.digests import world
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
)
from tests.statements import count_statements

SNAPSHOTS = Path(__file__).parent / "snapshots"
MOST_STATEMENTS = 8


@pytest.fixture(autouse=True)
def _today(request: pytest.FixtureRequest) -> object:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


def html_of(copy: Copy | None) -> str:
    assert copy is not None
    return world.plain(copy.html)


def text_of(copy: Copy | None) -> str:
    assert copy is not None
    return world.plain(copy.text)


def member(db: Session) -> Person:
    return member_of(world.columbus(), name="Maria")


def without_events(db: Session) -> Person:
    world.columbus()
    return PersonFactory(name="Ana", zip="85001")


def coordinator(db: Session) -> Person:
    columbus = world.columbus()
    reading = columbus_event(columbus, "Board games", capacity=30)
    for _ in range(3):
        SignUpFactory(event=reading)
    SignUpFactory(event=reading, state=SignUpState.WAITING)
    for _ in range(2):
        MembershipFactory(alliance=columbus, state=MembershipState.ASKED)
    world.event(AllianceFactory(name="Blacklick Alliance", zip="43004"), "Picnic", days=7)
    return coordinator_of(columbus, name="Jo")


def spanish(db: Session) -> Person:
    person = coordinator(db)
    person.language = "es"
    db.flush()
    return person


def columbus_event(alliance: object, title: str, **values: object) -> object:
    return world.event(alliance, title, days=5, **values)


RECIPIENTS = {
    "member": member,
    "without_events": without_events,
    "coordinator": coordinator,
    "spanish": spanish,
}


@pytest.mark.parametrize("which", RECIPIENTS)
def test_the_digest_of_each_kind_of_reader_is_as_reviewed(db: Session, which: str) -> None:
    copy = world.copy_for(world.issue(), RECIPIENTS[which](db))
    snapshots.assert_same(text_of(copy), SNAPSHOTS / f"{which}.txt")
    snapshots.assert_same(html_of(copy), SNAPSHOTS / f"{which}.html")


def test_the_digest_speaks_of_week_or_month_and_of_the_city_if_known(db: Session) -> None:
    settled, nowhere = PersonFactory(name="Maria"), PersonFactory(name="Al", zip=None)
    monthly, weekly = world.issue(), world.issue(every=DigestEvery.WEEKLY)
    heads = [
        text_of(world.copy_for(issue, person)).splitlines()[0]
        for issue in (monthly, weekly)
        for person in (settled, nowhere)
    ]
    assert heads == [
        "Your month in Columbus, Maria",
        "Your month, Al",
        "Your week in Columbus, Maria",
        "Your week, Al",
    ]


def test_a_digest_is_in_the_language_of_its_reader(db: Session) -> None:
    columbus = world.columbus()
    world.event(AllianceFactory(zip="43004"), "Picnic", days=7)
    copy = world.copy_for(world.issue(), coordinator_of(columbus, language="es"))
    ours = [line for line in text_of(copy).splitlines() if "http://localhost" in line]
    assert [line for line in ours if "/es/" not in line] == [
        "http://localhost/preferences/token",
        "http://localhost/unsubscribe/token",
    ]
    assert '<html lang="es">' in html_of(copy)


def test_a_member_of_three_alliances_has_three_parts_in_one_digest(db: Session) -> None:
    person = member_of(world.columbus())
    for zip_code, name in (("44114", "Cleveland Alliance"), ("60602", "Chicago Alliance")):
        alliance = AllianceFactory(name=name, zip=zip_code)
        world.event(alliance, f"Evening in {name}", days=9)
        MembershipFactory(alliance=alliance, person=person)
    text = text_of(world.copy_for(world.issue(), person))
    parts = [line for line in text.splitlines() if line.startswith("Coming up")]
    assert parts == [
        "Coming up: Chicago Alliance",
        "Coming up: Cleveland Alliance",
        "Coming up: Columbus Alliance",
    ]
    assert "because you joined Chicago Alliance, Cleveland Alliance, and Columbus Alliance" in text


def test_events_within_sixty_miles_and_five_weeks_are_near_and_each_is_told_once(
    db: Session,
) -> None:
    columbus = world.columbus()
    world.event(AllianceFactory(zip="43004"), "Picnic in Blacklick", days=7)
    world.event(AllianceFactory(zip="44114"), "Rally in Cleveland", days=7)
    world.event(AllianceFactory(zip="43004"), "Far too late", days=36)
    text = text_of(world.copy_for(world.issue(), member_of(columbus)))
    near = text.partition("Near you")[2]
    assert "Picnic in Blacklick" in near
    assert "Remembrance reading" not in near
    assert "Rally in Cleveland" not in text
    assert "Far too late" not in text


def test_drafts_cancelled_and_past_events_are_not_told(db: Session) -> None:
    columbus = AllianceFactory()
    for state in (EventState.DRAFT, EventState.CANCELLED):
        world.event(columbus, f"In state {state}", days=4, state=state)
    world.event(columbus, "Yesterday", days=-1)
    issue = world.issue(introduction="")
    assert world.copy_for(issue, member_of(columbus)) is None


def test_many_events_are_cut_and_counted(db: Session) -> None:
    columbus = AllianceFactory(name="Columbus Alliance", slug="columbus")
    for number in range(9):
        world.event(columbus, f"Evening {number}", days=number + 1)
    text = text_of(world.copy_for(world.issue(), member_of(columbus)))
    assert text.count("Evening") == event_sections.OWN_SHOWN
    assert "3 more events:\nhttp://localhost/alliances/columbus" in text


def test_nothing_written_and_nothing_planned_is_no_digest(db: Session) -> None:
    world.columbus()
    assert world.copy_for(world.issue(introduction=" "), PersonFactory(zip="85001")) is None
    assert world.copy_for(world.issue(introduction=""), PersonFactory()) is not None


def test_a_coordinator_hears_of_those_who_ask_even_without_events(db: Session) -> None:
    alliance = AllianceFactory(name="Phoenix Alliance", zip="85001")
    MembershipFactory(alliance=alliance, state=MembershipState.ASKED)
    issue = world.issue(introduction="")
    text = text_of(world.copy_for(issue, coordinator_of(alliance)))
    assert "1 person asks to join and waits for your answer." in text
    assert world.copy_for(issue, member_of(alliance)) is None


def test_a_coordinator_whose_term_is_over_reads_as_a_member(db: Session) -> None:
    alliance = world.columbus()
    person = member_of(alliance)
    CoordinatorTermFactory(
        alliance_id=alliance.id, person=person, since=date(2025, 1, 1), until=date(2026, 11, 20)
    )
    assert "You coordinate" not in text_of(world.copy_for(world.issue(), person))


@pytest.mark.parametrize("typed", ["{{7*7}}", "{0.__class__}", "%(name)s", "${7*7}", "{% raw %}"])
def test_template_syntax_stays_literal(db: Session, typed: str) -> None:
    columbus = AllianceFactory(name=f"Alliance {typed}")
    world.event(columbus, f"Evening {typed}", days=3)
    issue = world.issue(introduction=f"Read `{typed}` now", subject=f"November {typed}")
    copy = world.copy_for(issue, member_of(columbus, name=f"Maria {typed}"))
    text = text_of(copy)
    assert copy.subject == f"November {typed}"
    assert f"Read {typed} now" in text
    assert f", Maria {typed}" in text
    assert f"Evening {typed}" in text
    assert f"joined Alliance {typed}." in text
    assert "49" not in html_of(copy).partition("<body")[2].replace("1549", "")


def test_what_people_typed_is_cleaned_in_html(db: Session) -> None:
    script = "<script>alert(1)</script>"
    columbus = AllianceFactory(name=f"Alliance {script}")
    world.event(columbus, f"Evening {script}", days=3, access=script, venue=script)
    issue = world.issue(
        introduction=f"{script} [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
        subject=script,
    )
    person = coordinator_of(columbus, name=script, city=script)
    html = html_of(world.copy_for(issue, person))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert html.count("&lt;script&gt;") >= 7


def test_pictures_become_links_with_their_description(db: Session) -> None:
    issue = world.issue(introduction="![The council](https://example.org/council.jpg) met.")
    copy = world.copy_for(issue, PersonFactory())
    assert "The council (https://example.org/council.jpg) met." in text_of(copy)
    assert 'href="https://example.org/council.jpg"' in html_of(copy)
    assert "<img" not in html_of(copy)


def test_a_subject_cannot_break_out_of_its_header(db: Session) -> None:
    issue = world.issue(subject="November\r\nBcc: everybody@example.org\u2028x")
    copy = world.copy_for(issue, PersonFactory())
    assert copy is not None
    assert copy.subject == "November Bcc: everybody@example.org x"


def test_slots_in_names_are_not_filled(db: Session) -> None:
    """A mark holds a number drawn for each issue, so no name can hold one."""
    person = PersonFactory(name="\ue000name\ue001 unsubscribe_url")
    assert "\ue000name\ue001" in text_of(world.copy_for(world.issue(), person))


def test_a_moved_event_and_a_changed_text_are_seen_at_once(db: Session) -> None:
    columbus = AllianceFactory()
    evening = world.event(columbus, "Evening", days=3)
    person, issue = member_of(columbus), world.issue()
    assert "Evening\n" in text_of(world.copy_for(issue, person))
    evening.title, evening.version = "Another evening", evening.version + 1
    issue.introduction, issue.version = "New words", issue.version + 1
    db.flush()
    text = text_of(world.copy_for(issue, person))
    assert "Another evening\n" in text
    assert "New words" in text


def test_an_event_that_began_is_no_longer_coming(db: Session) -> None:
    columbus = AllianceFactory()
    world.event(columbus, "Evening", days=1)
    person, issue = member_of(columbus), world.issue()
    assert "Evening" in text_of(world.copy_for(issue, person))
    with time_machine.travel("2026-11-22T23:31:00Z", tick=False):
        assert "Evening" not in text_of(world.copy_for(issue, person))


def test_statements_are_as_many_for_thirty_readers_as_for_one(db: Session) -> None:
    alliances = [AllianceFactory() for _ in range(5)]
    for number, alliance in enumerate(alliances):
        world.event(alliance, f"Evening {number}", days=3)
        MembershipFactory(alliance=alliance, state=MembershipState.ASKED)
    people = [coordinator_of(alliances[number % 5]) for number in range(30)]
    issue = world.issue()
    with count_statements() as first:
        compose(issue, people[:1])
    with count_statements() as for_one:
        compose(issue, people[:1])
    with count_statements() as for_thirty:
        copies = compose(issue, people)
    assert len(copies) == 30
    assert len(for_thirty) == len(for_one) <= MOST_STATEMENTS
    assert (
        len(first) <= MOST_STATEMENTS + 8
    )  # events, news, deadlines, campaigns, library, read once


def compose(issue: object, people: list[Person]) -> list[Copy | None]:
    readers = [world.reader(person) for person in people]
    made = composition.composer(issue, readers)
    return [made(reader) for reader in readers]


def test_parts_are_made_anew_when_there_are_too_many(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "PARTS_KEPT", 1)
    person, issue = member_of(world.columbus()), world.issue()
    first, second = (text_of(world.copy_for(issue, person)) for _ in range(2))
    assert first == second
    assert "Remembrance reading" in first


def test_online_events_are_told_to_members_only(db: Session) -> None:
    alliance = AllianceFactory()
    EventFactory(
        alliance=alliance,
        title="Evening online",
        is_online=True,
        venue="",
        street="",
        city="",
        zip=None,
        latitude=None,
        longitude=None,
        starts_at=EventFactory.build(alliance=alliance).starts_at - timedelta(days=1),
    )
    issue = world.issue()
    assert "online" in text_of(world.copy_for(issue, member_of(alliance)))
    assert "Evening online" not in text_of(world.copy_for(issue, PersonFactory()))
