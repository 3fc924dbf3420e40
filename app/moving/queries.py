"""Imports that somebody must go on with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, update

from app.foundation import clock, edge, standstill
from app.foundation.db import db
from app.moving.models import ImportRow, ImportRun, ImportState

LEASE = timedelta(minutes=5)
KEEP_ROWS = timedelta(days=90)
"""How long the rows of an import stay, for its report and for taking it back."""
ASKING = (
    ImportRun.state == ImportState.APPLIED,
    ImportRun.asked_at.is_not(None),
    ~ImportRun.all_asked,
)
"""SQL: imports whose people get the mail that asks."""
NEXT = {ImportState.JUDGING: "moving.judge", ImportState.APPLYING: "moving.apply"}


def stopped() -> list[tuple[str, int]]:
    """The task and the number of each import whose worker is gone."""
    rows = db.execute(
        select(ImportRun.state, ImportRun.id).where(
            ImportRun.state.in_(NEXT),
            or_(ImportRun.lease_until.is_(None), ImportRun.lease_until < clock.now()),
        )
    )
    return [(NEXT[state], number) for state, number in rows]


def take(run_id: int) -> bool:
    """Take an import that nobody works on; False if somebody does."""
    with edge.step():
        taken = db.execute(
            update(ImportRun)
            .where(
                ImportRun.id == run_id,
                ImportRun.state.in_(NEXT),
                or_(ImportRun.lease_until.is_(None), ImportRun.lease_until < clock.now()),
            )
            .values(lease_until=clock.now() + LEASE)
            .returning(ImportRun.id)
            .execution_options(synchronize_session=False)
        ).first()
    return taken is not None


def asking() -> list[int]:
    """The imports whose people get the mail that asks."""
    return list(db.scalars(select(ImportRun.id).where(*ASKING)))


@standstill.register
def standing_still(before: datetime) -> Sequence[str]:
    """The files of imports that should go on, and with which nobody did since before."""
    last_held = func.coalesce(ImportRun.lease_until, ImportRun.created_at)
    left = ImportRun.state.in_(NEXT) & (last_held < before)
    unasked = and_(*ASKING, ImportRun.asked_at < before)
    rows = select(ImportRun.file_name).where(or_(left, unasked)).order_by(ImportRun.id)
    return db.scalars(rows).all()


def forget_old_rows() -> None:
    """Delete what files said, 90 days after."""
    old = select(ImportRun.id).where(ImportRun.created_at < clock.now() - KEEP_ROWS)
    gone = delete(ImportRow).where(ImportRow.run_id.in_(old))
    db.execute(gone.execution_options(synchronize_session=False))
