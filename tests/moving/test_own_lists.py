"""A coordinator's way through a small list: bring, look, ask staff; who may see what of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import approvals
from app.alliances.models import Alliance, Membership
from app.foundation.web import Whereas
from app.mail.models import Message
from app.moving.models import ImportRow, ImportRun, ImportState, Outcome
from app.people.models import Consent, Person, Unsubscription
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    coordinator_of,
    member_of,
    seed_places,
    staff_member,
)
from tests.moving.test_pages import bring, run_of, work
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
ROWS = "Name\tEmail\tZip\tAlliance\tSubscribed\nZoë\tzoe@example.org\t43215\tElsewhere\tyes\n"
COLUMNS = {"name": "0", "email": "1", "zip": "2"}
UNNAMED = dict.fromkeys(
    (
        *("first_name", "last_name", "phone", "city", "state", "language"),
        *("status", "unwanted", "bounced"),
    ),
    "-",
)
AT = "/desk/columbus/imports/"


@pytest.fixture
def columbus(db: Session) -> Alliance:
    seed_places(db)
    AllianceFactory(slug="elsewhere", name="Elsewhere")
    found = AllianceFactory(slug="columbus", name="Columbus Alliance")
    db.commit()
    return found


@pytest.fixture
def coordinator(client: FlaskClient, columbus: Alliance) -> FlaskClient:
    sign_in(client, coordinator_of(columbus, name="Ana Núñez"), fresh=False)
    return client


def brought(client: FlaskClient, rows: str = ROWS) -> str:
    answer = post(client, AT, {"pasted": rows})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def looked_at(client: FlaskClient, db: Session, rows: str = ROWS) -> str:
    url = brought(client, rows)
    answer = post(client, f"{url}/columns", COLUMNS | UNNAMED)
    assert answer.status_code == 303, answer.text
    work(db)
    return url


def as_staff(client: FlaskClient) -> None:
    sign_in(client, staff_member())


def decided(db: Session) -> list[Message]:
    return list(db.scalars(select(Message).where(Message.kind == "moving/import_answered")))


def test_the_whole_way(coordinator: FlaskClient, db: Session) -> None:
    assert AT in coordinator.get("/desk/columbus/members").text
    url = looked_at(coordinator, db)
    assert "Ask staff to import 1 person" in coordinator.get(url).text
    assert coordinator.get(f"{url}/progress.json").json["states"]["wanted"] == 1
    assert "list-asked" in post(coordinator, f"{url}/ask").location
    assert "Waits for staff" in coordinator.get(AT).text
    assert [each.title for each in approvals.waiting()] == ["pasted rows"]

    as_staff(coordinator)
    of_staff = f"/staff/imports/{run_of(db).id}"
    assert "pasted rows" in coordinator.get("/staff/approvals").text
    page = coordinator.get(of_staff).text
    assert "brought by the coordinators of Columbus Alliance" in page
    post(coordinator, f"{of_staff}/apply", {"no_lists": "y"})
    work(db)

    zoe = db.scalars(select(Person).where(Person.name == "Zoë")).one()
    joined = select(Alliance.slug).join(Membership).where(Membership.person_id == zoe.id)
    assert db.scalars(joined).all() == ["columbus"]
    assert db.scalars(select(Consent).where(Consent.person_id == zoe.id)).all() == []
    assert db.scalars(select(Unsubscription).where(Unsubscription.person_id == zoe.id)).all()
    (mail,) = decided(db)
    assert_same(f"{mail.subject}\n\n{mail.text}", SNAPSHOTS / "import_answered.txt")
    assert approvals.waiting() == []


def test_staff_say_no_with_a_reason_and_are_asked_again(
    coordinator: FlaskClient, db: Session
) -> None:
    url = looked_at(coordinator, db)
    post(coordinator, f"{url}/ask")
    ana = run_of(db).by_id
    as_staff(coordinator)
    decline = f"/staff/imports/{run_of(db).id}/decline"
    assert post(coordinator, decline, {"reason": ""}).status_code == 422
    assert post(coordinator, decline, {"reason": "Did they ask for this?"}).status_code == 303
    assert "too-late" in post(coordinator, decline, {"reason": "Again"}).location

    (mail,) = decided(db)
    assert_same(f"{mail.subject}\n\n{mail.text}", SNAPSHOTS / "import_not_answered.txt")
    sign_in(coordinator, db.get_one(Person, ana))
    assert "Did they ask for this?" in coordinator.get(url).text
    assert "list-asked" in post(coordinator, f"{url}/ask").location
    assert "Did they ask for this?" not in coordinator.get(url).text


def test_nobody_changes_what_staff_look_at(coordinator: FlaskClient, db: Session) -> None:
    url = looked_at(coordinator, db)
    post(coordinator, f"{url}/ask")

    assert "too-late" in post(coordinator, f"{url}/columns", COLUMNS | UNNAMED).location
    assert brought(coordinator) == url
    assert run_of(db).state == ImportState.JUDGED
    assert "too-late" in post(coordinator, f"{url}/ask").location

    assert "list-taken-back" in post(coordinator, f"{url}/take-back").location
    assert "too-late" in post(coordinator, f"{url}/take-back").location
    assert "done" not in post(coordinator, f"{url}/columns", COLUMNS | UNNAMED).location


def test_staff_import_nothing_that_nobody_asked_for(coordinator: FlaskClient, db: Session) -> None:
    looked_at(coordinator, db)
    as_staff(coordinator)
    of_staff = f"/staff/imports/{run_of(db).id}"

    assert "have not asked for it" in coordinator.get(of_staff).text
    assert "too-late" in post(coordinator, f"{of_staff}/apply", {"no_lists": "y"}).location
    assert run_of(db).state == ImportState.JUDGED


def test_a_list_does_not_tell_who_is_known_elsewhere(coordinator: FlaskClient, db: Session) -> None:
    PersonFactory(name="Bo", address__email="bo@example.org")
    member_of(AllianceFactory(slug="toledo"), name="Cy", address__email="cy@example.org")
    db.commit()
    rows = "Name\tEmail\tZip\nBo\tbo@example.org\t\nNew\tnew@example.org\t\n"

    url = looked_at(coordinator, db, rows + "Cy\tcy@example.org\t\n")

    assert {row.outcome for row in _rows(db)} == {Outcome.NEW, Outcome.CHANGED}
    shown = coordinator.get(url).text
    assert shown.count("Valid") == 4  # one for each row, and their number
    assert "Changed" not in shown
    assert coordinator.get(f"{url}/progress.json").json["states"] == {
        "wanted": 3,
        "same": 0,
        "refused": 0,
    }
    everybody = [row.cells[0] for row in _rows(db)]
    for asked in ("outcome=changed", "outcome=new", "sort=outcome", "sort=-outcome"):
        page = coordinator.get(f"{url}?{asked}").text
        assert all(name in page for name in everybody)


def _rows(db: Session) -> list[ImportRow]:
    found = select(ImportRow).where(ImportRow.run_id == run_of(db).id)
    return list(db.scalars(found.order_by(ImportRow.number)))


def test_the_file_names_no_other_alliance_and_carries_no_consent(
    coordinator: FlaskClient, db: Session
) -> None:
    url = brought(coordinator)
    assert set(run_of(db).columns) == {"name", "email", "zip"}
    assert "Agreed to mail" not in coordinator.get(url).text

    post(coordinator, f"{url}/columns", COLUMNS | UNNAMED | {"alliance": "3", "opted_in": "4"})

    assert set(run_of(db).columns) == {"name", "email", "zip"}


@pytest.mark.parametrize(("rows", "taken"), [(500, True), (501, False)])
def test_five_hundred_rows_are_taken_and_no_more(
    coordinator: FlaskClient, db: Session, rows: int, taken: bool
) -> None:
    lines = "".join(f"P{n},p{n}@example.org\n" for n in range(rows))

    answer = post(coordinator, AT, {"pasted": f"Name,Email\n{lines}"})

    assert answer.status_code == (303 if taken else 422)
    assert ("more than 500 rows" in answer.text) is not taken
    assert len(db.scalars(select(ImportRun)).all()) == taken


def test_the_same_file_of_staff_or_of_another_alliance_is_another_list(
    coordinator: FlaskClient, db: Session
) -> None:
    content = b"Name,Email\nBo,bo@example.org\n"
    brought(coordinator, content.decode())
    as_staff(coordinator)
    bring(coordinator, content)
    post(coordinator, "/desk/elsewhere/imports/", {"pasted": content.decode()})

    assert len(set(db.scalars(select(ImportRun.alliance_id)))) == 3


def test_others_do_not_see_it(
    app: Whereas, client: FlaskClient, db: Session, columbus: Alliance
) -> None:
    elsewhere = db.scalars(select(Alliance).where(Alliance.slug == "elsewhere")).one()
    sign_in(client, coordinator_of(elsewhere))
    post(client, "/desk/elsewhere/imports/", {"pasted": "Name,Email\nBo,bo@example.org\n"})
    number = run_of(db).id
    assert client.get(AT).status_code == 404

    sign_in(client, coordinator_of(columbus))
    for path in ("", "/progress.json", "?format=csv"):
        assert client.get(f"{AT}{number}{path}").status_code == 404
    for act in ("ask", "take-back", "columns"):
        assert post(client, f"{AT}{number}/{act}", COLUMNS).status_code == 404
    assert client.get(f"/staff/imports/{number}/decline").status_code == 403

    sign_in(client, member_of(columbus))
    assert client.get(AT).status_code == 403
    assert post(client, AT, {"pasted": "a,b\n1,2\n"}).status_code == 403
