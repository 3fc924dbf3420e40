"""Rows come in after the erasure of whom they name: an import on its way brings nobody back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.mail.suppression import suppressed_among
from app.moving import reading, staging
from app.moving.models import ImportKind, ImportRow, Outcome
from app.people.models import Address, Person
from tests.factories import PersonFactory
from tests.moving.test_erasing import ana_id, carry_out, cells, erase, names
from tests.moving.test_people import table

__all__ = ["ana_id"]


def coming(rows: Iterator[Sequence[str]], person_id: int) -> Iterator[Sequence[str]]:
    """The rows of a file, of which somebody is erased before the first comes in."""
    erase(person_id)
    yield from rows


def staged(person_id: int, *lines: str, kind: ImportKind = ImportKind.PEOPLE, **more: str) -> int:
    content = reading.read(table(*lines, **more))
    with edge.step():
        run_id = staging.begin(kind, b"", content, file_name="list.csv", by=None).id
    staging.stage(run_id, replace(content, rows=coming(content.rows, person_id)))
    return run_id


def test_who_is_erased_while_rows_come_in_is_not_among_them(db: Session, ana_id: int) -> None:
    run_id = staged(ana_id, "Ana,Ana@Example.org,43215,,,,", "Bo,bo@example.org,43215,,,,")
    assert [row[:1] for row in cells(db)] == [[], ["Bo"]]

    staging.judge(run_id)
    carry_out(run_id)

    assert names(db) == ["", "Bo"]
    assert Outcome.REFUSED in db.scalars(select(ImportRow.outcome)).all()


def test_a_number_is_known_again_however_it_is_written(db: Session, ana_id: int) -> None:
    ben = PersonFactory(name="Ben", without_email=True, phone="+16145550100")
    db.commit()
    staged(ben.id, "Benjamin,,,(614) 555-0100,,,", "Cy,,,(614) 555-0101,,,")
    assert [row[:1] for row in cells(db)] == [[], ["Cy"]]


def test_who_shares_the_address_still_comes_in(db: Session, ana_id: int) -> None:
    of_ana = select(Address).join(Person, Person.address_id == Address.id)
    PersonFactory(name="Dora", address=db.scalars(of_ana.where(Person.id == ana_id)).one())
    db.commit()
    staged(ana_id, "Ana,ana@example.org,,,,,", "Dora,ana@example.org,,,,,")
    assert [row[:1] for row in cells(db)] == [[], ["Dora"]]


def test_a_list_of_those_not_to_be_emailed_keeps_its_wish(db: Session, ana_id: int) -> None:
    lines = ("ana@example.org", "bo@example.org")
    staged(ana_id, *lines, kind=ImportKind.DO_NOT_EMAIL, headings="email")
    assert cells(db) == [[], ["bo@example.org"]]
    assert suppressed_among(["ana@example.org"]).keys() == {"ana@example.org"}


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(hours=30)])
def test_who_comes_back_on_their_own_is_let_in_by_the_next_import(
    db: Session, ana_id: int, later: timedelta
) -> None:
    erase(ana_id)
    with time_machine.travel(clock.now() + later):
        content = reading.read(table("Ana,ana@example.org,43215,,,,"))
        with edge.step():
            run_id = staging.begin(ImportKind.PEOPLE, b"", content, file_name="new.csv", by=None).id
        staging.stage(run_id, content)
        staging.judge(run_id)
    assert db.scalars(select(ImportRow.outcome)).all() == [Outcome.NEW]
