"""Each kind of condition on real people, groups of them, and how they are said in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests import tree
from app.digests.tree import EVERYBODY, Group, Leaf, Match
from app.events.door_models import Arrival
from app.events.models import EventState, SignUpState
from app.foundation import clock, geo
from app.foundation.web import Whereas
from app.mail import conditions
from app.people.models import DigestEvery, Person
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
    staff_member,
)

COLUMBUS = {"miles": 50, "place": "43215", "city": "Columbus, OH", "point": [39.9671, -83.0044]}


def fitting(part: Group | Leaf, db: Session) -> set[int]:
    return set(db.scalars(select(Person.id).where(tree.where(part))))


def leaf(kind: str, **values: Any) -> Leaf:
    return Leaf(kind, values)


def past_event(days: int = 5, **values: Any) -> Any:
    start = clock.now() - timedelta(days=days)
    return EventFactory(starts_at=start, ends_at=start + timedelta(hours=2), **values)


def came_to(person: Person, number: int) -> Person:
    for days in range(1, number + 1):
        SignUpFactory(person=person, event=past_event(days))
    return person


def test_members_of_some_alliances_fit_and_those_who_left_do_not(db: Session) -> None:
    one, two, other = (AllianceFactory() for _ in range(3))
    both = member_of(one)
    MembershipFactory(alliance=two, person=both)
    second = member_of(two)
    member_of(other)
    MembershipFactory(alliance=one, state="left")
    assert fitting(leaf("alliance", alliances=[one.id, two.id]), db) == {both.id, second.id}
    assert fitting(tree.members_of(two.id), db) == {both.id, second.id}


def test_a_state_is_where_people_live(db: Session) -> None:
    there = {PersonFactory(zip=code).id for code in ("43215", "96813")}
    PersonFactory(zip="60602")
    PersonFactory(zip=None)
    assert fitting(leaf("state", states=["OH", "HI"]), db) == there


def test_a_distance_counts_from_a_place(db: Session) -> None:
    near = {PersonFactory(zip=code).id for code in ("43215", "43004")}
    cleveland = PersonFactory(zip="44114")
    PersonFactory(zip=None)
    assert fitting(Leaf("distance", COLUMBUS), db) == near
    assert fitting(Leaf("distance", {**COLUMBUS, "miles": 130}), db) == near | {cleveland.id}


@given(
    st.floats(26, 48),
    st.floats(-122, -70),
    st.floats(-6, 6),
    st.floats(-8, 8),
)
def test_the_plane_agrees_with_the_globe_within_one_mile_in_a_thousand(
    lat: float, lon: float, north: float, east: float
) -> None:
    there = lat + north, lon + east
    distance = geo.miles(lat, lon, *there)
    flat = sqrt(geo.flat_miles_squared(*there, (lat, lon)))
    assert distance > 500 or abs(distance - flat) <= distance / 1000 + 0.001


def test_roles_are_those_of_today(db: Session) -> None:
    columbus = AllianceFactory()
    leader, member = coordinator_of(columbus), member_of(columbus)
    over = PersonFactory()
    yesterday = clock.today() - timedelta(days=1)
    CoordinatorTermFactory(
        alliance=columbus, person=over, since=yesterday - timedelta(days=9), until=yesterday
    )
    jo = staff_member()
    assert fitting(leaf("role", roles=["coordinator"]), db) == {leader.id}
    assert fitting(leaf("role", roles=["member"]), db) == {leader.id, member.id}
    assert fitting(leaf("role", roles=["staff", "coordinator"]), db) == {jo.id, leader.id}


def test_joined_since_begins_with_the_day_in_new_york(db: Session) -> None:
    PersonFactory(created_at=datetime(2026, 6, 1, 3, 59, tzinfo=UTC))
    later = PersonFactory(created_at=datetime(2026, 6, 1, 4, 0, tzinfo=UTC))
    assert fitting(leaf("joined", since="2026-06-01"), db) == {later.id}


def test_language_and_rhythm_are_what_people_chose(db: Session) -> None:
    ana = PersonFactory(language="es")
    weekly = PersonFactory(digest_every=DigestEvery.WEEKLY)
    assert fitting(leaf("language", languages=["es"]), db) == {ana.id}
    assert fitting(leaf("rhythm", rhythms=["weekly"]), db) == {weekly.id}


def test_coming_is_a_confirmed_seat_at_an_event_that_is_over_and_took_place(db: Session) -> None:
    once, twice = came_to(PersonFactory(), 1), came_to(PersonFactory(), 2)
    SignUpFactory()  # for an event to come
    SignUpFactory(event=past_event(), state=SignUpState.CANCELLED)
    SignUpFactory(event=past_event(state=EventState.CANCELLED))
    assert fitting(leaf("attended", times=1, since=None), db) == {once.id, twice.id}
    assert fitting(leaf("attended", times=2, since=None), db) == {twice.id}
    since = (clock.today() - timedelta(days=1)).isoformat()
    assert fitting(leaf("attended", times=2, since=since), db) == set()


def test_where_the_door_was_kept_only_who_was_seen_there_came(db: Session) -> None:
    event = past_event()
    seen, missed = SignUpFactory(event=event), SignUpFactory(event=event)
    mistaken, elsewhere = SignUpFactory(event=event), SignUpFactory(event=past_event())
    for sign_up, people in ((seen, 1), (mistaken, 0)):
        db.add(
            Arrival(
                event_id=event.id,
                key=f"s{sign_up.id}",
                sign_up_id=sign_up.id,
                people=people,
                said_at=event.starts_at,
                recorded_at=event.starts_at,
            )
        )
    db.flush()
    came = {seen.person_id, elsewhere.person_id}
    assert fitting(leaf("attended", times=1, since=None), db) == came
    assert fitting(Group(Match.ANY, (leaf("attended", times=1, since=None),)), db) == came
    assert fitting(leaf("ladder", steps=["participant"]), db) == came
    assert fitting(leaf("ladder", steps=["prospect"]), db) == {missed.person_id, mistaken.person_id}


def test_whoever_has_a_seat_at_an_event_is_found_before_and_after_it(db: Session) -> None:
    coming, over = SignUpFactory(), SignUpFactory(event=past_event())
    SignUpFactory(event=coming.event, state=SignUpState.WAITING)
    assert fitting(leaf("event", events=[coming.event_id]), db) == {coming.person_id}
    both = leaf("event", events=[coming.event_id, over.event_id])
    assert fitting(both, db) == {coming.person_id, over.person_id}


def test_everybody_stands_on_one_step_of_the_ladder(db: Session) -> None:
    columbus = AllianceFactory()
    leader = came_to(coordinator_of(columbus), 3)
    steps = {
        "prospect": PersonFactory().id,
        "supporter": member_of(columbus).id,
        "participant": came_to(member_of(columbus), 2).id,
        "active": came_to(PersonFactory(), 3).id,
        "leader": leader.id,
    }
    for step, person_id in steps.items():
        assert fitting(leaf("ladder", steps=[step]), db) == {person_id}
    assert fitting(leaf("ladder", steps=list(steps)), db) == set(steps.values())


def test_groups_join_and_exclude(db: Session) -> None:
    columbus = AllianceFactory()
    near, spanish = member_of(columbus), member_of(columbus, language="es")
    far = member_of(columbus, zip="98104")
    nowhere = PersonFactory(zip=None)
    member = tree.members_of(columbus.id).parts[0]
    ohio, reads = leaf("state", states=["OH"]), leaf("language", languages=["es"])
    assert fitting(Group(Match.ALL, (member, ohio)), db) == {near.id, spanish.id}
    assert fitting(Group(Match.ANY, (reads, leaf("state", states=["WA"]))), db) == {
        spanish.id,
        far.id,
    }
    no_ohio = Group(Match.NONE, (ohio, reads))
    assert fitting(no_ohio, db) == {far.id, nowhere.id}
    assert fitting(Group(Match.ALL, (member, no_ohio)), db) == {far.id}


def test_any_of_some_finds_who_fits_one_of_them_and_its_contrary_all_others(db: Session) -> None:
    """What other tables know by themselves is asked there."""
    columbus, denver = AllianceFactory(), AllianceFactory()
    seat, over = SignUpFactory(), SignUpFactory(event=past_event())
    twice, member = came_to(PersonFactory(), 2), member_of(columbus)
    leader, jo = coordinator_of(denver), staff_member()
    PersonFactory(zip="98104")
    fits: list[tuple[Leaf, set[int]]] = [
        (leaf("alliance", alliances=[columbus.id]), {member.id}),
        (leaf("role", roles=["staff", "coordinator"]), {jo.id, leader.id}),
        (leaf("event", events=[seat.event_id]), {seat.person_id}),
        (leaf("attended", times=1, since=None), {over.person_id, twice.id}),
        (leaf("attended", times=2, since=None), {twice.id}),
        (leaf("state", states=["OH"]), fitting(leaf("state", states=["OH"]), db)),
    ]
    everybody = fitting(EVERYBODY, db)
    for number in range(1, len(fits) + 1):
        parts = tuple(part for part, _found in fits[:number])
        found = {person for _part, people in fits[:number] for person in people}
        assert fitting(Group(Match.ANY, parts), db) == found
        assert fitting(Group(Match.NONE, (Group(Match.ANY, parts),)), db) == everybody - found


@pytest.mark.parametrize("match", list(Match))
def test_a_group_without_conditions_asks_for_nothing(db: Session, match: Match) -> None:
    assert tree.sentence(Group(match)) == "Everybody."
    assert tree.sentence(Group(parts=(Group(match),))) == "Everybody."
    person = PersonFactory()
    assert fitting(Group(match, (Group(match),)), db) == {person.id}


def test_a_choice_survives_the_database(db: Session) -> None:
    inner = Group(Match.NONE, (leaf("attended", times=1, since="2026-06-01"),))
    chosen = Group(Match.ANY, (leaf("state", states=["OH"]), inner))
    assert tree.from_json(tree.as_json(chosen)) == chosen
    assert tree.from_json({}) == EVERYBODY


def test_a_choice_reads_as_a_sentence(db: Session) -> None:
    names = ("Columbus Alliance", "Denver Alliance")
    alliances = [AllianceFactory(name=name).id for name in names]
    came = leaf("attended", times=1, since="2026-06-01")
    chosen = Group(
        parts=(
            Group(Match.NONE, (came,)),
            leaf("alliance", alliances=alliances),
            Leaf("distance", COLUMBUS),
        )
    )
    assert tree.sentence(chosen) == (
        "People who are members of Columbus Alliance or Denver Alliance; and live within 50 miles "
        "of 43215 (Columbus, OH); and not: came to an event since Jun 1, 2026."
    )
    assert tree.sentence(EVERYBODY) == "Everybody."
    either = Group(Match.ANY, (leaf("role", roles=["staff"]), Group(parts=chosen.parts[1:])))
    assert tree.sentence(either) == (
        "People who are national staff; or (are members of Columbus Alliance or Denver Alliance; "
        "and live within 50 miles of 43215 (Columbus, OH))."
    )


def test_what_two_conditions_say_alike_is_said_once(db: Session) -> None:
    both = (leaf("role", roles=["coordinator"]), leaf("ladder", steps=["leader"]))
    alike = {match: tree.sentence(Group(match, both)) for match in Match}
    assert alike == {
        Match.ALL: "People who coordinate an alliance.",
        Match.ANY: "People who coordinate an alliance.",
        Match.NONE: "People who not: coordinate an alliance.",
    }


SAID = [
    (leaf("state", states=["OH", "HI"]), "live in Ohio or Hawaii"),
    (leaf("joined", since="2026-06-01"), "joined since Jun 1, 2026"),
    (leaf("language", languages=["es"]), "read Spanish"),
    (leaf("rhythm", rhythms=["weekly"]), "chose weekly digests"),
    (leaf("attended", times=3, since=None), "came to at least 3 events"),
    (leaf("ladder", steps=["active", "leader"]), "came to three events or more or coordinate"),
]


@pytest.mark.parametrize(("part", "words"), SAID)
def test_each_condition_says_what_it_asks(db: Session, part: Leaf, words: str) -> None:
    assert conditions.kind_of(part.kind).words(part.values).startswith(words)


def test_an_event_is_named_by_its_title(db: Session) -> None:
    event = EventFactory(title="Remembrance reading")
    chosen = Group(parts=(leaf("event", events=[event.id]),))
    assert tree.sentence(chosen) == "People who signed up for “Remembrance reading”."


def test_each_thing_to_choose_readers_by_is_offered() -> None:
    offered = {kind.key for kind in conditions.kinds()}
    assert offered >= {
        *("alliance", "role", "joined", "language", "rhythm", "constituency"),
        *("state", "distance", "attended", "event", "ladder", "signed"),
    }


def test_what_looks_into_other_tables_is_asked_last(app: Whereas) -> None:
    member, ohio = tree.members_of(1).parts[0], leaf("state", states=["OH"])
    for parts in ((member, ohio), (Group(parts=(member,)), ohio)):
        asked = str(tree.where(Group(Match.ANY, parts)))
        assert asked.index("person.state") < asked.index("FROM membership")
