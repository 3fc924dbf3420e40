"""Who gets an issue, who does not and why, and at which hour."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.alliances.models import MembershipState
from app.digests import audience, tree
from app.digests.audience import LeftOut
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import UTCDateTime
from app.mail.models import SuppressionReason
from app.mail.suppression import suppress
from app.people.actions import Agreement, unsubscribe
from app.people.models import DigestEvery, Person, Purpose, Standing
from tests.digests import world
from tests.factories import AddressFactory, AllianceFactory, MembershipFactory, PersonFactory
from tests.statements import count_statements

WITHDRAWAL = {"wording": "digest-1", "channel": "mail"}


def receivers(issue: Issue, db: Session) -> set[int]:
    return {row.person_id for row in db.execute(audience.receivers(audience.of(issue)))}


def expected(db: Session, issue: Issue, on: date) -> dict[int, datetime]:
    """When each person's copy is due, as the engine expands it."""
    rows = db.execute(audience.at_their_hour(audience.of(issue), on))
    return {row.person_id: as_instant(row.due_at, db) for row in rows}


def as_instant(raw: object, db: Session) -> datetime:
    if isinstance(raw, str):  # SQLite forgets the type of an expression
        raw = datetime.fromisoformat(raw)
    assert isinstance(raw, datetime)
    found = UTCDateTime().process_result_value(raw, db.get_bind().dialect)
    assert found is not None
    return found


def test_each_person_who_is_left_out_is_counted_with_the_reason(db: Session) -> None:
    issue = world.issue()
    maria = PersonFactory()
    PersonFactory(unconfirmed=True)
    PersonFactory(address=AddressFactory(confirmed_at=None))
    PersonFactory(digest_every=DigestEvery.WEEKLY)
    PersonFactory(without_email=True)
    suppress(PersonFactory().address.email, SuppressionReason.BOUNCED)
    unsubscribe(PersonFactory().id, Agreement(Purpose.DIGEST, **WITHDRAWAL))
    other = PersonFactory()
    unsubscribe(other.id, Agreement(Purpose.EVENTS, **WITHDRAWAL))
    for standing in (Standing.DISABLED, Standing.ERASED):
        PersonFactory(standing=standing)
    assert audience.count(audience.of(issue)) == audience.Count(
        2,
        {
            LeftOut.UNCONFIRMED: 2,
            LeftOut.OTHER_RHYTHM: 1,
            LeftOut.NO_ADDRESS: 1,
            LeftOut.DO_NOT_EMAIL: 1,
            LeftOut.UNSUBSCRIBED: 1,
        },
    )
    assert audience.count(audience.of(issue)).considered == 8
    assert receivers(issue, db) == {maria.id, other.id}


def test_two_people_who_share_an_address_each_get_theirs(db: Session) -> None:
    address = AddressFactory()
    both = {PersonFactory(address=address).id, PersonFactory(address=address).id}
    assert receivers(world.issue(), db) == both


def test_an_issue_for_states_goes_to_people_who_live_there(db: Session) -> None:
    PersonFactory(zip=None)
    there = {PersonFactory(zip=code).id for code in ("43215", "44114", "96813")}
    PersonFactory(zip="60602")
    issue = world.issue(chosen=world.chosen(state={"states": ["OH", "HI"]}))
    assert receivers(issue, db) == there
    assert audience.count(audience.of(issue)).people == 3


def test_an_issue_for_alliances_goes_to_their_members_once_each(db: Session) -> None:
    one, two, other = (AllianceFactory() for _ in range(3))
    person = PersonFactory()
    for alliance in (one, two, other):
        MembershipFactory(alliance=alliance, person=person)
    MembershipFactory(alliance=other)
    for state in MembershipState:
        if state != MembershipState.ACTIVE:
            MembershipFactory(alliance=one, state=state)
    issue = world.issue(chosen=tree.as_json(tree.members_of(one.id, two.id)))
    assert receivers(issue, db) == {person.id}
    assert audience.count(audience.of(issue)).people == 1


def test_a_weekly_issue_goes_to_those_who_chose_weekly(db: Session) -> None:
    PersonFactory()
    weekly = PersonFactory(digest_every=DigestEvery.WEEKLY)
    assert receivers(world.issue(every=DigestEvery.WEEKLY), db) == {weekly.id}


def test_counting_is_one_statement(db: Session) -> None:
    for _ in range(30):
        PersonFactory()
    issue = world.issue()
    with count_statements() as statements:
        assert audience.count(audience.of(issue)).people == 30
    assert len(statements) == 1


HOURS = [
    # zone by ZIP code, the hour, the day, and the instant in UTC
    ("10017", 9, "2027-01-14", "2027-01-14T14:00"),
    ("10017", 9, "2027-07-15", "2027-07-15T13:00"),
    ("85001", 9, "2027-01-14", "2027-01-14T16:00"),  # Phoenix keeps no summer time
    ("85001", 9, "2027-07-15", "2027-07-15T16:00"),
    ("96813", 23, "2027-07-15", "2027-07-16T09:00"),  # Honolulu's evening is the next day in UTC
    ("96813", 0, "2027-07-15", "2027-07-15T10:00"),
    ("10017", 2, "2027-03-14", "2027-03-14T07:00"),  # 2:00 does not exist: the first valid minute
    ("10017", 1, "2027-11-07", "2027-11-07T05:00"),  # 1:00 exists twice: the first
    ("60602", 2, "2027-03-14", "2027-03-14T08:00"),
]


@pytest.mark.parametrize(("zip_code", "hour", "day", "due"), HOURS)
def test_a_scheduled_issue_is_due_at_the_hour_each_reader_chose(
    db: Session, zip_code: str, hour: int, day: str, due: str
) -> None:
    person = PersonFactory(zip=zip_code, digest_hour=hour)
    others = [PersonFactory(zip=code, digest_hour=7) for code in ("90012", "10017", "96813")]
    found = expected(db, world.issue(), date.fromisoformat(day))
    assert found.keys() == {person.id, *(other.id for other in others)}
    assert found[person.id] == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_hours_cost_two_statements_for_any_number_of_people(db: Session) -> None:
    for hour in range(24):
        PersonFactory(digest_hour=hour)
    with count_statements() as statements:
        due = expected(db, world.issue(), date(2027, 1, 14))
    assert len(set(due.values())) == 24
    assert len(statements) == 3  # the issue itself is written by the first


def test_a_zone_that_nobody_knows_counts_as_new_york(db: Session) -> None:
    person = PersonFactory(time_zone="Mars/Olympus", digest_hour=9)
    due = expected(db, world.issue(), date(2027, 1, 14))
    assert due == {person.id: datetime(2027, 1, 14, 14, tzinfo=UTC)}


def test_a_day_begins_with_the_first_of_our_people(db: Session) -> None:
    assert audience.first_midnight(date(2027, 1, 14)) == datetime(2027, 1, 14, 5, tzinfo=UTC)
    PersonFactory(time_zone="Pacific/Guam")
    assert audience.first_midnight(date(2027, 1, 14)) == datetime(2027, 1, 13, 14, tzinfo=UTC)


def test_sending_now_ignores_the_hours(db: Session) -> None:
    people: list[Person] = [PersonFactory(digest_hour=hour) for hour in (3, 20)]
    now = clock.now()
    rows = db.execute(audience.at_once(audience.of(world.issue()), now))
    assert {(row.person_id, as_instant(row.due_at, db)) for row in rows} == {
        (person.id, now) for person in people
    }
