"""Reads of renewals: what is to be asked for again, and what became of each place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.alliances.models import Alliance
from app.campaigns import stages
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, Stance
from app.campaigns.renewal_models import Renewal, RenewalState
from app.events.models import Edition, Observance
from app.foundation import clock
from app.foundation.db import db


class Became(StrEnum):
    """What became of a place in the year after it passed something."""

    LAPSED = "lapsed"
    DRAFTED = "drafted"
    RUNNING = "running"
    PASSED = "passed"
    EARLY = "early"
    ENDED = "ended"
    DECLINED = "declined"


def of_measure(measure_id: int, *, lock: bool = False) -> Renewal | None:
    """The renewal that a campaign came from, with last year's record."""
    query = (
        select(Renewal)
        .where(Renewal.measure_id == measure_id)
        .options(joinedload(Renewal.prior), joinedload(Renewal.measure))
    )
    return db.scalars(query.with_for_update(of=Renewal) if lock else query).first()


def of_prior(prior_id: int, year: int) -> Renewal | None:
    return db.scalars(
        select(Renewal)
        .where(Renewal.prior_id == prior_id, Renewal.year == year)
        .options(joinedload(Renewal.measure))
    ).first()


def offered(edition_id: int, alliance_id: int) -> Sequence[Renewal]:
    """What was drafted for an alliance when a day called."""
    return db.scalars(
        select(Renewal)
        .join(Renewal.prior)
        .join(Measure.body)
        .where(Renewal.edition_id == edition_id, _is_of([alliance_id]))
        .order_by(Renewal.id)
        .options(contains_eager(Renewal.prior), joinedload(Renewal.measure))
    ).all()


def waiting(alliance_id: int) -> Sequence[Renewal]:
    """The drafts that an alliance has not answered."""
    return db.scalars(
        select(Renewal)
        .join(Renewal.measure)
        .where(Renewal.state == RenewalState.DRAFTED, Measure.alliance_id == alliance_id)
        .order_by(Measure.target_on, Renewal.id)
        .options(
            contains_eager(Renewal.measure).joinedload(Measure.body), joinedload(Renewal.prior)
        )
    ).all()


def record(alliance_slug: str, measure_id: int) -> Measure | None:
    """A record that an alliance may ask for again: its own, or an import of its own council."""
    owner = func.coalesce(Measure.alliance_id, Body.alliance_id)
    return db.scalars(
        select(Measure)
        .join(Measure.body)
        .join(Alliance, Alliance.id == owner)
        .where(Measure.id == measure_id, Alliance.slug == alliance_slug)
        .options(contains_eager(Measure.body))
    ).first()


def to_renew(edition: Edition, alliance_ids: Collection[int] | None = None) -> Sequence[Measure]:
    """What these alliances, or all, got passed for this day a year before, and nobody asked for
    again yet; what passed early for the coming day stands."""
    query = (
        select(Measure)
        .join(Measure.body)
        .outerjoin(Measure.edition)
        .where(
            Measure.counted,
            Measure.year == edition.year - 1,
            or_(Measure.target_on.is_(None), Measure.target_on < edition.on),
            _is_for(edition),
            ~_is_asked_again(edition.year),
            ~exists().where(Renewal.prior_id == Measure.id, Renewal.year == edition.year),
        )
        .order_by(Measure.id)
        .options(contains_eager(Measure.body), contains_eager(Measure.edition))
    )
    return db.scalars(query.where(_is_of(alliance_ids))).all()


def asked_again(prior: Measure, year: int) -> Measure | None:
    """What the same council is asked for in that year by the same kind of paper."""
    return db.scalars(
        select(Measure)
        .where(
            Measure.body_id == prior.body_id,
            Measure.instrument == prior.instrument,
            Measure.stance == Stance.SUPPORT,
            Measure.year == year,
        )
        .order_by(Measure.id.desc())
        .limit(1)
    ).first()


def year_to_open() -> int:
    """This year while a day of it is ahead that somebody may ask again for; else the next one, if
    there is anything to ask for in it."""
    today = clock.today()
    day = extract("month", Measure.target_on) * 100 + extract("day", Measure.target_on)
    ahead = or_(Measure.target_on.is_(None), day >= today.month * 100 + today.day)
    now = passed_in(today.year - 1).where(is_lapsed(today.year), ahead)
    if db.scalar(select(now.exists())) or not db.scalar(select(passed_in(today.year).exists())):
        return today.year
    return today.year + 1


