"""The desk: one card says the next thing to do, the rest is there at a glance."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.alliances.models import MembershipState
from app.events.co_host_models import CoHostState
from app.events.models import EventState, SignUpState
from app.foundation import clock
from tests.events.hosting import CoHostFactory
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    InvitationFactory,
    MembershipFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


@pytest.fixture
def columbus(client, db):
    """An alliance whose coordinator is signed in."""
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    sign_in(client, coordinator_of(alliance))
    return alliance


def desk(client) -> str:
    response = client.get("/desk/columbus/")
    assert response.status_code == 200
    assert response.text.count('class="card now"') == 1
    return response.text


def test_an_empty_desk_says_what_to_do_first(client, columbus) -> None:
    html = desk(client)

    assert "Nothing is announced" in html
    assert 'href="/desk/columbus/events/new"' in html


def test_the_next_event_is_the_card_when_nothing_waits(client, columbus) -> None:
    event = EventFactory(alliance=columbus, title="Planning evening")
    EventFactory(alliance=columbus, state=EventState.DRAFT)
    for state in (SignUpState.CONFIRMED, SignUpState.CONFIRMED, SignUpState.WAITING):
        SignUpFactory(event=event, state=state)

    html = desk(client)

    assert "Next: Planning evening" in html
    assert "2 people are coming" in html
    assert "1 on the waiting list" in html


def test_what_another_alliance_organizes_with_us_leads_to_its_page(client, columbus) -> None:
    theirs = EventFactory(slug="reading", title="Reading together")
    CoHostFactory(event=theirs, alliance=columbus, state=CoHostState.ACCEPTED)

    html = desk(client)

    assert "Next: Reading together" in html
    assert html.count('href="/events/reading"') == 2
    assert f"/desk/columbus/events/{theirs.id}" not in html


def test_who_asks_to_join_comes_first(client, columbus) -> None:
    EventFactory(alliance=columbus)
    row = MembershipFactory(alliance=columbus, person__name="Ana", state=MembershipState.ASKED)
    MembershipFactory(alliance=columbus, state=MembershipState.PENDING)

    html = desk(client)

    assert "1 person asks to join" in html
    assert f'action="/desk/columbus/members/{row.id}/approve"' in html


def test_the_end_of_a_term_is_called_to_mind(client, db) -> None:
    alliance = AllianceFactory(slug="columbus")
    ending = member_of(alliance)
    CoordinatorTermFactory(
        alliance=alliance, person=ending, until=clock.today() + timedelta(days=30)
    )
    sign_in(client, ending)

    html = desk(client)

    assert "Your term ends on" in html
    assert "propose a successor" in html


def test_figures_count_what_is_open(client, columbus) -> None:
    InvitationFactory(alliance=columbus)
    InvitationFactory(alliance=columbus, expires_at=clock.now() - timedelta(days=1))
    InvitationFactory(alliance=columbus, accepted_at=clock.now())
    InvitationFactory()
    EventFactory(alliance=columbus, state=EventState.DRAFT)

    html = desk(client).replace("\n", "")

    assert '<dt>Members</dt><dd><a href="/desk/columbus/members">1</a>' in html
    assert '<dt>Invitations open</dt><dd><a href="/desk/columbus/invitations">1</a>' in html
    assert '<dt>Drafts</dt><dd><a href="/desk/columbus/events">1</a>' in html


def test_staff_see_it_too(client, columbus) -> None:
    sign_in(client, staff_member())

    assert "Columbus Alliance, this week" in desk(client)


@pytest.mark.parametrize("rows", [1, 50])
def test_the_desk_takes_the_same_statements_with_fifty(client, columbus, rows) -> None:
    for _ in range(rows):
        SignUpFactory(event=EventFactory(alliance=columbus))
        MembershipFactory(alliance=columbus, state=MembershipState.ASKED)
    desk(client)

    with count_statements() as statements:
        desk(client)

    assert len(statements) == 13


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("", ["page", "This week"]),
        ("events", ["page", "Events"]),
        ("events/new", ["true", "Events"]),
        ("to-dos?state=open", ["page", "To-dos"]),
        ("members/add", ["true", "Members"]),
        ("calls", []),
    ],
)
def test_the_second_row_says_in_which_part_of_the_desk_one_is(
    client, columbus, path, current
) -> None:
    row = client.get(f"/desk/columbus/{path}").text.split('class="subnav')[1].split("</nav>")[0]
    assert re.findall(r'aria-current="(\w+)">([^<]+)', row) == ([tuple(current)] if current else [])
