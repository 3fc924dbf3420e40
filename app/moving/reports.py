"""What an import comes to: counts, distinct people, and each row that was refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.foundation.db import db
from app.moving.models import TAKEN, ImportRow, ImportRun, Outcome


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken; row 1 is the first below the headings."""

    row: int
    reason: str


@dataclass(frozen=True)
class Report:
    """`valid` rows could be read, `people` are distinct among them, of whom some are `new`."""

    rows: int
    valid: int
    people: int
    new: int
    changed: int
    refused: list[Refusal]

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


def counts(run: ImportRun) -> dict[Outcome | None, int]:
    """How many rows have which outcome; None is not judged yet."""
    rows = db.execute(
        select(ImportRow.outcome, func.count())
        .where(ImportRow.run_id == run.id)
        .group_by(ImportRow.outcome)
    )
    return {row[0]: row[1] for row in rows}


def count_kept(run: ImportRun) -> int:
    """How many people that an import made are still here."""
    made = select(func.count(ImportRow.person_id.distinct())).where(
        ImportRow.run_id == run.id, ImportRow.outcome == Outcome.NEW
    )
    return db.scalars(made).one()


def passed_over(run: ImportRun) -> list[str]:
    """The headings of columns that nothing is taken from."""
    taken = set(run.columns.values())
    return [name for place, name in enumerate(run.headings) if name and place not in taken]


def count_remarked(run: ImportRun) -> int:
    """How many rows are taken with a remark, such as what of them could not be read."""
    noted = select(func.count()).where(
        ImportRow.run_id == run.id, ImportRow.outcome.in_(TAKEN), ImportRow.reason != ""
    )
    return db.scalar(noted) or 0


def report(run: ImportRun) -> Report:
    """The whole report of a judged import."""
    found = counts(run)
    twice = db.scalar(
        select(func.count()).where(
            ImportRow.run_id == run.id, ImportRow.outcome != Outcome.REFUSED, ImportRow.twice
        )
    )
    total = sum(found.values())
    valid = total - found.get(Outcome.REFUSED, 0)
    return Report(
        rows=total,
        valid=valid,
        people=valid - (twice or 0),
        new=found.get(Outcome.NEW, 0),
        changed=found.get(Outcome.CHANGED, 0),
        refused=list(_refusals(run)),
    )


def _refusals(run: ImportRun) -> Iterator[Refusal]:
    rows = db.execute(
        select(ImportRow.number, ImportRow.reason)
        .where(ImportRow.run_id == run.id, ImportRow.outcome == Outcome.REFUSED)
        .order_by(ImportRow.number)
    )
    for number, reason in rows:
        yield Refusal(number, reason)
