"""Dated roles: staff name coordinators and end terms, and each takes effect at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.alliances.models import CoordinatorTerm, MembershipState
from app.foundation import clock
from tests.alliances.mailbox import sent_to
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    MembershipFactory,
    PersonFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in


@pytest.fixture
def columbus(client, db):
    """An alliance; staff are signed in."""
    sign_in(client, staff_member())
    return AllianceFactory(slug="columbus")


def days(since: int, until: int) -> dict[str, str]:
    today = clock.today()
    return {
        "since": (today + timedelta(days=since)).isoformat(),
        "until": (today + timedelta(days=until)).isoformat(),
    }


def test_a_member_becomes_coordinator_and_is_told(client, columbus, db) -> None:
    row = MembershipFactory(alliance=columbus)
    person, email = row.person, row.person.address.email

    response = post(client, f"/desk/columbus/members/{row.id}/term", days(0, 300))

    assert response.location == "/desk/columbus/coordinators?done=term-begun"
    assert sent_to("alliances/named") == [email]
    assert db.scalar(select(AuditEntry.action)) == "coordinator named"
    sign_in(client, person)
    assert client.get("/desk/columbus/members").status_code == 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"since": "", "until": ""}, "Please fill this in."),
        (days(5, 4), "This day must be after the first one"),
        (days(-20, -10), "This day must be after the first one"),
        ({"since": "2027-02-30", "until": "2027-03-01"}, "Please type a day that exists"),
    ],
)
def test_a_term_needs_two_days_in_order(client, columbus, db, data, sentence) -> None:
    row = MembershipFactory(alliance=columbus)

    response = post(client, f"/desk/columbus/members/{row.id}/term", data)

    assert response.status_code == 422
    assert sentence in response.text
    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 0


@pytest.mark.parametrize("state", ["asked", "left", "refused"])
def test_only_members_coordinate(client, columbus, db, state) -> None:
    row = MembershipFactory(alliance=columbus, state=MembershipState(state))

    response = post(client, f"/desk/columbus/members/{row.id}/term", days(0, 300))

    assert response.status_code == 422
    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 0


def test_staff_say_again_who_they_are_before_changing_roles(client, columbus, db) -> None:
    sign_in(client, staff_member(), fresh=False)
    row = MembershipFactory(alliance=columbus)
    term = CoordinatorTermFactory(alliance=columbus)

    begin = post(client, f"/desk/columbus/members/{row.id}/term", days(0, 300))
    end = post(client, f"/desk/columbus/coordinators/{term.person_id}/terms/{term.id}/end")

    assert begin.location.startswith("/reauthenticate?")
    assert end.location.startswith("/reauthenticate?")
    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 1
    assert term.until > clock.today()


def test_ending_a_term_closes_the_desk_at_once(client, columbus, db) -> None:
    cora = coordinator_of(columbus)
    term = db.scalars(select(CoordinatorTerm)).one()
    assert (
        "Nobody else coordinates"
        in client.get(f"/desk/columbus/coordinators/{term.person_id}/terms/{term.id}/end").text
    )

    post(client, f"/desk/columbus/coordinators/{term.person_id}/terms/{term.id}/end")

    assert term.until == clock.today() - timedelta(days=1)
    sign_in(client, cora)
    assert client.get("/desk/columbus/members").status_code == 403


def test_a_term_of_today_leaves_no_trace_but_the_audit(client, columbus, db) -> None:
    cora = PersonFactory()
    term = CoordinatorTermFactory(alliance=columbus, person=cora, since=clock.today())

    post(client, f"/desk/columbus/coordinators/{term.person_id}/terms/{term.id}/end")

    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 0
    assert db.scalar(select(AuditEntry.detail)) == {"alliance": columbus.id, "person": cora.id}


def test_a_page_that_stayed_open_ends_nobody_elses_term(client, columbus, db) -> None:
    left, named = PersonFactory(), PersonFactory()
    told = [each.address.email for each in (left, named)]
    rows = [MembershipFactory(alliance=columbus, person=each).id for each in (left, named)]
    pages = []
    for row in rows:
        post(client, f"/desk/columbus/members/{row}/term", days(0, 300))
        number = db.scalars(select(CoordinatorTerm.id)).one()  # on SQLite it is the same again
        pages.append(f"/desk/columbus/coordinators/{left.id}/terms/{number}/end")
        if row == rows[0]:
            post(client, pages[0])

    for page in pages:
        assert client.get(page).status_code == post(client, page).status_code == 404

    assert db.scalars(select(CoordinatorTerm.person_id)).one() == named.id
    assert sent_to("alliances/named") == told


def test_coordinators_see_all_terms_but_change_none(client, columbus, db) -> None:
    cora = coordinator_of(columbus, name="Cora")
    CoordinatorTermFactory(
        alliance=columbus,
        person=PersonFactory(name="Before"),
        since=clock.today() - timedelta(days=800),
        until=clock.today() - timedelta(days=400),
    )
    staffs = client.get("/desk/columbus/coordinators").text
    sign_in(client, cora)

    html = client.get("/desk/columbus/coordinators").text

    assert "End this term" in staffs
    assert "End this term" not in html
    assert html.index("Cora") < html.index("Before")
    assert "Over" in html
