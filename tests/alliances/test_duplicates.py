"""Records that may be one person: found among many, merged with a record, undone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances import duplicates, merging
from app.alliances.duplicate_models import Likeness, PairState, PersonMerge, PersonPair
from app.alliances.models import CoordinatorTerm, Membership, MembershipState
from app.events.models import SignUp
from app.foundation import clock
from app.people.models import Person, Purpose, Standing, Unsubscription
from tests.factories import (
    AddressFactory,
    AllianceFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

MANY = 5_000


def pairs(db: Session) -> list[tuple[int, int, Likeness]]:
    query = select(PersonPair.first_id, PersonPair.second_id, PersonPair.likeness)
    return [tuple(row) for row in db.execute(query.order_by(PersonPair.id))]


def test_likes_are_found_once_and_not_asked_again(db: Session) -> None:
    shared = AddressFactory()
    first = PersonFactory(name="Ana  Reyes", zip="43215", phone="+16145550100")
    second = PersonFactory(name="ana reyes", zip="43215", address=shared)
    third = PersonFactory(name="ANA REYES", zip="10017", address=shared)
    PersonFactory(name="Ben", zip="43215", address=shared)
    other = PersonFactory(name="A. Reyes", zip="10017", phone="+16145550100")
    PersonFactory(name="Ana Reyes", zip="43215", standing=Standing.ERASED)

    assert duplicates.find() == 3
    assert pairs(db) == [
        (first.id, second.id, Likeness.NAME_AND_ZIP),
        (first.id, other.id, Likeness.PHONE),
        (second.id, third.id, Likeness.EMAIL),
    ]
    duplicates.are_different(duplicates.open_pairs()[0])
    db.flush()
    assert duplicates.find() == 0
    assert len(duplicates.open_pairs()) == 2


def test_among_many_people_they_are_found_with_three_statements(db: Session) -> None:
    rows = [
        {
            "name": f"Person {number % (MANY - 500)}",
            "zip": f"{number % (MANY - 500) % 99_999:05}",
            "phone": None,
            "time_zone": "America/New_York",
            "language": "en",
            "discreet": False,
            "digest_every": "monthly",
            "digest_hour": 9,
            "standing": Standing.ACTIVE,
            "created_at": clock.now(),
        }
        for number in range(MANY)
    ]
    db.execute(insert(Person), rows)

    with count_statements() as statements:
        assert duplicates.find() == 500
    assert len(statements) == 3


def test_staff_meet_nobody_who_is_known_only_to_their_coordinator(
    client: FlaskClient, db: Session
) -> None:
    PersonFactory(name="Ana Reyes", zip="43215")
    later = PersonFactory(name="Ana Reyes", zip="43215")
    PersonFactory(name="Ana Reyes", zip="43215", discreet=True)
    assert duplicates.find() == 1
    number = duplicates.open_pairs()[0].id
    later.discreet = True
    db.flush()
    sign_in(client, staff_member())

    assert "Ana Reyes" not in client.get("/staff/duplicates").text
    assert client.get(f"/staff/duplicates/{number}").status_code == 404
    merged = post(client, f"/staff/duplicates/{number}/merge", {"keep": "first"})
    assert merged.status_code == 404


def test_two_coordinators_become_one_and_two_again(db: Session) -> None:
    columbus = AllianceFactory()
    kept, gone = coordinator_of(columbus), coordinator_of(columbus)
    elsewhere = MembershipFactory(person=gone)

    record = merging.merge(kept, gone, by=None)

    terms = select(CoordinatorTerm.person_id).order_by(CoordinatorTerm.id)
    assert list(db.scalars(terms)) == [kept.id, kept.id]
    of_gone = select(func.count()).select_from(Membership).where(Membership.person_id == gone.id)
    assert db.scalar(of_gone) == 0
    assert db.get_one(Membership, elsewhere.id).person_id == kept.id
    assert gone.standing == Standing.DISABLED

    assert merging.undo(record) == 0

    assert list(db.scalars(terms)) == [kept.id, gone.id]
    assert db.scalar(of_gone) == 2
    assert gone.standing == Standing.ACTIVE
    with pytest.raises(merging.NotToUndo):
        merging.undo(record)


def test_a_better_membership_is_taken_over_and_given_back(db: Session) -> None:
    columbus = AllianceFactory()
    kept, gone = PersonFactory(), member_of(columbus)
    asked = MembershipFactory(alliance=columbus, person=kept, state=MembershipState.ASKED)

    record = merging.merge(kept, gone, by=None)
    assert db.get_one(Membership, asked.id).state == MembershipState.ACTIVE
    merging.undo(record)

    states = select(Membership.person_id, Membership.state).order_by(Membership.person_id)
    assert db.execute(states).all() == [
        (kept.id, MembershipState.ASKED),
        (gone.id, MembershipState.ACTIVE),
    ]


def test_what_happened_since_the_merge_stays_with_the_kept_record(db: Session) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    before = SignUpFactory(person=gone)
    record = merging.merge(kept, gone, by=None)
    since = SignUpFactory(person=kept)

    assert merging.undo(record) == 0

    assert db.get_one(SignUp, before.id).person_id == gone.id
    assert db.get_one(SignUp, since.id).person_id == kept.id


def test_a_row_that_somebody_changed_since_stays_as_it_is(db: Session) -> None:
    kept, gone, third = PersonFactory(), PersonFactory(), PersonFactory()
    moved = MembershipFactory(person=gone)
    record = merging.merge(kept, gone, by=None)
    db.get_one(Membership, moved.id).person_id = third.id
    db.flush()

    assert merging.undo(record) == 1
    assert db.get_one(Membership, moved.id).person_id == third.id


def test_what_either_did_not_want_is_not_sent(db: Session) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    db.add(Unsubscription(person_id=gone.id, purpose=Purpose.DIGEST, at=clock.now()))

    record = merging.merge(kept, gone, by=None)

    unwanted = select(Unsubscription.person_id).order_by(Unsubscription.person_id)
    assert list(db.scalars(unwanted)) == [kept.id, gone.id]
    merging.undo(record)
    assert list(db.scalars(unwanted)) == [gone.id]


def test_erased_people_and_staff_are_not_merged(db: Session) -> None:
    ana, staff = PersonFactory(), staff_member()
    erased = PersonFactory(standing=Standing.ERASED)

    for kept, gone in ((ana, ana), (ana, erased), (erased, ana), (ana, staff)):
        with pytest.raises(merging.NotToMerge):
            merging.merge(kept, gone, by=None)


def test_erasing_either_empties_the_record(db: Session) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    MembershipFactory(person=gone)
    record = merging.merge(kept, gone, by=None)

    erasure.erase(kept)

    db.refresh(record)
    assert record.moved == {}
    with pytest.raises(merging.NotToUndo):
        merging.undo(record)


def test_staff_merge_and_undo_on_the_page(client: FlaskClient, db: Session) -> None:
    first = PersonFactory(name="Ana Reyes", zip="43215")
    second = PersonFactory(name="Ana Reyes", zip="43215")
    membership = MembershipFactory(person=first)
    duplicates.find()
    assert client.get("/staff/duplicates").status_code == 303
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get("/staff/duplicates").status_code == 403
    sign_in(client, staff_member())

    [pair] = duplicates.open_pairs()
    path = f"/staff/duplicates/{pair.id}"
    assert "Same name and ZIP code" in client.get(path).text
    assert post(client, f"{path}/merge", {"keep": "second"}).status_code == 303
    assert db.get_one(Membership, membership.id).person_id == second.id
    assert "No duplicates" in client.get("/staff/duplicates").text
    [record] = db.scalars(select(PersonMerge))
    done = post(client, f"/staff/merges/{record.id}/undo")

    assert "merge-undone" in done.location
    assert db.get_one(Membership, membership.id).person_id == first.id
    assert db.get_one(PersonPair, pair.id).state == PairState.DIFFERENT
    assert "undo-refused" in post(client, f"/staff/merges/{record.id}/undo").location
