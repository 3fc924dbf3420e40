"""Proposing an alliance, and what staff answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.foundation import clock
from tests.alliances.mailbox import posted, sent_to
from tests.factories import AllianceFactory, PersonFactory, seed_places, staff_member
from tests.signing_in import post, sign_in

PROPOSAL = {
    "name": "Bozeman Alliance",
    "zip": "59718",
    "why": "Three of us have met since May.",
    "backed_by": "Gallatin Bar Association",
}


@pytest.fixture(autouse=True)
def _places(db) -> None:
    seed_places(db)


def proposals(db) -> int:
    return db.scalar(select(func.count()).where(Alliance.life_cycle == LifeCycle.PROPOSED))


def test_a_visitor_is_asked_to_sign_in_first(client, db) -> None:
    assert client.get("/alliances/propose").location == "/login?next=/alliances/propose"
    assert client.post("/alliances/propose", data=PROPOSAL).status_code == 401
    assert proposals(db) == 0


def test_a_proposal_waits_and_staff_are_told(client, db) -> None:
    sam, ana = staff_member().address.email, PersonFactory(name="Ana")

    response = post(client, "/alliances/propose", PROPOSAL, person=ana)

    assert response.location == "/me?done=alliance-proposed"
    alliance = db.scalars(select(Alliance)).one()
    assert (alliance.slug, alliance.city, alliance.time_zone) == (
        "bozeman-alliance",
        "Bozeman",
        "America/Denver",
    )
    assert (alliance.life_cycle, alliance.proposed_by_id) == (LifeCycle.PROPOSED, ana.id)
    assert sent_to("alliances/proposed") == [sam]
    assert "Three of us have met since May." in posted()[0].text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("name", "x" * 81, "Please use at most 80 characters."),
        ("name", "columbus ALLIANCE", "Another alliance has this name."),
        ("zip", "abc", "A ZIP code has five digits"),
        ("zip", "00000", "We do not know this ZIP code."),
        ("why", "y" * 1_000_000, "Please use at most 3,000 characters."),
        ("backed_by", "", "Please fill this in."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client, db, field, value, sentence
) -> None:
    AllianceFactory(name="Columbus Alliance")

    answers = PROPOSAL | {field: value}
    response = post(client, "/alliances/propose", answers, person=PersonFactory())

    assert response.status_code == 422
    assert sentence in response.text
    assert (value or "Three of us have met since May.") in response.text
    assert proposals(db) == 0


def test_names_that_look_alike_get_addresses_of_their_own(client, db) -> None:
    AllianceFactory(slug="propose-2", name="Taken")
    ana = PersonFactory()

    post(client, "/alliances/propose", PROPOSAL | {"name": "Propose!"}, person=ana)
    post(client, "/alliances/propose", PROPOSAL | {"name": "¡¡¡"}, person=ana)

    assert db.scalars(select(Alliance.slug).order_by(Alliance.id)).all() == [
        "propose-2",
        "propose-3",
        "alliance",
    ]


def test_three_proposals_a_day_are_enough(client, db) -> None:
    sign_in(client, PersonFactory())
    for number in range(3):
        post(client, "/alliances/propose", PROPOSAL | {"name": f"Number {number}"})

    response = post(client, "/alliances/propose", PROPOSAL)

    assert response.status_code == 422
    assert "come back tomorrow" in response.text
    assert proposals(db) == 3


def test_extras_do_not_found_an_alliance(client, db) -> None:
    extras = {"life_cycle": "active", "joining": "invited", "slug": "mine", "state": "XX"}

    post(client, "/alliances/propose", PROPOSAL | extras, person=PersonFactory())

    alliance = db.scalars(select(Alliance)).one()
    assert (alliance.life_cycle, alliance.slug) == (LifeCycle.PROPOSED, "bozeman-alliance")
    assert alliance.state == "MT"


def propose(client, db, founder) -> Alliance:
    post(client, "/alliances/propose", PROPOSAL, person=founder)
    return db.scalars(select(Alliance)).one()


def test_yes_founds_it_and_makes_the_founder_coordinator_for_a_year(client, db) -> None:
    founder = PersonFactory()
    email = founder.address.email
    alliance = propose(client, db, founder)

    post(client, f"/staff/approvals/{alliance.id}/approve", person=staff_member())

    assert alliance.life_cycle == LifeCycle.FORMING
    term = db.scalars(select(CoordinatorTerm)).one()
    assert (term.person_id, term.since) == (founder.id, clock.today())
    assert term.until == clock.today() + timedelta(days=365)
    membership = db.scalars(select(Membership)).one()
    assert (membership.state, membership.how) == (MembershipState.ACTIVE, "founder")
    assert sent_to("alliances/approved") == [email]
    assert db.scalar(select(AuditEntry.action).order_by(AuditEntry.id)) == "proposal approved"
    sign_in(client, founder)
    assert client.get("/desk/bozeman-alliance/").status_code == 200
    assert client.get("/alliances/bozeman-alliance").status_code == 200


def test_no_says_why_and_leaves_nothing(client, db) -> None:
    founder, sam = PersonFactory(), staff_member()
    email = founder.address.email
    alliance = propose(client, db, founder)
    url = f"/staff/approvals/{alliance.id}/decline"
    sign_in(client, sam)
    assert client.get(url).status_code == 200

    without = post(client, url, {"reason": " "})
    post(client, url, {"reason": "Please join **Butte** first."})

    assert without.status_code == 422
    assert db.scalar(select(func.count()).select_from(Alliance)) == 0
    assert sent_to("alliances/declined") == [email]
    assert "Please join Butte first." in posted("alliances/declined")[0].text
    assert "<strong>Butte</strong>" in posted("alliances/declined")[0].html


def test_the_second_answer_says_that_it_is_settled(client, db) -> None:
    alliance = propose(client, db, PersonFactory())
    sign_in(client, staff_member())
    post(client, f"/staff/approvals/{alliance.id}/approve")

    for act in ("approve", "decline"):
        response = post(client, f"/staff/approvals/{alliance.id}/{act}", {"reason": "No."})
        assert response.location == "/staff/approvals?done=proposal-settled"

    assert alliance.life_cycle == LifeCycle.FORMING
    assert db.scalar(select(func.count()).select_from(CoordinatorTerm)) == 1


def test_staff_read_the_proposal_as_text(client, db) -> None:
    evil = "<script>alert(1)</script> {{7*7}}"
    answers = PROPOSAL | {"name": f"N {evil}", "why": evil, "backed_by": evil}
    post(client, "/alliances/propose", answers, person=PersonFactory(name=evil))
    sam = staff_member()

    sign_in(client, sam)
    html = client.get("/staff/approvals").text

    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}") >= 4


def test_an_empty_list_says_that_nothing_waits(client, db) -> None:
    sign_in(client, staff_member())

    assert "Nothing waits for you" in client.get("/staff/approvals").text
