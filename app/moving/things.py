"""What every kind of import shares, but for people: a row tells of a thing that is new or known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import select

from app.alliances.models import Alliance
from app.foundation import text
from app.foundation.db import db
from app.moving.judging import Refused, Sheet
from app.moving.models import ImportRow, ImportRun, Outcome


class Told(Protocol):
    """What a row tells; rows of one key tell of one thing."""

    @property
    def key(self) -> str: ...


@dataclass(frozen=True)
class Weighed:
    """What a row would do, and the number of what we have already."""

    outcome: Outcome
    number: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Undone:
    """What became of what was new: gone, or kept because somebody did something with it since."""

    gone: int
    kept: int


def undone(made: Collection[int | None], gone: Collection[Any]) -> Undone:
    return Undone(len(gone), len(made) - len(gone))


class Kind(Protocol):
    """How the rows of one kind of import are read, weighed, written, and taken back."""

    def told(self, cells: Sequence[str], sheet: Sheet) -> Any:
        """Raises Refused."""

    def weigh(self, told: Sequence[Any]) -> Mapping[str, Weighed]: ...

    def apply(self, run: ImportRun, told: Sequence[tuple[ImportRow, Any]]) -> None: ...

    def undo(self, run: ImportRun, sheet: Sheet) -> Undone: ...


def judge(kind: Kind, rows: Sequence[ImportRow], sheet: Sheet, seen: set[str]) -> None:
    """Give each row its outcome."""
    fresh = []
    for row in rows:
        try:
            told = kind.told(row.cells, sheet)
        except Refused as refused:
            row.outcome, row.reason = Outcome.REFUSED, str(refused)
            continue
        if told.key in seen:
            row.outcome, row.twice = Outcome.SAME, True
            row.reason = str(_("This stands in the file twice."))
        else:
            seen.add(told.key)
            fresh.append((row, told))
    weighed = kind.weigh([told for _row, told in fresh])
    for row, told in fresh:
        found = weighed[told.key]
        row.outcome, row.made_id, row.reason = found.outcome, found.number, found.reason


def keys(kind: Kind, rows: Sequence[ImportRow], sheet: Sheet) -> set[str]:
    """The keys of rows that were judged before."""
    return {told.key for _row, told in readable(kind, rows, sheet)}


def readable(
    kind: Kind, rows: Sequence[ImportRow], sheet: Sheet
) -> Iterator[tuple[ImportRow, Any]]:
    """Rows with what they tell, without those that cannot be taken any more."""
    for row in rows:
        try:
            yield row, kind.told(row.cells, sheet)
        except Refused:
            continue


def apply(kind: Kind, run: ImportRun, rows: Sequence[ImportRow], sheet: Sheet) -> None:
    """Write what was judged new or changed; what cannot be any more is refused now."""
    told = []
    for row in rows:
        try:
            told.append((row, kind.told(row.cells, sheet)))
        except Refused as refused:
            row.outcome, row.reason = Outcome.REFUSED, str(refused)
    kind.apply(run, told)


def rows_with_marks(run: ImportRun) -> Sequence[ImportRow]:
    """The rows that wrote something, in their order."""
    marked = select(ImportRow).where(
        ImportRow.run_id == run.id, ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED))
    )
    rows = db.scalars(marked.order_by(ImportRow.number)).all()
    return [row for row in rows if row.before and row.made_id is not None]


def alliances_by_name() -> Mapping[str, int]:
    """Alliances by what a file may call them."""
    rows = db.execute(select(Alliance.id, Alliance.name, Alliance.slug)).all()
    return {text.folded(called): number for number, name, slug in rows for called in (name, slug)}
