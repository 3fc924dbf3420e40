"""Talking points: written, corrected, withdrawn, and picked for use somewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from app.accounts.audit import audit
from app.alliances.organization_models import Constituency
from app.foundation import clock, text
from app.foundation.db import db
from app.library import indexing, mails, queries
from app.library.models import (
    MOST_WORDS,
    PointAudience,
    PointKind,
    PointUse,
    PointWording,
    TalkingPoint,
)


class TooManyWords(ValueError):
    """More than 40 words."""


class NoSource(ValueError):
    """A point needs a source or a link."""


class NoClaim(ValueError):
    """A response answers a claim."""


@dataclass(frozen=True)
class Draft:
    """What staff write of a talking point."""

    words: str
    as_of: date
    kind: PointKind = PointKind.POINT
    claim: str = ""
    source_key: str | None = None
    section: str = ""
    link: str = ""
    ask_id: int | None = None
    tags: str = ""
    audience: Sequence[Constituency] = ()


@dataclass(frozen=True)
class Place:
    """Where a point is used: a clause of a resolution, a visit, a letter, an item of a digest."""

    kind: str
    subject_id: int
    where: str
    path: str = ""
    alliance_id: int | None = None


def write(draft: Draft, key: str = "") -> TalkingPoint:
    """Add a point to the message bank. Raises TooManyWords, NoSource, NoClaim."""
    _check(draft)
    point = TalkingPoint(
        key=key or queries.free_point_key(text.slug(draft.words, "point")),
        kind=draft.kind,
        claim=draft.claim,
        words=draft.words,
        source_key=draft.source_key,
        section=draft.section,
        link=draft.link,
        ask_id=draft.ask_id,
        tags=draft.tags,
        as_of=draft.as_of,
        created_at=clock.now(),
    )
    db.add(point)
    db.flush()
    set_audience(point, draft.audience)
    indexing.point(point)
    return point


def set_audience(point: TalkingPoint, audience: Sequence[Constituency]) -> None:
    db.execute(delete(PointAudience).where(PointAudience.point_id == point.id))
    for constituency in audience:
        db.add(PointAudience(point_id=point.id, constituency=constituency))


def correct(point: TalkingPoint, words: str, why: str, as_of: date) -> int:
    """Word a point anew and tell whoever uses the old wording; how many uses there are.

    Raises TooManyWords. The same words change nothing.
    """
    if count_words(words) > MOST_WORDS:
        raise TooManyWords
    if words == point.words:
        return 0
    now = clock.now()
    db.add(
        PointWording(
            point_id=point.id, revision=point.revision, words=point.words, why=why, until=now
        )
    )
    was = point.words
    point.words, point.as_of, point.corrected_at = words, as_of, now
    point.revision += 1
    indexing.point(point)
    audit("library", "point corrected", point.id)
    uses = queries.old_uses(point)
    mails.corrected(point, was, why, uses)
    return len(uses)


def withdraw(point: TalkingPoint) -> None:
    """Take a point out of the bank; where it is used, it is marked as old."""
    point.withdrawn_at = clock.now()
    indexing.point(point)
    audit("library", "point withdrawn", point.id)


def pick(point: TalkingPoint, place: Place, *, by: int | None) -> PointUse:
    """Note that the wording of today is used somewhere; picking again brings it up to date."""
    use = db.scalars(
        select(PointUse).where(
            PointUse.point_id == point.id,
            PointUse.kind == place.kind,
            PointUse.subject_id == place.subject_id,
        )
    ).first()
    if use is None:
        use = PointUse(point_id=point.id, kind=place.kind, subject_id=place.subject_id)
        db.add(use)
    use.where, use.path, use.alliance_id = place.where, place.path, place.alliance_id
    use.revision, use.picked_by_id, use.picked_at = point.revision, by, clock.now()
    db.flush()
    return use


def leave(place: Place, *, keep: Collection[int] = ()) -> None:
    """Forget that points are used somewhere, all but those to keep."""
    db.execute(
        delete(PointUse).where(
            PointUse.kind == place.kind,
            PointUse.subject_id == place.subject_id,
            PointUse.point_id.not_in(keep),
        )
    )


def count_words(words: str) -> int:
    return len(words.split())


def _check(draft: Draft) -> None:
    if count_words(draft.words) > MOST_WORDS:
        raise TooManyWords
    if not (draft.source_key or draft.link):
        raise NoSource
    if draft.kind == PointKind.RESPONSE and not draft.claim:
        raise NoClaim
