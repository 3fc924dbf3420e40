"""Versions of texts, of a campaign or of a model: save one, read the newest or a certain one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from app.accounts.audit import audit
from app.campaigns import clauses, text_points
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import ModelText, TextClause, TextVersion
from app.foundation import clock
from app.foundation.db import db


class NoClauses(Exception):
    """Nothing in the text reads as a clause."""


class NewerVersion(Exception):
    """Somebody saved another version since this one was opened; `number` is the newest."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Draft:
    """What somebody wrote. `base` is the version that they began with, where that matters."""

    title: str
    parts: Sequence[Clause]
    note: str = ""
    base: int | None = None


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
    draft = Draft(title, parts, note)
    return save(measure, draft, by_id=by_id, adopted=adopted)


def save(
    measure: Measure,
    draft: Draft,
    *,
    by_id: int | None,
    adopted: bool = False,
    model_version_id: int | None = None,
) -> TextVersion:
    """A new version of a campaign's text. Raises UnknownSlot, NoClauses, NewerVersion.

    What it was begun from is what the version before was, unless `model_version_id` says.
    """
    before = _newest(TextVersion.measure_id == measure.id)
    version = _new(draft, before, by_id=by_id)
    version.measure_id, version.adopted = measure.id, adopted
    begun_from = model_version_id or (before.model_version_id if before else None)
    version.model_version_id = begun_from
    db.add(version)
    db.flush()
    text_points.note(text_points.of_measure(measure), draft.parts, by_id=by_id)
    audit("campaigns", "text", measure.id, number=version.number)
    return version


def save_model(model: ModelText, draft: Draft, *, by_id: int | None) -> TextVersion:
    """A new version of a model text. Raises UnknownSlot, NoClauses, NewerVersion."""
    before = _newest(TextVersion.model_id == model.id)
    version = _new(draft, before, by_id=by_id)
    version.model_id = model.id
    model.title, model.updated_at = draft.title, clock.now()
    db.add(version)
    db.flush()
    text_points.note(text_points.of_model(model), draft.parts, by_id=by_id)
    audit("campaigns", "model text", model.id, number=version.number)
    return version


def localized(version: TextVersion, values: Mapping[str, str]) -> Sequence[Clause]:
    """The clauses of a model text with the slots that are known filled in."""
    return clauses.all_filled(parts_of(version), values)


def versions(measure_id: int) -> Sequence[TextVersion]:
    """All versions of a campaign's text with their clauses, newest first."""
    return _all(TextVersion.measure_id == measure_id)


def versions_of_model(model_id: int) -> Sequence[TextVersion]:
    """All versions of a model text with their clauses, newest first."""
    return _all(TextVersion.model_id == model_id)


def version(measure_id: int, number: int | None = None) -> TextVersion | None:
    """One version of a campaign's text with its clauses, without a number the newest."""
    return _one(TextVersion.measure_id == measure_id, number)


def current(measure_id: int) -> TextVersion | None:
    """The text as it was adopted, before that its newest version."""
    adopted = TextVersion.adopted & (TextVersion.measure_id == measure_id)
    return _one(adopted, None) or version(measure_id)


def version_of_model(model_id: int, number: int | None = None) -> TextVersion | None:
    """One version of a model text with its clauses, without a number the newest."""
    return _one(TextVersion.model_id == model_id, number)


def by_id(version_id: int) -> TextVersion | None:
    return _one(TextVersion.id == version_id, None)


def numbers(measure_id: int) -> Sequence[tuple[int, bool]]:
    """The numbers of all versions, newest first, and whether each was adopted."""
    rows = db.execute(
        select(TextVersion.number, TextVersion.adopted)
        .where(TextVersion.measure_id == measure_id)
        .order_by(TextVersion.number.desc())
    )
    return [(row[0], row[1]) for row in rows]


def parts_of(version: TextVersion) -> Sequence[Clause]:
    return [
        Clause(each.kind, each.words, each.local, each.source, each.point_id)
        for each in version.clauses
    ]


def _all(owned: ColumnElement[bool]) -> Sequence[TextVersion]:
    return db.scalars(
        select(TextVersion)
        .where(owned)
        .order_by(TextVersion.number.desc())
        .options(selectinload(TextVersion.clauses))
    ).all()


def _one(owned: ColumnElement[bool], number: int | None) -> TextVersion | None:
    query = select(TextVersion).where(owned)
    if number is not None:
        query = query.where(TextVersion.number == number)
    newest = query.order_by(TextVersion.number.desc()).limit(1)
    return db.scalars(newest.options(selectinload(TextVersion.clauses))).first()


def _newest(owned: ColumnElement[bool]) -> TextVersion | None:
    newest = select(TextVersion).where(owned).order_by(TextVersion.number.desc())
    return db.scalars(newest.limit(1)).first()


def _new(draft: Draft, before: TextVersion | None, *, by_id: int | None) -> TextVersion:
    if not draft.parts:
        raise NoClauses
    clauses.check_slots([Clause(ClauseKind.PREAMBULAR, draft.title), *draft.parts])
    newest = before.number if before else 0
    if draft.base is not None and draft.base != newest:
        raise NewerVersion(newest)
    return TextVersion(
        number=newest + 1,
        title=draft.title,
        note=draft.note,
        by_id=by_id,
        made_at=clock.now(),
        clauses=[
            TextClause(
                position=number,
                kind=each.kind,
                words=each.words,
                local=each.local,
                source=each.source,
                point_id=each.point_id,
            )
            for number, each in enumerate(clauses.ordered(draft.parts))
        ],
    )
