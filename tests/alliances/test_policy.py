"""Who may do what: each person against each page and each act, also by number and after the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.alliances.models import Joining, MembershipState
from app.foundation import clock
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    administrator,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import csrf_token, post, sign_in

WHO = ("visitor", "stranger", "member", "coordinator", "other", "former", "later", "staff", "admin")


@pytest.fixture
def world(db):
    """One alliance with a member to look at, and one of each kind of person."""
    columbus = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    elsewhere = AllianceFactory(slug="elsewhere")
    former, later = PersonFactory(), PersonFactory()
    today = clock.today()
    CoordinatorTermFactory(
        alliance=columbus,
        person=former,
        since=today - timedelta(days=400),
        until=today - timedelta(days=1),
    )
    CoordinatorTermFactory(alliance=columbus, person=later, since=today + timedelta(days=1))
    people = {
        "visitor": None,
        "stranger": PersonFactory(),
        "member": member_of(columbus),
        "coordinator": coordinator_of(columbus),
        "other": coordinator_of(elsewhere),
        "former": former,
        "later": later,
        "staff": staff_member(),
        "admin": administrator(),
    }
    row = MembershipFactory(alliance=columbus, state=MembershipState.ASKED)
    term = CoordinatorTermFactory(alliance=columbus)
    return people, row, term


def statuses(client, people, path: str, method: str = "get") -> dict[str, int]:
    found = {}
    for who in WHO:
        client.delete_cookie("session")
        if people[who] is not None:
            sign_in(client, people[who])
        send = getattr(client, method)
        data = {"csrf_token": csrf_token(client)} if method == "post" else None
        found[who] = send(path, data=data).status_code
    return found


def expected(visitor, stranger, member, coordinator, staff) -> dict[str, int]:
    """What each gets; other coordinators, former and later ones and admins are strangers."""
    return {
        "visitor": visitor,
        "stranger": stranger,
        "member": member,
        "coordinator": coordinator,
        "other": stranger,
        "former": stranger,
        "later": stranger,
        "staff": staff,
        "admin": stranger,
    }


@pytest.mark.parametrize("path", ["/alliances/", "/alliances/columbus", "/find"])
def test_public_pages_are_for_everybody(client, world, path) -> None:
    people, _row, _term = world

    assert statuses(client, people, path) == expected(200, 200, 200, 200, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/columbus/",
        "/desk/columbus/members",
        "/desk/columbus/members/{row}",
        "/desk/columbus/members/{row}/remove",
        "/desk/columbus/members/add",
        "/desk/columbus/members/export",
        "/desk/columbus/invitations",
        "/desk/columbus/coordinators",
    ],
)
def test_a_desk_is_for_its_coordinators_and_staff(client, world, path) -> None:
    people, row, _term = world

    found = statuses(client, people, path.format(row=row.id))

    assert found == expected(303, 404, 403, 200, 200)


@pytest.mark.parametrize("path", ["details", "approve", "refuse", "remove"])
def test_acts_on_a_member_are_for_coordinators_and_staff(client, world, path) -> None:
    people, row, _term = world
    good = 200 if path == "details" else 303

    found = statuses(client, people, f"/desk/columbus/members/{row.id}/{path}", "post")

    assert found == expected(401, 404, 403, good, good)


def test_exporting_is_for_coordinators_and_staff(client, world) -> None:
    people, _row, _term = world

    found = statuses(client, people, "/desk/columbus/members/export", "post")

    assert found == expected(401, 404, 403, 200, 200)


def test_terms_are_staffs_alone(client, world) -> None:
    people, row, term = world

    begin = statuses(client, people, f"/desk/columbus/members/{row.id}/term", "post")
    end = statuses(
        client, people, f"/desk/columbus/coordinators/{term.person_id}/terms/{term.id}/end", "post"
    )

    assert begin == expected(401, 403, 403, 403, 422)
    assert end == expected(401, 403, 403, 403, 303)


@pytest.mark.parametrize("method", ["get", "post"])
def test_proposals_are_decided_by_staff_alone(client, world, method) -> None:
    people, _row, _term = world
    path = "/staff/approvals" if method == "get" else "/staff/approvals/1/approve"
    staff = 200 if method == "get" else 303
    visitor = 303 if method == "get" else 401

    assert statuses(client, people, path, method) == expected(visitor, 403, 403, 403, staff)


def test_proposing_and_leaving_need_a_sign_in(client, world) -> None:
    people, _row, _term = world

    assert statuses(client, people, "/alliances/propose") == expected(303, 200, 200, 200, 200)
    leave = statuses(client, people, "/alliances/columbus/leave")
    assert leave == expected(303, 404, 200, 200, 404)


@pytest.mark.parametrize("number", [0, 999, 10**15])
def test_what_does_not_exist_is_not_found(client, world, number) -> None:
    people, _row, _term = world
    sign_in(client, people["staff"])

    assert client.get(f"/desk/columbus/members/{number}").status_code == 404
    assert client.get("/desk/nowhere/").status_code == 404
    assert client.get(f"/desk/columbus/coordinators/{number}/terms/{number}/end").status_code == 404
    assert client.get("/invitations/guess").status_code == 404


@pytest.mark.parametrize("act", ["details", "approve", "refuse", "remove", "term"])
def test_another_alliances_member_is_not_reached_through_ones_own(client, world, db, act) -> None:
    people, row, _term = world
    for who, slug in (("other", "elsewhere"), ("staff", "elsewhere")):
        response = post(client, f"/desk/{slug}/members/{row.id}/{act}", person=people[who])
        assert response.status_code == (403 if (who, act) == ("other", "term") else 404)

    assert row.state == MembershipState.ASKED


def test_another_alliances_term_is_not_reached_through_ones_own(client, world) -> None:
    people, _row, term = world
    before = term.until

    response = post(
        client,
        f"/desk/elsewhere/coordinators/{term.person_id}/terms/{term.id}/end",
        person=people["staff"],
    )

    assert response.status_code == 404
    assert term.until == before


def test_a_proposed_alliance_has_no_desk(client, world, db) -> None:
    people, _row, _term = world
    AllianceFactory(slug="wished", life_cycle="proposed", proposed_by_id=people["stranger"].id)

    for who in ("stranger", "staff"):
        sign_in(client, people[who])
        assert client.get("/desk/wished/").status_code == 404


def test_an_invitation_is_only_for_its_address(client, world, db) -> None:
    people, _row, _term = world
    InvitationFactory(secret="s3cret", address=people["stranger"].address)

    assert statuses(client, people, "/invitations/s3cret", "post") == {
        **dict.fromkeys(WHO, 422),
        "visitor": 401,
        "stranger": 303,
    }
