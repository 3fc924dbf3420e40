"""The named reads that pages and digests use: what they find, in one statement each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.events import queries
from app.events.models import EventState, SignUpState
from app.events.queries import Counts
from app.foundation import clock
from tests.factories import PLACES, AllianceFactory, EventFactory, PersonFactory, SignUpFactory
from tests.statements import count_statements

MONTH = timedelta(days=31)


def in_days(days: int) -> dict[str, object]:
    return {"wall_start": clock.now().replace(tzinfo=None) + timedelta(days=days)}


def test_the_next_events_of_an_alliance(db: Session) -> None:
    ours = AllianceFactory()
    late, soon = EventFactory(alliance=ours, **in_days(20)), EventFactory(alliance=ours)
    EventFactory(alliance=ours, state=EventState.DRAFT)
    EventFactory(alliance=ours, ends_at=clock.now() - timedelta(minutes=1))
    EventFactory()
    assert queries.upcoming(ours.id) == [soon, late]
    assert queries.upcoming(ours.id, limit=1) == [soon]


def test_what_is_near_comes_nearest_first(db: Session) -> None:
    columbus = PLACES["43215"]
    blacklick = EventFactory(alliance=AllianceFactory(zip="43004"))
    here = EventFactory(alliance=AllianceFactory(zip="43215"))
    EventFactory(alliance=AllianceFactory(zip="44114"))
    found = queries.near(columbus.latitude, columbus.longitude, 50, clock.now() + MONTH)
    assert [(near.event, round(near.miles)) for near in found] == [(here, 0), (blacklick, 11)]


def test_what_a_person_signed_up_for(db: Session) -> None:
    ana = PersonFactory()
    late = SignUpFactory(person=ana, event=EventFactory(**in_days(20)))
    soon = SignUpFactory(person=ana, state=SignUpState.WAITING)
    SignUpFactory(person=ana, state=SignUpState.CANCELLED)
    SignUpFactory(person=ana, event__ends_at=clock.now() - timedelta(minutes=1))
    SignUpFactory()
    assert queries.sign_ups_of(ana.id) == [soon, late]


def test_people_are_counted_by_where_they_stand(db: Session) -> None:
    event, empty = EventFactory(), EventFactory()
    soon, past = clock.now() + timedelta(minutes=5), clock.now() - timedelta(minutes=5)
    for state, until in (
        (SignUpState.CONFIRMED, None),
        (SignUpState.CONFIRMED, None),
        (SignUpState.WAITING, None),
        (SignUpState.HELD, soon),
        (SignUpState.HELD, past),
        (SignUpState.CANCELLED, None),
    ):
        SignUpFactory(event=event, state=state, held_until=until)
    found = queries.counts([event.id, empty.id])
    assert found == {event.id: Counts(2, 1, 1), empty.id: Counts()}
    assert [found[event.id].left(n) for n in (None, 5, 3, 2)] == [None, 2, 0, 0]


READS: dict[str, Callable[[int], object]] = {
    "upcoming": lambda n: [e.alliance.name for e in queries.upcoming(n, 100)],
    "near": lambda _n: queries.near(39.9671, -83.0044, 50, clock.now() + MONTH),
    "sign-ups": lambda n: [s.event.alliance.name for s in queries.sign_ups_of(n)],
    "counts": lambda n: queries.counts(range(n, n + 30)),
}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("read", READS)
def test_each_read_is_one_statement(db: Session, read: str, rows: int) -> None:
    alliance, person = AllianceFactory(), PersonFactory()
    for _n in range(rows):
        SignUpFactory(person=person, event=EventFactory(alliance=alliance))
    db.flush()
    db.expunge_all()
    with count_statements() as statements:
        assert READS[read](1)
    assert len(statements) == 1
