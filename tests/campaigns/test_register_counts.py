"""The register's numbers are counted once for each change, and are never old."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.campaigns import register_counts
from app.campaigns.measure_models import Measure, MeasureSource
from app.campaigns.register_models import RegisterRevision
from app.campaigns.stages import Stage
from app.foundation import edge
from app.foundation.web import Whereas
from tests.campaigns.world import campaign
from tests.statements import count_statements


def revisions(db: Session) -> list[str]:
    return list(db.scalars(select(RegisterRevision.token)))


def test_numbers_are_counted_once_for_each_change(client: FlaskClient, db: Session) -> None:
    shown = campaign(stage=Stage.FINAL)
    db.commit()
    assert register_counts.totals().passed == 1
    with count_statements() as again:
        assert register_counts.totals().passed == 1
    assert len(again) == 1
    shown.counted = False
    db.commit()
    assert register_counts.totals().passed == 0
    assert register_counts.totals().listed == 1


def test_a_statement_counts_as_a_change(db: Session) -> None:
    campaign(stage=Stage.FINAL)
    db.commit()
    assert register_counts.totals().verified == 0
    db.execute(update(Measure).values(verified=True))
    db.commit()
    assert register_counts.totals().verified == 1


def test_what_another_process_changed_is_seen(app: Whereas, db: Session) -> None:
    number = campaign(stage=Stage.FINAL).id
    db.commit()
    assert register_counts.totals().listed == 1
    db.rollback()
    with app.app_context(), edge.step() as other:
        other.execute(delete(MeasureSource))
        other.delete(other.get_one(Measure, number))
    assert register_counts.totals().listed == 0


def test_what_was_taken_back_is_not_counted(db: Session) -> None:
    campaign(stage=Stage.FINAL)
    db.commit()
    db.execute(update(Measure).values(verified=True))
    db.rollback()
    assert register_counts.totals().verified == 0


def test_a_change_of_something_else_is_none(db: Session) -> None:
    shown = campaign(stage=Stage.FINAL)
    db.commit()
    before = revisions(db)
    shown.body.website = "https://example.org/"
    db.commit()
    assert revisions(db) == before
