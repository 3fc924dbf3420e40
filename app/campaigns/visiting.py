"""Visits to those who decide: planned, reported, followed up, thanked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.campaigns import congress, contacting
from app.campaigns.measure_models import Measure
from app.campaigns.visit_models import Visit, VisitGuest, VisitState
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person
from app.work import actions as work
from app.work import queries as to_dos
from app.work.models import ToDo
from app.work.registry import About, Subject, register
from app.work.spacing import Step

SUBJECT = "visit"
THANKS = Step("thanks", _l("Send a thank-you for the visit"), -2)


@dataclass(frozen=True)
class Planned:
    """Whom somebody visits, when, and what is to be asked there."""

    office: str
    seat_id: int | None
    legislator_id: str | None
    on: date
    at: str
    place: str
    wanted: str
    owner_id: int | None
    guests: Collection[int]


@dataclass(frozen=True)
class Report:
    """What was said at a visit, and what either side promised."""

    people_met: str
    answer: str
    they_promised: str
    we_promised: str


def plan(measure: Measure, planned: Planned) -> Visit:
    visit = Visit(measure_id=measure.id, on=planned.on, created_at=clock.now())
    db.add(visit)
    change(visit, planned)
    audit("campaigns", "visit planned", visit.id)
    return visit


def change(visit: Visit, planned: Planned, *, keep: Collection[int] = ()) -> None:
    """Another day, office or delegation; those of `keep` go along in any case."""
    visit.office, visit.seat_id = planned.office, planned.seat_id
    visit.legislator_id = planned.legislator_id
    visit.on, visit.at, visit.place = planned.on, planned.at, planned.place
    visit.wanted, visit.owner_id = planned.wanted, planned.owner_id
    db.flush()
    guests = {*planned.guests, *keep}
    db.execute(delete(VisitGuest).where(VisitGuest.visit_id == visit.id))
    db.add_all(VisitGuest(visit_id=visit.id, person_id=each) for each in guests)
    db.flush()


class NotYet(Exception):
    """The day of the visit is still to come."""


def report(visit: Visit, told: Report) -> None:
    """It took place; a thank-you is due within two days. Again corrects what was written.

    Raises NotYet.
    """
    if visit.on > clock.today():
        raise NotYet
    visit.people_met, visit.answer = told.people_met, told.answer
    visit.they_promised, visit.we_promised = told.they_promised, told.we_promised
    visit.state, visit.reported_at = VisitState.HELD, clock.now()
    if visit.thanked_on is None:
        work.begin(_of(visit), [THANKS], visit.owner_id)
    audit("campaigns", "visit reported", visit.id)


def call_off(visit: Visit) -> None:
    """It does not take place."""
    visit.state = VisitState.CALLED_OFF
    work.drop_open(SUBJECT, visit.id)
    audit("campaigns", "visit called off", visit.id)


def thank(visit: Visit) -> None:
    """The thank-you was sent today; the to-do is done."""
    visit.thanked_on = clock.today()
    for to_do in to_dos.about(SUBJECT, visit.id):
        if to_do.key == THANKS.key:
            work.finish(to_do)


def follow_up(visit: Visit, title: str, due_on: date, owner_id: int | None) -> ToDo:
    """Something that the visit leaves to be done."""
    return work.add(_of(visit), title, due_on, owner_id)


def of_measure(measure_id: int) -> Sequence[Visit]:
    """All visits of a campaign, the newest first."""
    return db.scalars(
        select(Visit)
        .where(Visit.measure_id == measure_id)
        .order_by(Visit.on.desc(), Visit.id.desc())
        .options(joinedload(Visit.owner))
    ).all()


def numbered(measure: Measure, number: int) -> Visit | None:
    """A visit by its number, only if it is of that campaign."""
    return db.scalars(
        select(Visit)
        .join(Visit.measure)
        .where(Visit.id == number, Visit.measure_id == measure.id)
        .options(contains_eager(Visit.measure), joinedload(Visit.owner), joinedload(Visit.seat))
    ).first()


def guests(visit_id: int) -> Sequence[Person]:
    """Whoever of us goes along."""
    rows = db.scalars(
        select(VisitGuest)
        .where(VisitGuest.visit_id == visit_id)
        .options(joinedload(VisitGuest.person))
        .order_by(VisitGuest.person_id)
    )
    return [each.person for each in rows]


def offices(measure: Measure) -> Sequence[tuple[str, str]]:
    """Whom a campaign may visit: who sits in its council, and its state in Congress."""
    seats = [
        (f"seat-{each.seat_id}", f"{each.name}, {each.seat}")
        for each in contacting.officials(measure.body_id)
    ]
    members = congress.members(measure)
    return [*seats, *((f"congress-{each.id}", congress.title_of(each)) for each in members)]


def _of(visit: Visit) -> work.Of:
    """Counted from today where the visit is over: nothing is born late."""
    measure = db.get_one(Measure, visit.measure_id)
    if measure.alliance_id is None:
        raise ValueError("only campaigns of an alliance have a desk")
    today = clock.today()
    return work.Of(measure.alliance_id, SUBJECT, visit.id, max(visit.on, today), today)


def _describe(visit_ids: Collection[int]) -> Mapping[int, About]:
    if not visit_ids:
        return {}
    rows = db.execute(
        select(Visit.id, Visit.office, Measure.id, Alliance.slug)
        .join(Visit.measure)
        .join(Measure.alliance)
        .where(Visit.id.in_(visit_ids))
    )
    return {
        number: About(
            office,
            "campaigns.visit",
            {"alliance": slug, "measure_id": measure_id, "number": number},
        )
        for number, office, measure_id, slug in rows
    }


register(Subject(SUBJECT, {THANKS.key: THANKS.title}, _describe))
