"""What every kind of import shares, but for people: a row tells of a thing that is new or known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from app.alliances.models import Alliance
from app.foundation import geo, text
from app.foundation.db import db
from app.moving.judging import Refused, Sheet, zip_of
from app.moving.models import ImportRow, ImportRun, Outcome
from app.moving.reading import LONGEST_CELL

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_TEXT = 5000
DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")


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


def check_length(cells: Sequence[str]) -> None:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Refused(_("A cell is longer than %(most)s characters.", most=LONGEST_CELL))


def name_of(sheet: Sheet, cells: Sequence[str], field: str, most: int = 200) -> str:
    """One line that must be there. Raises Refused."""
    name = text.one_line(sheet.cell(cells, field))
    if not name:
        raise Refused(_("There is no name."))
    if len(name) > most:
        raise Refused(_("The name is longer than %(most)s characters.", most=most))
    return name


def text_of(sheet: Sheet, cells: Sequence[str], field: str = "description") -> str:
    return text.clean(sheet.cell(cells, field))[:LONGEST_TEXT]


def choice_of(raw: str, words: Mapping[Choice, Any], default: Choice) -> Choice:
    """A choice by its word in our tables or on our pages. Raises Refused."""
    wanted = text.folded(raw).replace("_", " ").replace("-", " ")
    if not wanted:
        return default
    for choice, label in words.items():
        names = (choice.value.replace("_", " "), text.folded(str(label)).replace("-", " "))
        if wanted in names:
            return choice
    known = ", ".join(str(label) for label in words.values())
    raise Refused(_("“%(word)s” is none of: %(known)s.", word=raw[:40], known=known))


def place_of(sheet: Sheet, cells: Sequence[str]) -> geo.Place | None:
    """By ZIP code, else by city and state. Raises Refused for a place that we do not know."""
    code = zip_of(sheet.cell(cells, "zip"))
    if code:
        if code not in sheet.places:
            raise Refused(_("We do not know the ZIP code %(zip)s.", zip=code))
        return sheet.places[code]
    town = f"{sheet.cell(cells, 'city')}, {sheet.cell(cells, 'state')}".strip(", ")
    if not town:
        return None
    found = geo.place_in_city(town)
    if found is None:
        raise Refused(_("We do not know the town “%(town)s”.", town=town[:60]))
    return found


def day_of(raw: str) -> date:
    """A day as spreadsheets of this country write it. Raises Refused."""
    for form in DAYS:
        try:
            return datetime.strptime(raw, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise Refused(_("“%(day)s” is not a day, such as 2026-07-17.", day=raw[:30]))


def time_of(raw: str) -> tuple[int, int] | None:
    """Hour and minute; None if nothing is said. Raises Refused."""
    for form in TIMES:
        try:
            found = datetime.strptime(raw.upper().replace(".", ""), form)  # noqa: DTZ007
        except ValueError:
            continue
        return found.hour, found.minute
    if raw:
        raise Refused(_("“%(time)s” is not a time, such as 18:30.", time=raw[:30]))
    return None


def number_of(raw: str, most: int = 1_000_000) -> int | None:
    """A whole number; None if nothing is said. Raises Refused."""
    if not raw:
        return None
    match = re.fullmatch(r"(\d{1,7})(?:\.0)?", raw.replace(",", ""))
    if match is None or int(match[1]) > most:
        raise Refused(_("“%(number)s” is not a number that can be.", number=raw[:20]))
    return int(match[1])


def alliances_by_name() -> Mapping[str, int]:
    """Alliances by what a file may call them."""
    rows = db.execute(select(Alliance.id, Alliance.name, Alliance.slug)).all()
    return {text.folded(called): number for number, name, slug in rows for called in (name, slug)}
