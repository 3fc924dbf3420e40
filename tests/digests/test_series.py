"""Series: each member gets one issue a period at their hour, whatever clocks and beats do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import tasks
from app.digests import held, rota, series, series_rows
from app.digests.models import Issue, Item, SeriesName
from app.foundation import clock, edge
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import engine, mailings
from app.mail.models import Delivery, Mailing, MailingState, SendState
from app.people.actions import Agreement, agree, unsubscribe
from app.people.models import DigestEvery, Person, Purpose
from tests.factories import EventFactory, MembershipFactory, PersonFactory

START = datetime(2026, 11, 22, 15, tzinfo=UTC)  # a Sunday
THURSDAY = date(2026, 11, 26)
HOUR = timedelta(hours=1)
NO_MORE = Agreement(Purpose.DIGEST, wording="digest-1", channel="mail")


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def weekly(**values: object) -> Person:
    person: Person = PersonFactory(digest_every=DigestEvery.WEEKLY, **values)
    return person


def news(**values: object) -> Item:
    """An item for everybody, good for a month from today."""
    today, now = clock.today(), clock.now()
    made = Item(
        **{
            "title": "Council voted",
            "from_on": today,
            "until_on": today + timedelta(days=400),
            "created_at": now - timedelta(days=1),
            "updated_at": now - timedelta(days=1),
            **values,
        }
    )
    session.add(made)
    session.flush()
    return made


def switch_on(*names: SeriesName) -> None:
    for name in names:
        series.switch(name, on=True)
    session.commit()


def tick(app: Whereas, *, work: bool = True) -> None:
    """What beat wakes: both sweeps, and a worker."""
    session.commit()
    session.close()
    tasks.celery.tasks["digests.sweep"]()
    with app.app_context():
        engine.sweep()
        if work:
            engine.work(30)
    session.expire_all()


def go_to(
    travel: time_machine.Traveller,
    app: Whereas,
    until: datetime,
    step: timedelta = 6 * HOUR,
    *,
    work: bool = True,
) -> None:
    """Let the time pass, with a tick after each step."""
    while clock.now() < until:
        travel.move_to(min(clock.now() + step, until))
        tick(app, work=work)


def next_start() -> datetime:
    """When the next mailing that is scheduled begins."""
    query = select(func.min(Mailing.due_at)).where(Mailing.state == MailingState.SCHEDULED)
    return session.scalars(query).one() or datetime.max.replace(tzinfo=UTC)


def issues(name: SeriesName = SeriesName.WEEKLY) -> list[Issue]:
    query = select(Issue).where(Issue.series == name).order_by(Issue.id)
    return list(session.scalars(query))


def days(name: SeriesName = SeriesName.WEEKLY) -> list[date | None]:
    return [issue.scheduled_on for issue in issues(name)]


def copies(**where: object) -> list[tuple[int, datetime, SendState, str]]:
    query = select(Delivery.person_id, Delivery.due_at, Delivery.state, Delivery.reason)
    rows = session.execute(query.filter_by(**where).order_by(Delivery.due_at, Delivery.person_id))
    return [tuple(row) for row in rows]


def outcomes() -> Counter[tuple[SendState, str]]:
    return Counter((state, reason) for _person, _due, state, reason in copies())


def test_over_a_year_each_member_gets_one_issue_a_period_at_their_own_hour(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    """Due once a week or month, at the hour of each zone, also around both clock changes."""
    news(is_pinned=True)
    zips = {"10017": 9, "96813": 20, "85001": 2, "60602": 0, "90012": 23}
    rhythms = {SeriesName.WEEKLY: DigestEvery.WEEKLY, SeriesName.MONTHLY: DigestEvery.MONTHLY}
    people = {
        PersonFactory(zip=zip_code, digest_hour=hour, digest_every=every).id: every
        for zip_code, hour in zips.items()
        for every in rhythms.values()
    }
    switch_on(*rhythms)
    tick(app)
    while (start := next_start()) < START + timedelta(days=365):
        travel.move_to(start)
        tick(app, work=False)
        tick(app, work=False)
    by_person: dict[int, list[date]] = {}
    for person_id, due_at, _state, _reason in copies():
        person = db.get_one(Person, person_id)
        local = due_at.astimezone(ZoneInfo(person.time_zone))
        skipped = person.digest_hour == 2 and local.hour == 3
        assert local.hour == person.digest_hour or skipped
        by_person.setdefault(person_id, []).append(local.date())
    assert by_person.keys() == people.keys()
    for person_id, told in by_person.items():
        if people[person_id] == DigestEvery.WEEKLY:
            assert told == [THURSDAY + timedelta(weeks=n) for n in range(len(told))]
            assert len(told) in (52, 53)
        else:
            assert [(day.year, day.month) for day in told] == [
                (2026, 12),
                *((2027, month) for month in range(1, 12)),
            ]
            assert {day.day for day in told} == {1}


@pytest.mark.parametrize(
    ("on", "hour", "instant"),
    [
        (date(2027, 3, 14), 2, datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),  # 2 am does not exist
        (date(2026, 11, 29), 1, datetime(2026, 11, 29, 6, 0, tzinfo=UTC)),
        (date(2027, 11, 7), 1, datetime(2027, 11, 7, 5, 0, tzinfo=UTC)),  # 1 am comes twice
    ],
)
def test_on_the_days_when_clocks_change_each_is_due_once(
    app: Whereas,
    db: Session,
    travel: time_machine.Traveller,
    on: date,
    hour: int,
    instant: datetime,
) -> None:
    news(is_pinned=True, until_on=on)
    weekly(zip="10017", digest_hour=hour)
    travel.move_to(instant - timedelta(days=2))
    series.save(
        SeriesName.WEEKLY,
        series.Plan(on.weekday(), "This week", "", []),
        version=series_rows.of(SeriesName.WEEKLY, lock=True).version,
    )
    switch_on(SeriesName.WEEKLY)
    go_to(travel, app, instant + HOUR, 6 * HOUR, work=False)
    assert [due for _person, due, _state, _reason in copies()] == [instant]


def test_three_days_without_beat_send_once_or_hold_whatever_is_more_than_twelve_hours_late(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    early = weekly(zip="10017", digest_hour=0)
    late = weekly(zip="96813", digest_hour=23)
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))  # 11 h after Honolulu's 11 pm
    tick(app)
    assert [(person, state, reason) for person, _due, state, reason in copies()] == [
        (early.id, SendState.SKIPPED, held.HELD),
        (late.id, SendState.SENT, ""),
    ]
    tick(app)
    assert days() == [THURSDAY, THURSDAY + timedelta(weeks=1)]


def test_what_is_held_goes_out_once_when_staff_say_so(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    """As part of the issue's mailing, whose page, report and buttons are about all its copies."""
    news(is_pinned=True)
    weekly(), weekly()
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(START + timedelta(days=6))
    tick(app)
    issue = issues()[0]
    mailing = db.get_one(Mailing, issue.mailing_id)
    assert (held.number(issue), mailing.state) == (2, MailingState.DONE)
    for expected in (True, False):
        assert held.release(issue.id) is expected
    assert (mailing.state, mailing.finished_at) == (MailingState.SENDING, None)
    assert [each.id for each in mailings.of("digest", issue.id)] == [mailing.id]
    tick(app)
    assert outcomes() == {(SendState.SENT, ""): 2}
    assert db.get_one(Mailing, mailing.id).state == MailingState.DONE
    assert held.number(issue) == 0
    assert held.drop(issue.id) is False


