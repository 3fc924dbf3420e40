"""National roles by day, the last administrator, the audit, and the first one by command."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import roles
from app.accounts.audit import audit
from app.accounts.models import AuditEntry, NationalRole, Role
from app.foundation import clock
from app.foundation.web import Whereas
from app.people.models import Address, Person, Standing
from tests.factories import (
    AllianceFactory,
    NationalRoleFactory,
    PersonFactory,
    administrator,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def admin(client: FlaskClient, db: Session) -> Person:
    """The one administrator, signed in."""
    person = administrator(name="Ada")
    sign_in(client, person)
    return person


def form(email: str, role: str = "staff", since: str = "2026-01-01", **more: str) -> dict[str, str]:
    return {"email": email, "role": role, "since": since, **more}


def entries(db: Session) -> list[tuple[str, int | None]]:
    db.commit()
    rows = db.execute(select(AuditEntry.action, AuditEntry.object_id).order_by(AuditEntry.id))
    return [(action, number) for action, number in rows]


def make_visitor() -> Person | None:
    return None


def make_member() -> Person:
    person: Person = PersonFactory()
    return person


def make_coordinator() -> Person:
    return coordinator_of(AllianceFactory())


@pytest.mark.parametrize("url", ["/admin/", "/admin/audit", "/admin/roles/1/end"])
@pytest.mark.parametrize(
    ("make", "status"),
    [
        (make_visitor, 303),
        (make_member, 403),
        (make_coordinator, 403),
        (staff_member, 403),
        (administrator, 200),
    ],
)
def test_administration_is_for_administrators(
    client: FlaskClient, db: Session, url: str, make: object, status: int
) -> None:
    NationalRoleFactory()
    person = make()  # type: ignore[operator]
    if person is not None:
        sign_in(client, person)

    assert client.get(url).status_code == status


def test_a_role_is_given_from_a_day_until_a_day(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    ben = PersonFactory(name="Ben", address__email="ben@example.org")

    answer = post(client, "/admin/roles", form("BEN@example.org", until="2027-12-31"))

    assert answer.location == "/admin/?done=role-granted"
    role = db.scalars(select(NationalRole).where(NationalRole.person_id == ben.id)).one()
    assert (role.role, str(role.since), str(role.until)) == (Role.STAFF, "2026-01-01", "2027-12-31")
    assert role.granted_by_id == admin.id
    assert entries(db) == [("role granted", ben.id)]


def test_reading_the_audit_needs_fresh_proof(client: FlaskClient, admin: Person) -> None:
    sign_in(client, admin, fresh=False)

    for url in ("/admin/audit", "/admin/audit?format=csv"):
        assert client.get(url).location.startswith("/reauthenticate?next=/admin/audit")


def test_giving_a_role_needs_fresh_proof(client: FlaskClient, db: Session, admin: Person) -> None:
    ben = PersonFactory(address__email="ben@example.org")
    sign_in(client, admin, fresh=False)

    answer = post(client, "/admin/roles", form("ben@example.org"))

    assert answer.location.startswith("/reauthenticate")
    assert db.scalars(select(NationalRole.person_id)).all() == [admin.id]
    assert ben.id != admin.id


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nobody@example.org"}, "Nobody with this address has joined"),
        ({"role": "emperor"}, "Not a valid choice"),
        ({"since": "2026-02-30"}, "Please type a day that exists"),
        ({"until": "2025-01-01"}, "The last day is before the first."),
    ],
)
def test_a_wrong_answer_gives_no_role(
    client: FlaskClient, db: Session, admin: Person, wrong: dict[str, str], sentence: str
) -> None:
    PersonFactory(address__email="ben@example.org")

    answer = post(client, "/admin/roles", form("ben@example.org") | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(NationalRole.person_id)).all() == [admin.id]


def test_where_two_share_an_address_the_name_decides(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    ben = PersonFactory(name="Ben", address__email="home@example.org")
    PersonFactory(name="Cleo", address=ben.address)

    unclear = post(client, "/admin/roles", form("home@example.org"))
    post(client, "/admin/roles", form("home@example.org", name="ben"))

    assert "Several people share this address." in unclear.text
    assert set(db.scalars(select(NationalRole.person_id))) == {admin.id, ben.id}


def test_an_ended_role_is_gone_on_the_next_request(
    app: Whereas, client: FlaskClient, db: Session, admin: Person
) -> None:
    other = administrator()
    role = db.scalars(select(NationalRole).where(NationalRole.person_id == other.id)).one()
    others_browser = app.test_client()
    sign_in(others_browser, other)
    assert others_browser.get("/admin/").status_code == 200

    answer = post(client, f"/admin/roles/{role.id}/end")

    assert answer.location == "/admin/?done=role-ended"
    assert others_browser.get("/admin/").status_code == 403
    assert entries(db) == [("role ended", other.id)]


@pytest.mark.parametrize(("since", "until"), [(-10, -1), (1, 10)])
def test_a_role_counts_only_between_its_days(
    client: FlaskClient, db: Session, since: int, until: int
) -> None:
    today = clock.today()
    person = PersonFactory()
    NationalRoleFactory(
        person=person,
        role=Role.ADMIN,
        since=today + timedelta(days=since),
        until=today + timedelta(days=until),
    )
    sign_in(client, person)

    assert client.get("/admin/").status_code == 403


def admin_role(db: Session, person: Person) -> NationalRole:
    return db.scalars(select(NationalRole).where(NationalRole.person_id == person.id)).one()


def test_the_last_administrator_cannot_be_ended(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    answer = post(client, f"/admin/roles/{admin_role(db, admin).id}/end")

    assert answer.status_code == 409
    assert "Nobody else is an administrator without an end date." in answer.text
    assert client.get("/admin/").status_code == 200


def test_one_with_an_end_date_does_not_count_as_remaining(db: Session) -> None:
    admin = administrator()
    NationalRoleFactory(role=Role.ADMIN, until=clock.today() + timedelta(days=30))

    with pytest.raises(roles.LastAdministrator):
        roles.end(admin_role(db, admin))


def test_a_disabled_one_does_not_count_as_remaining(db: Session) -> None:
    admin = administrator()
    administrator(standing=Standing.DISABLED)

    with pytest.raises(roles.LastAdministrator):
        roles.end(admin_role(db, admin))


def test_the_last_administrator_cannot_delete_themselves(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    answer = post(client, "/me/delete")

    assert answer.status_code == 409
    assert "You are the last administrator." in answer.text
    db.refresh(admin)
    assert (admin.name, admin.standing) == ("Ada", Standing.ACTIVE)


def test_the_audit_names_officials_and_numbers_others(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    member = PersonFactory(name="Quiet Member")
    db.add_all(
        AuditEntry(at=clock.now(), actor_id=who, area="members", action="exported", detail={})
        for who in (admin.id, member.id, None)
    )

    page = client.get("/admin/audit").text

    assert "Quiet Member" not in page
    assert f"Person {member.id}" in page
    assert "The program" in page
    assert page.count("Ada") >= 2


def test_the_audit_is_filtered_and_exported(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    audit("digests", "sent", 7, recipients=12)
    audit("members", "=cmd()", 8)

    assert "recipients: 12" in client.get("/admin/audit?area=digests").text
    assert "recipients" not in client.get("/admin/audit?action=cmd").text
    assert "'=cmd()" in client.get("/admin/audit?format=csv").text


def test_the_audit_takes_as_many_statements_with_thirty_lines(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    audit("digests", "sent")
    db.commit()
    with count_statements() as one:
        client.get("/admin/audit")
    for _ in range(29):
        audit("digests", "sent")
    db.commit()
    with count_statements() as thirty:
        client.get("/admin/audit")

    assert len(one) == len(thirty)


def test_the_first_administrator_is_made_by_command(
    app: Whereas, client: FlaskClient, db: Session
) -> None:
    db.commit()
    for _twice in range(2):
        result = app.test_cli_runner().invoke(
            args=["accounts", "create-admin", "Ada@example.org", "Ada"]
        )
        assert result.exit_code == 0, result.output

    link = re.findall(r"http://localhost(/confirm/\S+)", result.output)[0]
    assert client.post(link).status_code == 303
    assert "Nobody is staff yet." in client.get("/admin/").text
    assert "http://localhost/admin/" in result.output
    assert db.scalars(select(Address.email)).all() == ["ada@example.org"]
    assert len(db.scalars(select(NationalRole)).all()) == 1

    staff_member()
    db.commit()
    assert "Nobody is staff yet." not in client.get("/admin/").text


def test_a_number_that_no_database_holds_is_no_page(client: FlaskClient, admin: Person) -> None:
    assert client.get(f"/admin/roles/{10**30}/end").status_code == 404
    assert client.get(f"/admin/roles/{2**63 - 1}/end").status_code == 404
