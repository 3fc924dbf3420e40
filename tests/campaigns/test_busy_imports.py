"""Imports while other people write. On SQLite one of the two waits; on PostgreSQL both go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.campaigns import records
from app.campaigns.body_models import Body, Instrument
from app.campaigns.campaign_commands import TRIES
from app.campaigns.measure_models import Measure
from app.foundation import edge
from app.foundation.db import database
from app.foundation.web import Whereas
from tests.campaigns.councils import BodyFactory, DivisionFactory
from tests.campaigns.test_exchange import CASES, run

COLUMBUS, UKIAH = CASES[1], CASES[3]


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def council_id(db: Session) -> int:
    council = BodyFactory(division=DivisionFactory(id=COLUMBUS["division"], state="OH")).id
    db.commit()
    return int(council)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = tmp_path / "rows.json"
    rows.write_text(json.dumps([UKIAH, COLUMBUS]))
    return rows


@contextmanager
def before_each_write(act: Callable[[], Any], times: int) -> Iterator[None]:
    """Do it in another transaction just before an import writes its records."""
    engine, own, left = database().engine, get_ident(), iter(range(times))

    def before(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO measure ") and get_ident() == own:
            for _one in islice(left, 1):
                with ThreadPoolExecutor(1) as pool:
                    pool.submit(act).result()

    event.listen(engine, "before_cursor_execute", before)
    yield
    event.remove(engine, "before_cursor_execute", before)


def taking(app: Whereas, council_id: int, title: str, number: str) -> None:
    with app.app_context(), edge.step() as at:
        day = date(2019, 7, 17)
        plan = records.Plan(title, Instrument.RESOLUTION, file_number=number, target_on=day)
        records.begin(at.get_one(Body, council_id), plan, alliance_id=None, by_id=None)


def test_a_number_taken_while_an_import_runs_ends_as_a_line_of_its_report(
    app: Whereas, db: Session, council_id: int, file: Path
) -> None:
    with before_each_write(lambda: taking(app, council_id, "Ours", "0213x-2019"), 1):
        code, said = run(app, "import", str(file))
    taken = "file number 0213X-2019 is another record's in this session"
    assert (code, said.splitlines()) == (
        1,
        [f"row 2 {COLUMBUS['id']}: wrong ({taken})", "Error: nothing was imported"],
    )
    assert db.scalars(select(Measure.file_number)).all() == ["0213x-2019"]


def test_an_address_taken_while_an_import_runs_makes_it_take_the_next(
    app: Whereas, db: Session, council_id: int, file: Path
) -> None:
    title = f"{COLUMBUS['name']} 2019"
    with before_each_write(lambda: taking(app, council_id, title, ""), 1):
        code, said = run(app, "import", str(file))
    assert (code, [line.rsplit(" ", 1)[1] for line in said.splitlines()]) == (0, ["new", "new"])
    address = "columbus-to-recognize-july-17th-2019"
    slugs = {measure.title: measure.slug for measure in db.scalars(select(Measure))}
    assert (slugs[title], slugs[COLUMBUS["name"]]) == (address, f"{address}-2")


def test_an_import_that_others_never_let_through_says_so(
    app: Whereas, db: Session, council_id: int, file: Path
) -> None:
    slugs = iter(range(TRIES))
    first = "columbus-to-recognize-july-17th-2019"

    def takes_the_next_address() -> None:
        with app.app_context(), edge.step() as at:
            number = next(slugs)
            plan = records.Plan("Another", Instrument.RESOLUTION)
            body = at.get_one(Body, council_id)
            other = records.begin(body, plan, alliance_id=None, by_id=None)
            other.slug = f"{first}-{number + 1}" if number else first

    with before_each_write(takes_the_next_address, TRIES):
        code, said = run(app, "import", str(file))
    assert (code, said) == (
        1,
        "Error: others keep writing what these rows say; nothing was imported, please try again\n",
    )
