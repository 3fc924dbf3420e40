"""Who is erased while their name stands in a file: no row keeps it, no import brings them back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.foundation import edge
from app.mail.suppression import suppressed_among
from app.moving import applying, reading, staging, undoing
from app.moving.models import ImportKind, ImportRow, ImportRun, Outcome
from app.people.models import Person
from tests.factories import AllianceFactory, PersonFactory, seed_places
from tests.moving.test_people import applied, judged, table


@pytest.fixture
def ana_id(db: Session) -> int:
    """Somebody who is here already."""
    seed_places(db)
    AllianceFactory(name="Columbus", slug="columbus")
    ana: Person = PersonFactory(name="Ana", address__email="ana@example.org", zip=None)
    db.commit()
    return ana.id


def erase(person_id: int) -> None:
    with edge.step() as session:
        erasure.erase(session.get_one(Person, person_id))


def carry_out(run_id: int) -> None:
    with edge.step() as session:
        run = session.get_one(ImportRun, run_id)
        run.lists_first = True
        applying.apply(run)


def cells(db: Session) -> list[list[str]]:
    return list(db.scalars(select(ImportRow.cells).order_by(ImportRow.number)))


def names(db: Session) -> list[str]:
    return list(db.scalars(select(Person.name).order_by(Person.id)))


def test_an_import_goes_on_when_somebody_of_it_is_erased(db: Session, ana_id: int) -> None:
    bo = "Bo,bo@example.org,43215,,,,Columbus"
    run_id = judged(table("Ana,ana@example.org,43215,614-555-0100,,,Columbus", bo)).id

    erase(ana_id)
    carry_out(run_id)

    assert names(db) == ["", "Bo"]
    assert cells(db) == [[], bo.split(",")]
    with edge.step() as session:
        assert undoing.undo(session.get_one(ImportRun, run_id)).gone == 1
    assert names(db) == [""]


def test_rows_that_stand_twice_or_were_refused_lose_the_name_as_well(
    db: Session, ana_id: int
) -> None:
    judged(
        table(
            "Ana,ana@example.org,,,,,",
            "Ana,Ana@Example.org,43215,,,,",
            "Ana,mailto:ana@example.org,00000,,,,",
            "Anabel,anabel@example.org,,,,,",
        )
    )

    erase(ana_id)

    assert cells(db)[:3] == [[], [], []]
    assert cells(db)[3][:2] == ["Anabel", "anabel@example.org"]


def test_a_file_that_nobody_looked_through_yet_brings_nobody_back(db: Session, ana_id: int) -> None:
    content = reading.read(table("Ana,ana@example.org,43215,614-555-0100,,,"))
    with edge.step():
        run = staging.begin(ImportKind.PEOPLE, b"", content, file_name="list.csv", by=None)
        run_id = run.id
    staging.stage(run_id, content)

    erase(ana_id)
    staging.judge(run_id)
    carry_out(run_id)

    assert names(db) == [""]
    assert db.scalars(select(ImportRow.outcome)).all() == [Outcome.REFUSED]


def test_a_phone_number_is_found_however_it_is_written(db: Session, ana_id: int) -> None:
    ben = PersonFactory(name="Ben", without_email=True)
    db.commit()
    ben_id = ben.id
    judged(table("Benjamin,,,(614) 555-0100,,,", "Cy,,,(614) 555-0101,,,"))

    erase(ben_id)

    assert [row[:1] for row in cells(db)] == [[], ["Cy"]]


def test_another_person_at_the_address_keeps_their_row(db: Session, ana_id: int) -> None:
    ana = db.get_one(Person, ana_id)
    PersonFactory(name="Dora", address=ana.address)
    db.commit()
    judged(table("Ana,ana@example.org,,,,,", "Dora,ana@example.org,,,,,"))

    erase(ana_id)

    assert [row[:1] for row in cells(db)] == [[], ["Dora"]]


def test_a_list_of_those_not_to_be_emailed_still_counts(db: Session, ana_id: int) -> None:
    file = table("ana@example.org", "bo@example.org", headings="email")
    run_id = judged(file, ImportKind.DO_NOT_EMAIL).id

    erase(ana_id)
    carry_out(run_id)

    assert cells(db) == [[], ["bo@example.org"]]
    assert set(suppressed_among(["ana@example.org", "bo@example.org"])) == {
        *("ana@example.org", "bo@example.org")
    }


def test_a_row_about_an_event_only_loses_its_guest(db: Session, ana_id: int) -> None:
    headings = "title,date,alliance,name,email"
    applied(
        table("Vigil,2024-07-17,Columbus,Ana,ana@example.org", headings=headings),
        ImportKind.EVENTS,
    )
    db.execute(ImportRow.__table__.update().values(person_id=None))
    db.commit()

    erase(ana_id)

    assert cells(db) == [["Vigil", "2024-07-17", "Columbus", "", ""]]
