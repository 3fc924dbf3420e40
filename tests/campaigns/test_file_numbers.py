"""A file number is one record's in a session of a council, whoever writes it at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.campaigns import moving, records
from app.campaigns.body_models import Body, Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import edge
from app.foundation.db import database, table_of
from app.foundation.db import db as session
from app.foundation.migrate import alembic_config
from app.foundation.web import Whereas
from tests import databases
from tests.campaigns.councils import BodyFactory
from tests.campaigns.test_moving import FILED
from tests.campaigns.world import MeasureFactory, campaign, with_text
from tests.services.run import Run

NUMBERED = records.Plan("A day", Instrument.RESOLUTION, session="2027", file_number="0213X-2027")


def begins(at: Session, body_id: int) -> None:
    records.begin(at.get_one(Body, body_id), NUMBERED, alliance_id=None, by_id=None)


def saves(at: Session, measure_id: int) -> None:
    measure = at.get_one(Measure, measure_id)
    records.save(measure, NUMBERED, version=measure.version)


def moves(at: Session, measure_id: int) -> None:
    measure = at.get_one(Measure, measure_id)
    filed = FILED | {"file_number": "0213x-2027"}
    moving.move(measure, Stage.INTRODUCED, filed, version=measure.version, by_id=None)


def outcomes(app: Whereas, *steps: Callable[[Session], Any]) -> list[str]:
    """Each step in a transaction of its own; all are begun before the first is committed."""
    ready, looked = Barrier(len(steps)), Barrier(len(steps))

    def one(step: Callable[[Session], Any]) -> str:
        with app.app_context():
            ready.wait(10)
            try:
                with edge.step() as at:
                    if database().engine.dialect.name == "postgresql":
                        at.execute(select(Measure.id)).all()
                        looked.wait(10)
                    step(at)
            except records.NumberTaken:
                return "refused"
        return "kept"

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(one, steps))


@pytest.mark.parametrize("one", [begins, saves, moves])
@pytest.mark.parametrize("other", [begins, saves, moves])
def test_of_two_who_write_a_number_at_once_one_wins_and_one_is_refused(
    app: Whereas, db: Session, one: Callable[..., None], other: Callable[..., None]
) -> None:
    body = BodyFactory()
    ids = [with_text(campaign(body=body, stage=Stage.SPONSORED)).id for _ in range(2)]
    aims = [body.id if writer is begins else ids.pop() for writer in (one, other)]
    db.commit()
    steps = [
        lambda at, w=writer, a=aim: w(at, a) for writer, aim in zip((one, other), aims, strict=True)
    ]
    assert outcomes(app, *steps) == ["kept", "refused"]
    held = select(Measure.id).where(Measure.file_number.ilike("0213x-2027"))
    assert len(db.scalars(held).all()) == 1


def test_the_database_itself_refuses_a_number_in_other_capitals(db: Session) -> None:
    first = MeasureFactory(session="2027", file_number="12-a")
    MeasureFactory(body=first.body, session="2028", file_number="12-A")
    for _two in range(2):
        MeasureFactory(body=first.body, session="2027")
    with pytest.raises(IntegrityError):
        MeasureFactory(body=first.body, session="2027", file_number="12-A")


def test_two_who_begin_campaigns_of_one_title_at_once_get_two_addresses(
    app: Whereas, db: Session
) -> None:
    body_id = BodyFactory().id
    db.commit()
    plan = records.Plan("A day", Instrument.RESOLUTION)

    def begins_without(at: Session) -> None:
        records.begin(at.get_one(Body, body_id), plan, alliance_id=None, by_id=None)

    assert outcomes(app, begins_without, begins_without) == ["kept", "kept"]
    assert len(db.scalars(select(Measure.slug)).all()) == 2


@pytest.fixture
def own_url(database_url: str, run: Run, tmp_path: Path, worker_id: str) -> str:
    """A database that no other test uses, for it may be left in pieces."""
    if database_url.startswith("sqlite"):
        return databases.new_sqlite(run, tmp_path / "numbers.db")
    return databases.new_postgresql(run, f"{worker_id}_numbers")


def test_doubles_that_are_kept_already_are_told_apart(
    make_app: Callable[..., Whereas], own_url: str
) -> None:
    config = alembic_config()
    with make_app(DATABASE_URL=own_url).app_context():
        body = BodyFactory()
        told = [body.id, BodyFactory().id]
        numbers = [(0, "5-A"), (0, "5-a"), (0, "5-A (2)"), (0, "5-A "), (1, "5-a"), (0, None)]
        for _council, _number in numbers:
            MeasureFactory(body=body, session="2027", sought="a day")
        edge.finish(keep=True)
        command.downgrade(config, "0025")
        for row, (council, number) in enumerate(numbers, 1):
            words = {"body_id": told[council], "file_number": number}
            _write(row, **words, sought=f"a day {number.lower()}" if number else "a day")
        edge.finish(keep=True)
        command.upgrade(config, "0026")
        kept = select(Measure.file_number, Measure.sought).order_by(Measure.id)
        apart = [
            ("5-A", "a day 5-a"),
            ("5-a (3)", "a day 5-a (3)"),
            ("5-A (2)", "a day 5-a (2)"),
            ("5-A ", "a day 5-a "),
            ("5-a", "a day 5-a"),
            (None, "a day"),
        ]
        assert db_rows(kept) == apart
        command.downgrade(config, "0025")
        command.upgrade(config, "0026")
        assert db_rows(kept) == apart
        with pytest.raises(IntegrityError):
            _write(6, file_number="5-a")


def _write(row: int, **values: object) -> None:
    session.execute(table_of(Measure).update().where(Measure.id == row).values(values))


def db_rows(query: Select[Any]) -> list[tuple[Any, ...]]:
    found = [tuple(row) for row in session.execute(query)]
    edge.finish(keep=True)
    return found