def passed_in(year: int) -> Select[Measure]:
    """Every place that passed something in a year, with its council and alliance."""
    return (
        select(Measure)
        .join(Measure.body)
        .where(Measure.counted, Measure.year == year)
        .options(contains_eager(Measure.body), joinedload(Measure.alliance))
    )


def became(priors: Sequence[Measure], year: int) -> Mapping[int, Became]:
    """What became of each of these in another year, in two statements."""
    numbers = [each.id for each in priors]
    answers = {
        prior_id: (state, measure_id)
        for prior_id, state, measure_id in db.execute(
            select(Renewal.prior_id, Renewal.state, Renewal.measure_id).where(
                Renewal.prior_id.in_(numbers), Renewal.year == year
            )
        )
    }
    newer = {
        (measure.body_id, measure.instrument): measure
        for measure in db.scalars(
            select(Measure)
            .where(
                Measure.body_id.in_({each.body_id for each in priors}),
                Measure.year == year,
                Measure.stance == Stance.SUPPORT,
            )
            .order_by(Measure.id)
        )
    }
    return {
        each.id: Became.EARLY
        if each.target_on is not None and each.target_on.year >= year  # it passed early
        else _became(answers.get(each.id), newer.get((each.body_id, each.instrument)))
        for each in priors
    }


def reasons(prior_ids: Collection[int], year: int) -> Mapping[int, str]:
    """Why alliances do not ask again in a year."""
    rows = db.execute(
        select(Renewal.prior_id, Renewal.reason).where(
            Renewal.prior_id.in_(prior_ids),
            Renewal.year == year,
            Renewal.state == RenewalState.DECLINED,
        )
    )
    return dict(rows.all())


def lapsed(alliance_id: int) -> Sequence[Measure]:
    """What an alliance got passed last year and nobody asks for this year."""
    year = clock.today().year
    return db.scalars(
        passed_in(year - 1)
        .where(is_lapsed(year), _is_of([alliance_id]))
        .order_by(Measure.place, Measure.id)
    ).all()


def is_lapsed(year: int) -> ColumnElement[bool]:
    """Whether nobody asks a council again in this year; a draft that waits is no asking, and what
    passed early for a day of this year need not be asked for again."""
    drafted = exists().where(
        Renewal.prior_id == Measure.id,
        Renewal.year == year,
        Renewal.state == RenewalState.DRAFTED,
    )
    stands = and_(Measure.target_on.is_not(None), Measure.target_on >= date(year, 1, 1))
    return and_(~stands, or_(~_is_asked_again(year), drafted))


def _became(answer: tuple[RenewalState, int | None] | None, newer: Measure | None) -> Became:
    if answer is not None and answer[0] == RenewalState.DECLINED and newer is None:
        return Became.DECLINED
    if newer is None:
        return Became.LAPSED
    if answer == (RenewalState.DRAFTED, newer.id):
        return Became.DRAFTED
    if newer.counted:
        return Became.PASSED
    return Became.ENDED if newer.stage in stages.TERMINAL else Became.RUNNING


def _is_asked_again(year: int) -> ColumnElement[bool]:
    newer = aliased(Measure)
    return exists().where(
        newer.body_id == Measure.body_id,
        newer.instrument == Measure.instrument,
        newer.stance == Stance.SUPPORT,
        newer.year == year,
    )


def _is_of(alliance_ids: Collection[int] | None) -> ColumnElement[bool]:
    """Of these alliances, or of any; what came by an import is of the council's alliance."""
    owner = func.coalesce(Measure.alliance_id, Body.alliance_id)
    return owner.is_not(None) if alliance_ids is None else owner.in_(alliance_ids)


def _is_for(edition: Edition) -> ColumnElement[bool]:
    """For the same day a year before: by its edition, by its date, else by its name."""
    observance = db.get_one(Observance, edition.observance_key)
    names = {observance.name, observance.short_name, *observance.also_known_as}
    last = db.scalar(
        select(Edition.on).where(
            Edition.observance_key == edition.observance_key, Edition.year == edition.year - 1
        )
    )
    month, day = (last.month, last.day) if last else (observance.month, observance.day)
    return or_(
        Edition.observance_key == edition.observance_key,
        and_(
            Measure.edition_id.is_(None),
            extract("month", Measure.target_on) == (month or 0),
            extract("day", Measure.target_on) == (day or 0),
        ),
        and_(
            Measure.edition_id.is_(None),
            Measure.target_on.is_(None),
            or_(*(Measure.sought.contains(name.lower(), autoescape=True) for name in names)),
        ),
    )
