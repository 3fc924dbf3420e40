"""Leaving with everything, and becoming the same site elsewhere."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import exchange, importing
from app.foundation.db import Base
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import holding
from app.mail.models import Message
from app.upkeep import leaving, restore, rows
from app.upkeep.sealed import Unreadable
from tests.campaigns.councils import DivisionFactory
from tests.campaigns.test_exchange import CASES, US
from tests.conftest import MakeApp
from tests.factories import PersonFactory
from tests.upkeep.test_backup import NewDatabase, everything, full, new_database

__all__ = ["full", "new_database"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_empty_program_becomes_the_same_site(
    app: Whereas,
    full: Session,
    lend_app: MakeApp,
    new_database: NewDatabase,
    tmp_path: Path,
    kind: str,
) -> None:
    file = tmp_path / "all.zip"
    leaving.write(file)
    other = lend_app(DATABASE_URL=new_database(kind))

    with other.app_context():
        leaving.read(file)
        assert holding.current() is not None
        assert set(session.scalars(select(Message.text))) == {""}

    before, after = everything(app), everything(other)
    kept = {table.name for table in leaving.kept_tables()} - {"message"}
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}
    assert {after[name].split()[0] for name in leaving.LEFT_OUT - {"sending_hold"}} == {"0"}


def test_the_export_describes_itself_and_is_safe_for_spreadsheets(
    full: Session, tmp_path: Path
) -> None:
    PersonFactory(name='=HYPERLINK("x")')
    full.commit()
    leaving.write(tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as source:
        names = set(source.namelist())
        readme = source.read("README.md").decode()
        people = list(
            csv.DictReader(io.StringIO(source.read("csv/person.csv").decode("utf-8-sig")))
        )
        everything_said = b"".join(source.read(name) for name in names)
    assert {f"json/{table.name}.jsonl" for table in leaving.kept_tables()} <= names
    assert all(f"## {table.name} (" in readme for table in leaving.kept_tables())
    assert people[-1]["name"] == '\'=HYPERLINK("x")'
    assert b"password_hash" not in everything_said
    assert set(Base.metadata.tables) >= leaving.LEFT_OUT


def test_campaigns_leave_as_open_civic_data_and_are_the_same_elsewhere(
    app: Whereas, full: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path
) -> None:
    for place in ("ca/place:los_angeles", "oh/place:columbus"):
        DivisionFactory(id=f"{US}/state:{place}")
    full.commit()
    importing.load(CASES[:2])
    full.commit()
    leaving.write(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as source:
        bills = source.read("open-civic-data/bills.json").decode()
        assert "open-civic-data/bills.json" in source.read("README.md").decode()
    other = lend_app(DATABASE_URL=new_database("sqlite"))

    with other.app_context():
        leaving.read(tmp_path / "all.zip")
        there = exchange.as_ocd(public_only=False)
        (columbus,) = [b for b in json.loads(there) if b["identifier"] == "0213X-2019"]

    with app.app_context():
        assert exchange.as_ocd(public_only=False) == bills
    assert there == bills
    assert columbus["jurisdiction_id"].startswith("ocd-jurisdiction/country:us/state:oh")
    assert [each["date"] for each in columbus["actions"]] == [
        *("2019-07-11", "2019-07-17", "2019-07-17"),
    ]


@pytest.mark.parametrize("spoil", ["rows", "manifest", "zip"])
def test_an_export_that_was_changed_is_refused(
    full: Session, lend_app: MakeApp, new_database: NewDatabase, tmp_path: Path, spoil: str
) -> None:
    file = tmp_path / "all.zip"
    leaving.write(file)
    with zipfile.ZipFile(file) as source:
        content = {name: source.read(name) for name in source.namelist()}
    if spoil == "rows":
        content["json/person.jsonl"] = b""
    if spoil == "manifest":
        content["manifest.json"] = json.dumps({"program": "other"}).encode()
    with zipfile.ZipFile(file, "w") as out:
        for name, each in content.items():
            out.writestr(name, each)
    if spoil == "zip":
        file.write_bytes(b"not a zip")

    with lend_app(DATABASE_URL=new_database("sqlite")).app_context():
        with pytest.raises((Unreadable, restore.Damaged)):
            leaving.read(file)
        assert everything_is_empty()


def everything_is_empty() -> bool:
    return session.scalars(select(Message.id)).first() is None


def test_no_warning_is_told_of_an_index_that_does_not_matter(db: Session) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(rows.reflected(db.connection(), ["measure"])) == ["measure"]
