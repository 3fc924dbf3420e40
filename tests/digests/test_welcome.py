"""Three mails for new members: once each, on their days, in their language, while they stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

import tasks
from app.alliances.models import Membership, MembershipState
from app.digests import series, welcome, welcome_copies
from app.digests.models import SeriesName
from app.foundation import clock
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine
from app.mail.models import Delivery, Mailing, SendState
from app.people.actions import Agreement, unsubscribe
from app.people.models import Person, Purpose
from tests import snapshots
from tests.digests import world
from tests.factories import AllianceFactory, MembershipFactory, PersonFactory, member_of
from tests.mail.kinds import circular

SNAPSHOTS = Path(__file__).parent / "snapshots"
START = datetime(2026, 11, 21, 15, tzinfo=UTC)
NO_MORE = Agreement(Purpose.DIGEST, wording="digest-1", channel="mail")


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def on(db: Session) -> None:
    series.switch(SeriesName.WELCOME, on=True)
    db.commit()


def tick(app: Whereas) -> None:
    session.commit()
    session.close()
    tasks.celery.tasks["digests.sweep"]()
    with app.app_context():
        engine.sweep()
        engine.work(10)
    session.expire_all()


def pass_days(travel: time_machine.Traveller, app: Whereas, days: int, hours: int = 6) -> None:
    end = clock.now() + timedelta(days=days)
    while clock.now() < end:
        travel.shift(timedelta(hours=hours))
        tick(app)


def told(person_id: int) -> list[tuple[int, datetime, str]]:
    """The steps of a person with the hour at which each was due, and what became of it."""
    rows = session.execute(
        select(Mailing.subject_id, Delivery.due_at, Delivery.state, Delivery.reason)
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Delivery.person_id == person_id, Mailing.kind == welcome.KIND)
        .order_by(Mailing.subject_id)
    )
    return [(step, due, reason or state.value) for step, due, state, reason in rows]


def test_a_new_member_gets_each_of_the_three_once_at_their_own_hour(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    ana = PersonFactory(zip="90012", digest_hour=10)
    pass_days(travel, app, 13)
    assert told(ana.id) == [
        (1, datetime(2026, 11, 22, 18, tzinfo=UTC), "sent"),
        (2, datetime(2026, 11, 25, 18, tzinfo=UTC), "sent"),
        (3, datetime(2026, 12, 2, 18, tzinfo=UTC), "sent"),
    ]
    pass_days(travel, app, 3, hours=24)
    assert len(told(ana.id)) == 3


def test_who_had_enough_mail_that_week_gets_the_next_when_there_is_room(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    ana = PersonFactory(digest_hour=10)
    pass_days(travel, app, 2)
    circular("news of that week")
    pass_days(travel, app, 3)
    assert [what for _step, _due, what in told(ana.id)] == ["sent", "full"]
    pass_days(travel, app, 7)
    assert [what for _step, _due, what in told(ana.id)] == ["sent", "sent", "sent"]


def test_members_from_before_it_was_switched_on_get_none(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    before = PersonFactory()
    travel.shift(timedelta(hours=1))
    series.switch(SeriesName.WELCOME, on=True)
    travel.shift(timedelta(hours=1))
    after = PersonFactory()
    pass_days(travel, app, 2)
    assert told(before.id) == []
    assert [step for step, _due, _what in told(after.id)] == [1]


def test_nothing_goes_out_while_it_is_off(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    ana = PersonFactory()
    series.switch(SeriesName.WELCOME, on=False)
    pass_days(travel, app, 2)
    assert told(ana.id) == []


def test_whoever_unsubscribes_or_leaves_is_greeted_no_more(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    columbus = AllianceFactory()
    leaves, unsubscribes, elsewhere = (member_of(columbus) for _ in range(3))
    MembershipFactory(person=elsewhere, alliance=AllianceFactory())
    pass_days(travel, app, 2)
    unsubscribe(unsubscribes.id, NO_MORE)
    for person in (leaves, elsewhere):
        own = select(Membership).where(
            Membership.person_id == person.id, Membership.alliance_id == columbus.id
        )
        db.scalars(own).one().state = MembershipState.LEFT
    pass_days(travel, app, 3)
    assert [what for _step, _due, what in told(leaves.id)] == ["sent", "left"]
    assert [what for _step, _due, what in told(unsubscribes.id)] == ["sent", "unsubscribed"]
    assert [what for _step, _due, what in told(elsewhere.id)] == ["sent", "sent"]


def test_after_an_outage_nobody_gets_two_at_once(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    soon, long_ago = PersonFactory(), PersonFactory()
    db.get_one(Person, long_ago.id).confirmed_at = clock.now()
    travel.move_to(START + timedelta(days=3))
    tick(app)
    assert [what for _step, _due, what in told(soon.id)] == ["sent"]
    travel.move_to(START + timedelta(days=5))
    tick(app)
    states = [what for _step, _due, what in told(soon.id)]
    assert states == ["sent", "sent"]
    sent = session.scalars(
        select(Delivery.sent_at).where(
            Delivery.person_id == soon.id, Delivery.state == SendState.SENT
        )
    ).all()
    assert len({at.date() for at in sent if at}) == 2


def test_doing_it_twice_changes_nothing(
    app: Whereas, db: Session, on: None, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    PersonFactory()
    travel.shift(timedelta(days=1))
    for _ in range(2):
        welcome.arrange()
    assert db.scalars(select(Mailing.once)).all() == ["welcome:1:2026-11-22"]


@pytest.mark.parametrize("step", welcome.DAYS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mails_are_as_reviewed(db: Session, step: int, language: str) -> None:
    columbus = world.columbus()
    member, alone = member_of(columbus, name="Maria"), PersonFactory(name="Al", zip="85001")
    for who, person in (("member", member), ("alone", alone)):
        person.language = language
        db.flush()
        reader = world.reader(person)
        copy = welcome_copies.composer(step, [reader])(reader)
        assert copy is not None
        name = f"welcome_{step}_{who}_{language}"
        snapshots.assert_same(
            f"{copy.subject}\n\n{world.plain(copy.text)}", SNAPSHOTS / f"{name}.txt"
        )
        snapshots.assert_same(world.plain(copy.html), SNAPSHOTS / f"{name}.html")
