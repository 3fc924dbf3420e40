"""Reads of the library that deserve a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts import queries as accounts
from app.alliances import queries as alliances
from app.alliances.organization_models import Constituency
from app.foundation import text
from app.foundation.db import db
from app.foundation.policy import Viewer
from app.library.models import (
    Actor,
    Ask,
    Outcome,
    PointAudience,
    PointUse,
    Recommendation,
    RecommendationActor,
    RecommendationSet,
    Source,
    TalkingPoint,
)
from app.people.models import Person


def sources() -> Sequence[Source]:
    return db.scalars(select(Source).order_by(Source.position, Source.key)).all()


def recommendations(actor: Actor | None = None) -> Sequence[Recommendation]:
    """All recommendations and their items, with set, source and actors; three statements."""
    query = (
        select(Recommendation)
        .join(Recommendation.set)
        .options(
            contains_eager(Recommendation.set).joinedload(RecommendationSet.source),
            selectinload(Recommendation.actors),
        )
        .order_by(RecommendationSet.position, Recommendation.position)
    )
    if actor is not None:
        addressed = select(RecommendationActor.recommendation_id).where(
            RecommendationActor.actor == actor
        )
        query = query.where(
            or_(Recommendation.id.in_(addressed), Recommendation.parent_id.in_(addressed))
        )
    return db.scalars(query).all()


def recommendation(code: str) -> Recommendation | None:
    """By its code as it stands in an address, with all that is told about it; one statement."""
    written = func.lower(func.replace(Recommendation.code, " ", "-"))
    found = db.scalars(
        select(Recommendation)
        .join(Recommendation.set)
        .options(
            contains_eager(Recommendation.set).joinedload(RecommendationSet.source),
            joinedload(Recommendation.actors),
            joinedload(Recommendation.outcomes),
            joinedload(Recommendation.items),
        )
        .where(written == code.lower())
    )
    return found.unique().first()


def outcomes(recommendation_id: int) -> Sequence[Outcome]:
    """What became of a recommendation, the newest first."""
    return db.scalars(
        select(Outcome)
        .where(Outcome.recommendation_id == recommendation_id)
        .order_by(Outcome.on.desc(), Outcome.id.desc())
    ).all()


def asks_of(recommendation_id: int) -> list[tuple[Ask, list[TalkingPoint]]]:
    """What is asked for a recommendation, each with what one can say; one statement."""
    rows = db.execute(
        select(Ask, TalkingPoint)
        .outerjoin(
            TalkingPoint,
            (TalkingPoint.ask_id == Ask.id) & TalkingPoint.withdrawn_at.is_(None),
        )
        .where(Ask.recommendation_id == recommendation_id)
        .order_by(Ask.id, TalkingPoint.id)
    ).all()
    asks: dict[int, tuple[Ask, list[TalkingPoint]]] = {}
    for ask, point in rows:
        points = asks.setdefault(ask.id, (ask, []))[1]
        if point is not None:
            points.append(point)
    return list(asks.values())


def asks() -> list[tuple[Ask, str | None]]:
    """All asks, each with the code of the recommendation that it follows."""
    rows = db.execute(
        select(Ask, Recommendation.code)
        .outerjoin(Recommendation, Recommendation.id == Ask.recommendation_id)
        .order_by(Recommendation.position, Ask.id)
    ).all()
    return [(ask, code) for ask, code in rows]


def ask(key: str) -> Ask | None:
    return db.scalars(select(Ask).where(Ask.key == key)).first()


def main_recommendations() -> Sequence[Recommendation]:
    """Those that stand by themselves, without the items of lists."""
    return db.scalars(
        select(Recommendation)
        .where(Recommendation.parent_id.is_(None))
        .order_by(Recommendation.set_key, Recommendation.position)
    ).all()


def bank(audience: Constituency | None = None, tag: str = "") -> Select[TalkingPoint]:
    """The talking points that may be picked, with their sources; the newest facts first.

    One without an audience is for everybody.
    """
    query = (
        select(TalkingPoint)
        .options(joinedload(TalkingPoint.source))
        .where(TalkingPoint.withdrawn_at.is_(None))
        .order_by(TalkingPoint.as_of.desc(), TalkingPoint.id)
    )
    if audience is not None:
        anybody = select(PointAudience.point_id)
        theirs = anybody.where(PointAudience.constituency == audience)
        query = query.where(or_(TalkingPoint.id.in_(theirs), TalkingPoint.id.not_in(anybody)))
    if tag:
        query = query.where(_has_tag(tag))
    return query


def in_turn() -> Select[TalkingPoint]:
    """The bank in an order that new points do not disturb."""
    return bank().order_by(None).order_by(TalkingPoint.id)


def _has_tag(tag: str) -> ColumnElement[bool]:
    return (", " + TalkingPoint.tags + ",").contains(f", {tag},", autoescape=True)


def point(key: str) -> TalkingPoint | None:
    return db.scalars(
        select(TalkingPoint).options(joinedload(TalkingPoint.source)).where(TalkingPoint.key == key)
    ).first()


def point_with_wordings(key: str) -> TalkingPoint | None:
    """A point together with how it read before; one statement."""
    found = db.scalars(
        select(TalkingPoint)
        .options(joinedload(TalkingPoint.source), joinedload(TalkingPoint.wordings))
        .where(TalkingPoint.key == key)
    )
    return found.unique().first()


def audiences(point_ids: Iterable[int]) -> dict[int, list[Constituency]]:
    """For whom each of some points is made."""
    found: dict[int, list[Constituency]] = {}
    rows = db.scalars(
        select(PointAudience)
        .where(PointAudience.point_id.in_(list(point_ids)))
        .order_by(PointAudience.constituency)
    )
    for row in rows:
        found.setdefault(row.point_id, []).append(row.constituency)
    return found


def uses(point_id: int) -> Sequence[PointUse]:
    """Where a point is used, the newest first."""
    return db.scalars(
        select(PointUse)
        .where(PointUse.point_id == point_id)
        .order_by(PointUse.picked_at.desc(), PointUse.id.desc())
    ).all()


def old_uses(point: TalkingPoint) -> Sequence[PointUse]:
    """Where an earlier wording of a point is used."""
    return [use for use in uses(point.id) if use.revision < point.revision]


def uses_at(kind: str, subject_id: int) -> Sequence[PointUse]:
    """The points that one place uses."""
    return db.scalars(
        select(PointUse).where(PointUse.kind == kind, PointUse.subject_id == subject_id)
    ).all()


def points_with(ids: Collection[int]) -> Sequence[TalkingPoint]:
    """Points by their numbers."""
    return db.scalars(
        select(TalkingPoint).where(TalkingPoint.id.in_(ids)).order_by(TalkingPoint.id)
    ).all()


def bank_and(ids: Collection[int]) -> Sequence[TalkingPoint]:
    """The message bank, and points that may have been withdrawn since they were picked."""
    return db.scalars(
        select(TalkingPoint)
        .where(or_(TalkingPoint.withdrawn_at.is_(None), TalkingPoint.id.in_(ids)))
        .order_by(TalkingPoint.words)
        .options(joinedload(TalkingPoint.source))
    ).all()


def free_point_key(wanted: str) -> str:
    taken = select(TalkingPoint.key).where(TalkingPoint.key.startswith(wanted, autoescape=True))
    return text.free_slug(wanted, set(db.scalars(taken)))


def readers_of(uses: Iterable[PointUse]) -> list[tuple[Person, list[PointUse]]]:
    """Who is to be told about some uses: whoever picked and still has a say there.

    Otherwise the coordinators of the alliance, as long as there are any.
    """
    told: dict[int, list[PointUse]] = {}
    staff = {person.id for person in accounts.staff()}
    for use in uses:
        for reader_id in _told(use, staff):
            told.setdefault(reader_id, []).append(use)
    people = db.scalars(
        select(Person)
        .options(joinedload(Person.address))
        .where(Person.id.in_(told))
        .order_by(Person.id)
    )
    return [(person, told[person.id]) for person in people]


def _told(use: PointUse, staff: Collection[int]) -> Sequence[int]:
    picker, alliance_id = use.picked_by_id, use.alliance_id
    leading = [one.id for one in alliances.coordinators(alliance_id)] if alliance_id else []
    if picker is not None and (picker in leading or picker in staff or not leading):
        return [picker]
    return leading


def uses_seen_by(viewer: Viewer, point_id: int) -> Sequence[PointUse]:
    """Where a point is used, as far as somebody may know: staff all, coordinators their own."""
    led = [alliance.id for alliance in viewer.alliances_led]
    return [use for use in uses(point_id) if viewer.is_staff or use.alliance_id in led]
