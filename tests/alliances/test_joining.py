"""Joining: at once, after a yes, or by invitation; leaving; what a confirmation sets off."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.alliances import actions
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    Invitation,
    Joining,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.foundation import clock, signals
from app.people.models import Person
from tests.alliances.mailbox import posted, sent_to
from tests.factories import (
    AllianceFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in


def state_of(db, person: Person, alliance: Alliance) -> MembershipState | None:
    return db.scalar(
        select(Membership.state).where(
            Membership.person_id == person.id, Membership.alliance_id == alliance.id
        )
    )


def test_joining_an_open_alliance_makes_a_member_at_once(client, db) -> None:
    alliance, ana = AllianceFactory(slug="columbus"), PersonFactory()

    response = post(client, "/alliances/columbus/join", person=ana)

    assert response.status_code == 303
    assert response.location == "/alliances/columbus?done=alliance-joined"
    assert state_of(db, ana, alliance) == MembershipState.ACTIVE
    assert "You are a member" in client.get(response.location).text


def test_a_visitor_is_sent_to_join_with_the_alliance(client, db) -> None:
    AllianceFactory(slug="columbus")

    response = client.post("/alliances/columbus/join")

    assert (response.status_code, response.location) == (303, "/join?alliance=columbus")


def test_joining_twice_changes_nothing(client, db) -> None:
    alliance, ana = AllianceFactory(slug="columbus"), PersonFactory()
    post(client, "/alliances/columbus/join", person=ana)
    since = db.scalar(select(Membership.since))

    post(client, "/alliances/columbus/join", person=ana)

    assert db.scalar(select(func.count()).select_from(Membership)) == 1
    assert db.scalar(select(Membership.since)) == since
    assert state_of(db, ana, alliance) == MembershipState.ACTIVE


def test_a_moderated_alliance_is_asked_and_its_coordinators_get_one_mail_each(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    first, second = coordinator_of(alliance), coordinator_of(alliance)
    both = [first.address.email, second.address.email]
    ana = PersonFactory(name="Ana")

    post(client, "/alliances/columbus/join", person=ana)
    post(client, "/alliances/columbus/join", person=ana)

    assert state_of(db, ana, alliance) == MembershipState.ASKED
    assert sent_to("alliances/asked") == both


def test_staff_are_asked_where_nobody_coordinates(client, db) -> None:
    AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    sam = staff_member().address.email

    post(client, "/alliances/columbus/join", person=PersonFactory())

    assert sent_to("alliances/asked") == [sam]


def test_the_answer_comes_by_mail(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    cora = coordinator_of(alliance)
    yes = MembershipFactory(alliance=alliance, state=MembershipState.ASKED)
    no = MembershipFactory(alliance=alliance, state=MembershipState.ASKED)
    emails = [yes.person.address.email, no.person.address.email]

    post(client, f"/desk/columbus/members/{yes.id}/approve", person=cora)
    post(client, f"/desk/columbus/members/{no.id}/refuse")

    assert (yes.state, no.state) == (MembershipState.ACTIVE, MembershipState.REFUSED)
    assert sent_to("alliances/welcome") + sent_to("alliances/refused") == emails


def test_the_second_answer_changes_nothing(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    cora = coordinator_of(alliance)
    asking = MembershipFactory(alliance=alliance, state=MembershipState.ASKED)
    post(client, f"/desk/columbus/members/{asking.id}/approve", person=cora)

    response = post(client, f"/desk/columbus/members/{asking.id}/refuse")

    assert response.location == "/desk/columbus/members?done=member-settled"
    assert asking.state == MembershipState.ACTIVE
    assert sent_to("alliances/refused") == []


def test_an_alliance_by_invitation_refuses_and_keeps_nothing(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.INVITED)
    ana = PersonFactory()

    response = post(client, "/alliances/columbus/join", person=ana)

    assert response.location == "/alliances/columbus?done=alliance-by-invitation"
    assert "by invitation only" in client.get(response.location).text
    assert state_of(db, ana, alliance) is None


def test_whoever_is_invited_joins_an_alliance_by_invitation(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.INVITED)
    ana = PersonFactory()
    invite = InvitationFactory(alliance=alliance, address=ana.address)

    post(client, "/alliances/columbus/join", person=ana)

    assert state_of(db, ana, alliance) == MembershipState.ACTIVE
    assert invite.accepted_at is not None


@pytest.mark.parametrize("hidden", [LifeCycle.PROPOSED, LifeCycle.CLOSED])
def test_nobody_joins_what_is_not_public(client, db, hidden) -> None:
    AllianceFactory(slug="columbus", life_cycle=hidden)

    assert post(client, "/alliances/columbus/join", person=PersonFactory()).status_code == 404
    assert client.get("/alliances/columbus").status_code == 404


def test_fields_that_are_not_on_the_form_are_ignored(client, db) -> None:
    asked_of = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    other = AllianceFactory()
    ana = PersonFactory()

    post(
        client,
        "/alliances/columbus/join",
        {"state": "active", "role": "coordinator", "alliance_id": other.id, "status": "active"},
        person=ana,
    )

    assert state_of(db, ana, asked_of) == MembershipState.ASKED
    assert state_of(db, ana, other) is None
    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 0


def test_leaving_asks_first_and_ends_a_term_too(client, db) -> None:
    alliance = AllianceFactory(slug="columbus")
    cora = coordinator_of(alliance)
    sign_in(client, cora)

    assert "You coordinate this alliance" in client.get("/alliances/columbus/leave").text
    assert client.get("/desk/columbus/").status_code == 200
    post(client, "/alliances/columbus/leave")

    assert state_of(db, cora, alliance) == MembershipState.LEFT
    assert client.get("/desk/columbus/").status_code == 404


def test_a_wish_can_be_taken_back(client, db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    ana = PersonFactory()
    post(client, "/alliances/columbus/join", person=ana)

    assert "Take back your wish" in client.get("/alliances/columbus/leave").text
    post(client, "/alliances/columbus/leave")

    assert state_of(db, ana, alliance) == MembershipState.LEFT


def test_one_can_come_back_but_not_after_being_removed(client, db) -> None:
    alliance = AllianceFactory(slug="columbus")
    cora, ana, ben = coordinator_of(alliance), member_of(alliance), member_of(alliance)
    bens_email = ben.address.email
    bens = db.scalars(select(Membership).where(Membership.person_id == ben.id)).one()
    post(client, f"/desk/columbus/members/{bens.id}/remove", person=cora)
    post(client, "/alliances/columbus/leave", person=ana)

    post(client, "/alliances/columbus/join", person=ana)
    post(client, "/alliances/columbus/join", person=ben)

    assert state_of(db, ana, alliance) == MembershipState.ACTIVE
    assert state_of(db, ben, alliance) == MembershipState.ASKED
    assert sent_to("alliances/removed") == [bens_email]


def test_taking_back_a_wish_does_not_undo_a_removal(client, db) -> None:
    alliance, ben = AllianceFactory(slug="columbus"), PersonFactory()
    MembershipFactory(alliance=alliance, person=ben, state=MembershipState.REFUSED)
    for step in ("join", "leave", "join"):
        post(client, f"/alliances/columbus/{step}", person=ben)

    assert state_of(db, ben, alliance) == MembershipState.ASKED


def test_the_eleventh_change_of_mind_in_a_day_is_too_many(client, db) -> None:
    AllianceFactory(slug="columbus")
    sign_in(client, PersonFactory())
    answers = []
    for _ in range(11):
        answers.append(post(client, "/alliances/columbus/join").status_code)
        post(client, "/alliances/columbus/leave")

    assert answers == [303] * 10 + [429]


def test_a_wish_waits_for_the_confirmation(db) -> None:
    alliance = AllianceFactory(slug="columbus")
    ana = PersonFactory(unconfirmed=True)

    signals.join_asked.send(ana, alliance_slug="columbus")
    assert state_of(db, ana, alliance) == MembershipState.PENDING
    signals.person_confirmed.send(ana, about="alliance:columbus")

    assert state_of(db, ana, alliance) == MembershipState.ACTIVE
    assert sent_to("alliances/welcome") == [ana.address.email]


def test_a_confirmed_wish_for_a_moderated_alliance_asks(db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    cora = coordinator_of(alliance)
    ana = PersonFactory(unconfirmed=True)

    signals.join_asked.send(ana, alliance_slug="columbus")
    signals.person_confirmed.send(ana, about="alliance:columbus")

    assert state_of(db, ana, alliance) == MembershipState.ASKED
    assert sent_to("alliances/asked") == [cora.address.email]
    assert sent_to("alliances/welcome") == []


def test_a_confirmed_wish_needs_an_invitation_where_that_is_the_way(db) -> None:
    alliance = AllianceFactory(slug="columbus", joining=Joining.INVITED)
    ana, ben = PersonFactory(unconfirmed=True), PersonFactory(unconfirmed=True)
    InvitationFactory(alliance=alliance, address=ben.address)

    for person in (ana, ben):
        signals.join_asked.send(person, alliance_slug="columbus")
        signals.person_confirmed.send(person, about="alliance:columbus")

    assert state_of(db, ana, alliance) is None
    assert state_of(db, ben, alliance) == MembershipState.ACTIVE


@pytest.mark.parametrize("slug", ["nowhere", "closed", "proposed", "' OR 1=1", "x" * 80])
def test_a_wish_for_nothing_is_no_wish(db, slug) -> None:
    AllianceFactory(slug="closed", life_cycle=LifeCycle.CLOSED)
    AllianceFactory(slug="proposed", life_cycle=LifeCycle.PROPOSED)
    ana = PersonFactory(unconfirmed=True)

    signals.join_asked.send(ana, alliance_slug=slug)
    signals.person_confirmed.send(ana, about=f"alliance:{slug}")

    assert db.scalar(select(func.count()).select_from(Membership)) == 0


def test_a_wish_changes_nothing_that_is_settled(db) -> None:
    alliance = AllianceFactory(slug="columbus")
    ana = member_of(alliance)

    signals.join_asked.send(ana, alliance_slug="columbus")

    assert state_of(db, ana, alliance) == MembershipState.ACTIVE


def test_a_new_name_does_not_undo_a_removal(db) -> None:
    """Somebody removed joins again under the same address and says: that is me."""
    alliance = AllianceFactory(slug="columbus")
    removed = PersonFactory()
    MembershipFactory(alliance=alliance, person=removed, state=MembershipState.REFUSED)
    again = PersonFactory(unconfirmed=True, address=removed.address)

    signals.join_asked.send(again, alliance_slug="columbus")
    signals.person_merged.send(again.id, into_id=removed.id)
    signals.person_confirmed.send(removed, about="alliance:columbus")

    assert state_of(db, removed, alliance) == MembershipState.ASKED


@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        ("pending", "active", "active"),
        ("active", "pending", "active"),
        ("asked", "left", "asked"),
        ("left", "refused", "refused"),
        ("refused", "left", "refused"),
    ],
)
def test_merging_keeps_the_membership_that_counts(db, mine, theirs, kept) -> None:
    alliance, old, new = AllianceFactory(), PersonFactory(), PersonFactory()
    MembershipFactory(alliance=alliance, person=old, state=MembershipState(theirs))
    MembershipFactory(alliance=alliance, person=new, state=MembershipState(mine))

    signals.person_merged.send(new.id, into_id=old.id)
    db.flush()

    assert state_of(db, old, alliance) == MembershipState(kept)
    assert state_of(db, new, alliance) is None


def test_merging_moves_terms_memberships_and_proposals(db) -> None:
    founded = AllianceFactory()
    old, new = PersonFactory(), coordinator_of(founded)
    proposed = AllianceFactory(proposed_by_id=new.id)

    signals.person_merged.send(new.id, into_id=old.id)
    db.flush()
    db.expire_all()

    assert state_of(db, old, founded) == MembershipState.ACTIVE
    assert db.scalar(select(CoordinatorTerm.person_id)) == old.id
    assert proposed.proposed_by_id == old.id


def test_erasing_a_person_ends_what_they_were_here(db) -> None:
    alliance = AllianceFactory()
    cora = coordinator_of(alliance)
    proposed = AllianceFactory(proposed_by_id=cora.id, why="My own words")
    invite = InvitationFactory(alliance=alliance, invited_by_id=cora.id, note="Come, it is Cora")
    InvitationFactory(alliance=proposed, address=cora.address)

    signals.person_erased.send(cora)
    db.flush()
    db.expire_all()

    assert state_of(db, cora, alliance) is None
    assert db.scalar(select(CoordinatorTerm.until)) < clock.today()
    assert (proposed.why, invite.note) == ("", "")
    assert db.scalar(select(func.count()).select_from(Invitation)) == 1


def test_a_person_without_address_joins_without_a_mail(db) -> None:
    alliance = AllianceFactory()
    ana = PersonFactory(without_email=True)

    assert actions.join(ana, alliance, welcome=True) == MembershipState.ACTIVE
    assert posted() == []
