"""The page of an alliance: what everybody sees, what nobody sees, and how one takes part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.alliances.models import Joining, LifeCycle, MembershipState
from app.events.models import EventState
from app.foundation import clock
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    coordinator_of,
    member_of,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


@pytest.fixture
def columbus(db):
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


def page(client) -> str:
    response = client.get("/alliances/columbus")
    assert response.status_code == 200
    return response.text


def test_it_says_who_where_and_what_comes_next(client, columbus) -> None:
    columbus.description = "We **meet** on Tuesdays."
    EventFactory(alliance=columbus, title="Planning evening")
    EventFactory(alliance=columbus, title="Hidden", state=EventState.DRAFT)
    EventFactory(title="Elsewhere")

    html = page(client)

    assert "<h1>Columbus Alliance</h1>" in html
    assert "Columbus, OH" in html
    assert "This alliance meets, holds events" in html
    assert "We <strong>meet</strong> on Tuesdays." in html
    assert "Planning evening" in html
    assert "Hidden" not in html
    assert "Elsewhere" not in html


@pytest.mark.parametrize(
    ("members", "said"),
    [(0, "No members yet"), (1, "A few members"), (4, "A few members"), (5, "5 members")],
)
def test_small_numbers_are_not_told(client, columbus, members, said) -> None:
    for _ in range(members):
        MembershipFactory(alliance=columbus)
    MembershipFactory(alliance=columbus, person__discreet=True)
    MembershipFactory(alliance=columbus, state=MembershipState.ASKED)

    assert said in page(client)


def test_coordinators_are_counted_but_not_named(client, columbus) -> None:
    cora = coordinator_of(columbus, name="Cora Unseen")
    CoordinatorTermFactory(
        alliance=columbus,
        since=clock.today() - timedelta(days=90),
        until=clock.today() - timedelta(days=1),
    )
    email = cora.address.email

    html = page(client)

    assert "1 coordinator" in html
    assert "Cora Unseen" not in html
    assert email not in html


@pytest.mark.parametrize(
    ("joining", "visitor", "signed_in"),
    [
        (Joining.OPEN, "Join Columbus Alliance</a>", "Join Columbus Alliance</button>"),
        (Joining.MODERATED, "Ask to join</a>", "Ask to join</button>"),
        (Joining.INVITED, "by invitation only", "by invitation only"),
    ],
)
def test_each_way_of_joining_has_its_words(client, columbus, joining, visitor, signed_in) -> None:
    columbus.joining = joining

    assert visitor in page(client)
    sign_in(client, PersonFactory())
    assert signed_in in page(client)


def test_members_see_that_they_belong_and_can_leave(client, columbus) -> None:
    sign_in(client, member_of(columbus))

    html = page(client)

    assert "You are a member" in html
    assert 'href="/alliances/columbus/leave"' in html
    assert "Open its desk" not in html


def test_coordinators_find_their_desk(client, columbus) -> None:
    sign_in(client, coordinator_of(columbus))

    assert 'href="/desk/columbus/"' in page(client)


def test_a_resting_alliance_says_so(client, columbus) -> None:
    columbus.life_cycle = LifeCycle.DORMANT

    html = page(client)

    assert "This alliance is resting" in html
    assert "Nobody leads it right now" in html


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_four_statements_whatever_the_number(client, columbus, rows, who) -> None:
    for _ in range(rows):
        MembershipFactory(alliance=columbus)
        EventFactory(alliance=columbus)
    if who == "member":
        sign_in(client, member_of(columbus))
    page(client)

    with count_statements() as statements:
        response = client.get("/alliances/columbus")

    assert len(statements) <= 4
    assert len(response.text.encode()) <= 12_000
    assert "Set-Cookie" not in response.headers


def test_what_people_typed_is_text(client, columbus) -> None:
    evil = "<script>alert(1)</script> {{7*7}} [x](javascript:alert(1))"
    columbus.name = columbus.description = columbus.city = evil
    EventFactory(alliance=columbus, title=evil, venue=evil)

    html = page(client)

    assert "<script>alert" not in html
    assert "{{7*7}}" in html
    assert 'href="javascript' not in html


def test_the_page_exists_in_spanish(client, columbus) -> None:
    response = client.get("/es/alliances/columbus")

    assert response.status_code == 200
    assert '<html lang="es">' in response.text
    assert "/es/join?alliance=columbus" in response.text
