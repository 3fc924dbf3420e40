"""The list of members: what a coordinator sees, what is noted, and what leaves the house."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.alliances.models import Membership, MembershipState
from app.foundation import clock
from app.people.models import Consent, Disclosure, Person, Purpose, Standing
from tests.alliances.mailbox import posted, sent_to
from tests.factories import (
    AllianceFactory,
    MembershipFactory,
    PersonFactory,
    coordinator_of,
    member_of,
    seed_places,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def columbus(client, db):
    """An alliance whose coordinator, Cora, is signed in."""
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    sign_in(client, coordinator_of(alliance, name="Cora"))
    return alliance


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]+">([^<]+)</a>', html)


def test_who_asks_stands_first_and_those_who_left_do_not(client, columbus) -> None:
    MembershipFactory(alliance=columbus, person__name="Ana")
    MembershipFactory(alliance=columbus, person__name="Asking", state=MembershipState.ASKED)
    MembershipFactory(alliance=columbus, person__name="Gone", state=MembershipState.LEFT)
    MembershipFactory(alliance=columbus, person__name="Nobody", state=MembershipState.PENDING)
    MembershipFactory(person__name="Elsewhere")

    assert names(client.get("/desk/columbus/members").text) == ["Asking", "Ana", "Cora"]
    assert names(client.get("/desk/columbus/members?state=left").text) == ["Gone"]
    assert "Nobody" not in client.get("/desk/columbus/members?state=pending").text


def test_the_list_is_searched_and_sorted(client, columbus) -> None:
    MembershipFactory(alliance=columbus, person__name="Zoë Li", person__zip="90012")
    MembershipFactory(alliance=columbus, person__name="Ana_100%")

    assert names(client.get("/desk/columbus/members?q=los").text) == ["Zoë Li"]
    assert names(client.get("/desk/columbus/members?q=_1").text) == ["Ana_100%"]
    by_name = client.get("/desk/columbus/members?sort=name").text
    assert names(by_name) == ["Ana_100%", "Cora", "Zoë Li"]


def test_neither_list_nor_page_shows_contact_details(client, columbus) -> None:
    row = MembershipFactory(alliance=columbus, person__phone="+16145550177")
    email = row.person.address.email

    shown = client.get("/desk/columbus/members").text
    shown += client.get(f"/desk/columbus/members/{row.id}").text

    assert email not in shown
    assert "6145550177" not in shown


def test_details_are_shown_on_click_and_noted_for_their_owner(client, columbus, db) -> None:
    row = MembershipFactory(alliance=columbus, person__phone="+16145550177")
    email = row.person.address.email

    html = post(client, f"/desk/columbus/members/{row.id}/details").text

    assert email in html
    assert "+16145550177" in html
    noted = db.scalars(select(Disclosure)).one()
    assert (noted.person_id, noted.role) == (row.person_id, "coordinator")
    assert noted.what == "contact details, Columbus Alliance"
    sign_in(client, db.get(Person, row.person_id))
    assert "contact details, Columbus Alliance" in client.get("/me").text


def test_staff_open_details_as_staff(client, columbus, db) -> None:
    row = MembershipFactory(alliance=columbus)

    post(client, f"/desk/columbus/members/{row.id}/details", person=staff_member())

    assert db.scalar(select(Disclosure.role)) == "staff"


def test_the_page_says_who_is_known_only_to_the_coordinator(client, columbus) -> None:
    row = MembershipFactory(alliance=columbus, person__discreet=True)

    assert "Known only to the coordinator" in client.get("/desk/columbus/members").text
    assert "do not name this person" in client.get(f"/desk/columbus/members/{row.id}").text


def test_erased_people_are_gone(client, columbus) -> None:
    row = MembershipFactory(alliance=columbus, person__standing=Standing.ERASED)

    assert names(client.get("/desk/columbus/members").text) == ["Cora"]
    assert client.get(f"/desk/columbus/members/{row.id}").status_code == 404


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_statements_with_fifty(client, columbus, number) -> None:
    for _ in range(number):
        MembershipFactory(alliance=columbus)
    client.get("/desk/columbus/members")

    with count_statements() as statements:
        client.get("/desk/columbus/members")

    assert len(statements) == 4  # session with roles, alliance, number, rows


def test_removing_names_what_happens_and_tells_the_member(client, columbus, db) -> None:
    row = MembershipFactory(alliance=columbus, person__name="Ben")
    email = row.person.address.email

    assert "Remove Ben?" in client.get(f"/desk/columbus/members/{row.id}/remove").text
    post(client, f"/desk/columbus/members/{row.id}/remove")

    assert row.state == MembershipState.REFUSED
    assert sent_to("alliances/removed") == [email]


def test_a_coordinator_is_not_removed_by_another(client, columbus, db) -> None:
    other = coordinator_of(columbus)
    row = db.scalars(select(Membership).where(Membership.person_id == other.id)).one()

    response = post(client, f"/desk/columbus/members/{row.id}/remove")

    assert "Coordinators cannot be removed" in client.get(response.location).text
    assert row.state == MembershipState.ACTIVE


VOICE = {
    "name": "Rosa",
    "phone": "(614) 555-0199",
    "place": "43215",
    "asked_on": "2026-11-01",
    "said_yes": "y",
    "discreet": "y",
}


def test_somebody_without_email_is_added_with_the_day_they_said_yes(client, columbus, db) -> None:
    seed_places(db)

    response = post(client, "/desk/columbus/members/add", VOICE)

    assert response.status_code == 303
    rosa = db.scalars(select(Person).where(Person.name == "Rosa")).one()
    assert (rosa.phone, rosa.city, rosa.address_id) == ("(614) 555-0199", "Columbus", None)
    assert (rosa.standing, rosa.discreet) == (Standing.ACTIVE, True)
    consent = db.scalars(select(Consent).where(Consent.person_id == rosa.id)).one()
    assert consent.channel == "asked by voice, 2026-11-01"
    assert consent.purpose == Purpose.ACCOUNT
    assert db.scalar(select(Membership.how).where(Membership.person_id == rosa.id)) == "voice"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("phone", "call me", "This does not look like a phone number."),
        ("phone", "123", "This does not look like a phone number."),
        ("place", "00000", "We do not know the ZIP code"),
        ("place", "4321", "A ZIP code has five digits"),
        ("asked_on", "2999-01-01", "That day is still to come."),
        ("asked_on", "", "Please fill this in."),
        ("asked_on", "2026-02-30", "date"),
        ("said_yes", "", "Please ask them first."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client, columbus, db, field, value, sentence
) -> None:
    seed_places(db)

    response = post(client, "/desk/columbus/members/add", {**VOICE, field: value})

    assert response.status_code == 422
    assert sentence in response.text
    kept = "Rosa" if field != "name" else "(614) 555-0199"
    assert f'value="{kept}"' in response.text
    assert db.scalar(select(func.count()).where(Person.name == "Rosa")) == 0


def test_posted_extras_do_not_reach_the_new_person(client, columbus, db) -> None:
    seed_places(db)
    other = AllianceFactory()

    extras = {"alliance_id": other.id, "state": "asked", "address_id": 1, "role": "staff"}
    post(client, "/desk/columbus/members/add", VOICE | extras)

    row = db.scalars(select(Membership).join(Membership.person).where(Person.name == "Rosa")).one()
    assert (row.alliance_id, row.state) == (columbus.id, MembershipState.ACTIVE)


def test_export_asks_first_who_is_asking(client, columbus, db) -> None:
    cora = db.scalars(select(Person).where(Person.name == "Cora")).one()
    sign_in(client, cora, fresh=False)

    page = client.get("/desk/columbus/members/export")
    sent = post(client, "/desk/columbus/members/export")

    assert page.status_code == sent.status_code == 303
    assert page.location == "/reauthenticate?next=/desk/columbus/members/export"
    assert sent.location.startswith("/reauthenticate?next=")
    assert db.scalar(select(func.count()).select_from(Disclosure)) == 0


def test_export_holds_members_and_neutral_cells_but_nobody_discreet(client, columbus, db) -> None:
    evil = MembershipFactory(alliance=columbus, person__name="=2+3")
    MembershipFactory(alliance=columbus, person__discreet=True, person__name="Hidden")
    MembershipFactory(alliance=columbus, state=MembershipState.ASKED, person__name="Asking")
    sam = staff_member().address.email
    email = evil.person.address.email

    response = post(client, "/desk/columbus/members/export")
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))

    assert [row["Name"] for row in rows] == ["'=2+3", "Cora"]
    assert rows[0]["E-mail address"] == email
    assert db.scalar(select(func.count()).select_from(Disclosure)) == 2
    audit = db.scalars(select(AuditEntry).where(AuditEntry.action == "members exported")).one()
    assert (audit.object_id, audit.detail) == (columbus.id, {"number": 2})
    assert sent_to("alliances/exported") == [sam]
    assert "Cora, a coordinator, took the details of 2 members" in posted()[0].text


def test_the_page_before_says_to_how_many(client, columbus) -> None:
    member_of(columbus)

    assert "Export 2 members" in client.get("/desk/columbus/members/export").text


def test_nobody_sees_the_desk_after_the_end_of_the_term(client, columbus, time_machine) -> None:
    assert client.get("/desk/columbus/members").status_code == 200

    time_machine.move_to(clock.now() + timedelta(days=20), tick=False)
    assert client.get("/desk/columbus/members").status_code == 200
    time_machine.move_to(clock.now() + timedelta(days=400), tick=False)

    assert client.get("/desk/columbus/members").status_code != 200


def test_script_in_names_is_text(client, columbus) -> None:
    row = MembershipFactory(
        alliance=columbus,
        person=PersonFactory(name="<script>alert(1)</script>", city="<b>x</b>", phone="<i>1</i>"),
        state=MembershipState.ASKED,
    )
    pages = [
        client.get(path).text
        for path in (
            "/desk/columbus/",
            "/desk/columbus/members",
            f"/desk/columbus/members/{row.id}",
            f"/desk/columbus/members/{row.id}/remove",
        )
    ]
    pages.append(post(client, f"/desk/columbus/members/{row.id}/details").text)

    for html in pages:
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
        assert "<b>x</b>" not in html
        assert "<i>1</i>" not in html


def test_staff_do_not_see_who_is_known_only_to_the_coordinator(client, columbus, db) -> None:
    row = MembershipFactory(alliance=columbus, person__discreet=True, person__name="Hidden")
    sign_in(client, staff_member())
    here = f"/desk/columbus/members/{row.id}"

    assert "Hidden" not in client.get("/desk/columbus/members").text
    assert client.get(here).status_code == 404
    assert post(client, f"{here}/details").status_code == 404