def test_what_is_held_may_go_while_others_wait_for_their_hour(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    late = weekly(zip="10017", digest_hour=0)
    weekly(zip="96813", digest_hour=23)
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(datetime(2026, 11, 26, 19, 0, tzinfo=UTC))  # 14 h after midnight in New York
    tick(app)
    issue = issues()[0]
    assert held.number(issue) == 1
    assert held.release(issue.id)
    tick(app)
    found = [(person == late.id, state) for person, _due, state, _reason in copies()]
    assert sorted(found) == [(False, SendState.WAITING), (True, SendState.SENT)]
    travel.move_to(datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
    tick(app)
    assert outcomes() == {(SendState.SENT, ""): 2}


@pytest.mark.parametrize("act", [mailings.pause, mailings.cancel])
def test_nothing_that_is_held_goes_while_staff_hold_the_issue_or_after_they_stopped_it(
    app: Whereas, db: Session, travel: time_machine.Traveller, act: Callable[[Mailing], bool]
) -> None:
    news(is_pinned=True)
    weekly(zip="10017", digest_hour=0), weekly(zip="96813", digest_hour=23)
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(datetime(2026, 11, 26, 19, 0, tzinfo=UTC))
    tick(app)
    issue = issues()[0]
    assert act(db.get_one(Mailing, issue.mailing_id))
    assert (held.number(issue), held.release(issue.id)) == (0, False)


def test_only_those_wait_for_staff_who_would_have_something_to_read(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    """So that the number that staff see is of the people who will get it."""
    reader, nothing = weekly(), weekly(zip="10017")
    event = EventFactory(starts_at=START + timedelta(days=12))
    MembershipFactory(person=reader, alliance=event.alliance)
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(START + timedelta(days=6))
    tick(app)
    assert {person: reason for person, _due, _state, reason in copies()} == {
        reader.id: held.HELD,
        nothing.id: "nothing",
    }
    assert held.number(issues()[0]) == 1
    assert held.release(issues()[0].id)
    tick(app)
    assert outcomes()[SendState.SENT, ""] == 1


def test_what_is_held_may_be_let_go(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    weekly()
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(START + timedelta(days=6))
    tick(app)
    assert held.drop(issues()[0].id) is True
    assert held.release(issues()[0].id) is False
    tick(app)
    assert outcomes() == {(SendState.SKIPPED, held.DROPPED): 1}


def test_nobody_gets_two_issues_at_once_after_an_outage(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    weekly()
    switch_on(SeriesName.WEEKLY)
    tick(app)
    travel.move_to(START + timedelta(days=9))
    tick(app)
    go_to(travel, app, START + timedelta(days=12))
    assert days()[:2] == [THURSDAY, date(2026, 12, 3)]
    assert outcomes() == {(SendState.SKIPPED, held.HELD): 1, (SendState.SENT, ""): 1}
    assert held.may_send(issues()[0]) is False
    assert held.release(issues()[0].id) is False


def test_two_beats_make_one_issue(app: Whereas, db: Session) -> None:
    series_rows.of(SeriesName.WEEKLY, lock=True).is_on = True
    db.commit()

    def sweep() -> None:
        with app.app_context(), edge.step():
            rota.arrange(SeriesName.WEEKLY)

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert days() == [THURSDAY]
    assert db.scalar(select(func.count()).select_from(Mailing)) == 1


def test_whoever_changes_rhythm_or_hour_or_leaves_gets_what_they_chose_last(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    to_monthly, never, later, back = (weekly(digest_hour=9) for _ in range(4))
    unsubscribe(back.id, NO_MORE)
    switch_on(SeriesName.WEEKLY, SeriesName.MONTHLY)
    tick(app)
    db.get_one(Person, later.id).digest_hour = 18
    agree(back, NO_MORE)
    travel.move_to(datetime(2026, 11, 26, 13, 30, tzinfo=UTC))  # expanded, half an hour to go
    tick(app)
    db.get_one(Person, to_monthly.id).digest_every = DigestEvery.MONTHLY
    unsubscribe(never.id, NO_MORE)
    go_to(travel, app, datetime(2026, 12, 2, 6, tzinfo=UTC), HOUR)
    assert {(person, state, reason) for person, _due, state, reason in copies()} == {
        (to_monthly.id, SendState.SKIPPED, "other_rhythm"),
        (to_monthly.id, SendState.SENT, ""),
        (never.id, SendState.SKIPPED, "unsubscribed"),
        (later.id, SendState.SENT, ""),
        (back.id, SendState.SENT, ""),
    }
    hours = {person: due.hour for person, due, _state, _reason in copies()}
    assert hours[later.id] == 23


def test_an_issue_without_anything_to_say_is_skipped(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    weekly()
    switch_on(SeriesName.WEEKLY)
    tick(app)
    go_to(travel, app, START + timedelta(days=5))
    assert outcomes() == {(SendState.SKIPPED, "nothing"): 1}


def test_a_new_day_moves_what_is_scheduled_and_never_brings_two_within_a_week(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    switch_on(SeriesName.WEEKLY)
    tick(app)
    go_to(travel, app, datetime(2026, 11, 26, 12, tzinfo=UTC))
    assert days() == [THURSDAY, date(2026, 12, 3)]
    plan = series.Plan(4, "Friday's news", "", [])
    series.save(SeriesName.WEEKLY, plan, version=series_rows.of(SeriesName.WEEKLY).version)
    db.commit()
    assert days() == [THURSDAY, date(2026, 12, 4)]
    assert issues()[1].subject == "Friday's news"
    with pytest.raises(series.Stale):
        series.save(SeriesName.WEEKLY, plan, version=1)


def test_off_takes_back_what_is_scheduled_and_on_takes_it_up_again(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    switch_on(SeriesName.WEEKLY)
    issues()[0].introduction = "Kept"
    for _ in range(2):
        series.switch(SeriesName.WEEKLY, on=False)
    db.commit()
    tick(app)
    assert days() == [None]
    assert db.scalars(select(Mailing.state)).all() == [MailingState.CANCELLED]
    travel.move_to(START + timedelta(days=7))
    switch_on(SeriesName.WEEKLY)
    assert days() == [date(2026, 12, 3)]
    assert issues()[0].introduction == "Kept"


def test_a_skipped_issue_is_followed_by_the_next(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    news(is_pinned=True)
    weekly()
    switch_on(SeriesName.WEEKLY)
    assert rota.skip(issues()[0].id) is True
    assert days() == [THURSDAY, date(2026, 12, 3)]
    assert rota.skip(issues()[0].id) is False
    tick(app)
    go_to(travel, app, START + timedelta(days=12))
    assert [due.date() for _person, due, _state, _reason in copies()] == [date(2026, 12, 3)]
