"""Versions of texts: save, localize a model text, read the newest or the adopted one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from app.accounts.audit import audit
from app.campaigns import clauses
from app.campaigns.clauses import Clause
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextClause, TextVersion
from app.foundation import clock
from app.foundation.db import db


class NoClauses(Exception):
    """Nothing in the text reads as a clause."""


def save_version(
    measure: Measure,
    title: str,
    parts: Sequence[Clause],
    *,
    by_id: int | None,
    note: str = "",
    adopted: bool = False,
) -> TextVersion:
    """A new version of a campaign's text. Raises UnknownSlot, NoClauses."""
    version = _new(title, parts, note=note, by_id=by_id)
    version.measure_id = measure.id
    version.adopted = adopted
    version.number = _next(TextVersion.measure_id == measure.id)
    db.add(version)
    db.flush()
    audit("campaigns", "text", measure.id, number=version.number)
    return version


def localized(version: TextVersion, values: Mapping[str, str]) -> Sequence[Clause]:
    """The clauses of a model text with the slots that are known filled in."""
    return [
        Clause(each.kind, clauses.filled(each.words, values), each.local, each.source)
        for each in parts_of(version)
    ]


def versions(measure_id: int) -> Sequence[TextVersion]:
    """All versions of a campaign's text with their clauses, newest first."""
    return db.scalars(
        select(TextVersion)
        .where(TextVersion.measure_id == measure_id)
        .order_by(TextVersion.number.desc())
        .options(selectinload(TextVersion.clauses))
    ).all()


def version(measure_id: int, number: int | None = None) -> TextVersion | None:
    """One version of a campaign's text with its clauses, without a number the newest."""
    query = select(TextVersion).where(TextVersion.measure_id == measure_id)
    if number is not None:
        query = query.where(TextVersion.number == number)
    newest = query.order_by(TextVersion.number.desc()).limit(1)
    return db.scalars(newest.options(selectinload(TextVersion.clauses))).first()


def numbers(measure_id: int) -> Sequence[tuple[int, bool]]:
    """The numbers of all versions, newest first, and whether each was adopted."""
    rows = db.execute(
        select(TextVersion.number, TextVersion.adopted)
        .where(TextVersion.measure_id == measure_id)
        .order_by(TextVersion.number.desc())
    )
    return [(row[0], row[1]) for row in rows]


def version_of_model(model_id: int) -> TextVersion | None:
    """The newest version of a model text."""
    return db.scalars(
        select(TextVersion)
        .where(TextVersion.model_id == model_id)
        .order_by(TextVersion.number.desc())
        .limit(1)
        .options(selectinload(TextVersion.clauses))
    ).first()


def parts_of(version: TextVersion) -> Sequence[Clause]:
    return [Clause(each.kind, each.words, each.local, each.source) for each in version.clauses]


def _new(title: str, parts: Sequence[Clause], *, note: str, by_id: int | None) -> TextVersion:
    if not parts:
        raise NoClauses
    clauses.check_slots(parts)
    ordered = clauses.ordered(parts)
    return TextVersion(
        title=title,
        note=note,
        by_id=by_id,
        made_at=clock.now(),
        clauses=[
            TextClause(
                position=number,
                kind=each.kind,
                words=each.words,
                local=each.local,
                source=each.source,
            )
            for number, each in enumerate(ordered)
        ],
    )


def _next(owned: ColumnElement[bool]) -> int:
    return (db.scalar(select(func.max(TextVersion.number)).where(owned)) or 0) + 1
