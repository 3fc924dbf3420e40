"""The mails about to-dos: on Monday at seven and on the day before, by the owner's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.mail.models import Message
from app.people.models import Person
from app.work import reminding
from app.work.models import ToDo, ToDoState
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    ToDoFactory,
    coordinator_of,
    member_of,
)
from tests.snapshots import assert_same
from tests.statements import count_statements

SNAPSHOTS = Path(__file__).parent / "snapshots"
MONDAY_7_IN_COLUMBUS = datetime(2027, 6, 7, 11, 0, tzinfo=UTC)
MONDAY = date(2027, 6, 7)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_7_IN_COLUMBUS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alliance(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def ben(alliance: Alliance) -> Person:
    return member_of(alliance, name="Ben", time_zone="America/New_York")


def mails(db: Session) -> list[tuple[str, str]]:
    db.flush()
    return [(each.kind, each.subject) for each in db.scalars(select(Message).order_by(Message.id))]


def test_monday_at_seven_tells_the_week_and_what_is_late(
    db: Session, alliance: Alliance, ben: Person
) -> None:
    for days, title in ((-3, "Late"), (6, "Sunday"), (7, "Next Monday")):
        ToDoFactory(alliance=alliance, owner=ben, title=title, due_on=MONDAY + days * A_DAY)

    assert reminding.remind() == 1

    [message] = db.scalars(select(Message))
    assert message.subject == "Your week: 2 to-dos"
    assert message.text.index("Late") < message.text.index("Sunday")
    assert "Next Monday" not in message.text
    assert "was due Fri, Jun 4, 2027" in message.text


def test_asking_again_posts_nothing_twice(db: Session, alliance: Alliance, ben: Person) -> None:
    ToDoFactory(alliance=alliance, owner=ben, due_on=MONDAY)

    assert [reminding.remind() for _ in range(3)] == [1, 0, 0]
    assert len(mails(db)) == 1


@pytest.mark.parametrize(
    ("at", "posted"),
    [
        (datetime(2027, 6, 7, 10, 59, tzinfo=UTC), 0),
        (datetime(2027, 6, 7, 23, 59, tzinfo=UTC), 1),
        (datetime(2027, 6, 8, 0, 0, tzinfo=UTC), 0),
        (datetime(2027, 6, 8, 11, 0, tzinfo=UTC), 0),
    ],
)
def test_only_on_monday_between_seven_and_eight_in_the_evening(
    db: Session,
    alliance: Alliance,
    ben: Person,
    now: time_machine.Traveller,
    at: datetime,
    posted: int,
) -> None:
    ToDoFactory(alliance=alliance, owner=ben, due_on=MONDAY + 5 * A_DAY)
    now.move_to(at)

    assert reminding.remind() == posted


def test_the_day_before_tells_what_is_due_tomorrow_only(
    db: Session, alliance: Alliance, ben: Person, now: time_machine.Traveller
) -> None:
    for days in (0, 1, 2):
        due_on = MONDAY + (3 + days) * A_DAY
        ToDoFactory(alliance=alliance, owner=ben, title=f"In {days}", due_on=due_on)
    now.move_to(MONDAY_7_IN_COLUMBUS + 3 * A_DAY)

    reminding.remind()

    assert mails(db) == [("work/tomorrow", "Due tomorrow: In 1")]


def test_on_monday_one_mail_is_enough(db: Session, alliance: Alliance, ben: Person) -> None:
    ToDoFactory(alliance=alliance, owner=ben, due_on=MONDAY + A_DAY)

    reminding.remind()

    assert [kind for kind, _subject in mails(db)] == ["work/week"]


def test_seven_is_by_the_owners_own_clock(
    db: Session, alliance: Alliance, ben: Person, now: time_machine.Traveller
) -> None:
    cora = member_of(alliance, name="Cora", time_zone="America/Los_Angeles")
    for person in (ben, cora):
        ToDoFactory(alliance=alliance, owner=person, due_on=MONDAY)

    assert reminding.remind() == 1
    now.shift(timedelta(hours=3))
    assert reminding.remind() == 1
    assert db.scalars(select(Message.person_id).order_by(Message.id)).all() == [ben.id, cora.id]


def test_nobody_is_reminded_of_what_is_done_or_after_leaving(
    db: Session, alliance: Alliance, ben: Person
) -> None:
    ToDoFactory(alliance=alliance, owner=ben, due_on=MONDAY, state=ToDoState.DONE)
    ToDoFactory(alliance=alliance, owner=PersonFactory(), due_on=MONDAY)
    ToDoFactory(alliance=alliance, due_on=MONDAY)

    assert reminding.remind() == 0
    assert mails(db) == []


@pytest.mark.parametrize("number", [1, 30])
def test_a_mail_takes_the_same_statements_for_any_number_of_to_dos(
    db: Session, alliance: Alliance, ben: Person, number: int
) -> None:
    event = EventFactory(alliance=alliance)
    for _ in range(number):
        ToDoFactory(
            alliance=alliance, owner=ben, due_on=MONDAY, subject="event", subject_id=event.id
        )
    db.flush()

    with count_statements() as statements:
        reminding.remind()

    assert len(statements) == 5


def test_the_mails_read_as_agreed(db: Session, alliance: Alliance) -> None:
    ana = coordinator_of(alliance, name="Ana", language="en")
    event = EventFactory(alliance=alliance, title="Reading of names")
    for key, days in (("format", -1), ("speakers", 1)):
        db.add(
            ToDo(
                alliance_id=alliance.id,
                subject="event",
                subject_id=event.id,
                key=key,
                due_on=MONDAY + days * A_DAY,
                owner_id=ana.id,
                created_at=MONDAY_7_IN_COLUMBUS,
            )
        )
    ToDoFactory(alliance=alliance, owner=ana, title="Bring chairs", due_on=MONDAY)
    reminding.remind()
    with time_machine.travel(MONDAY_7_IN_COLUMBUS - 6 * A_DAY, tick=False):
        for to_do in db.scalars(select(ToDo)):
            to_do.due_on = MONDAY - 5 * A_DAY
        db.flush()
        reminding.remind()

    for message in db.scalars(select(Message)).all():
        name = message.kind.removeprefix("work/")
        assert_same(message.subject, SNAPSHOTS / f"{name}.subject.txt")
        assert_same(message.text, SNAPSHOTS / f"{name}.txt")
        assert_same(message.html, SNAPSHOTS / f"{name}.html")
    assert len(mails(db)) == 2


def test_a_spanish_owner_reads_spanish(db: Session, alliance: Alliance) -> None:
    ana = coordinator_of(alliance, name="Ana", language="es", time_zone="America/New_York")
    ToDoFactory(alliance=alliance, owner=ana, due_on=MONDAY)

    reminding.remind()

    [message] = db.scalars(select(Message))
    assert "/es/to-dos/" in message.text
    assert "Tu semana" in message.subject
