"""Reads of to-dos that deserve a name; each is one statement whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.alliances import queries as alliances
from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.foundation import clock
from app.foundation.db import db
from app.people.models import Person, Standing
from app.work.models import ToDo, ToDoState
from app.work.namesakes import told_apart

A_WEEK = timedelta(days=7)
OFFERED = 300
"""So many names a list to choose from holds at most."""


def of_alliance(alliance_id: int) -> Select[ToDo]:
    """All to-dos of an alliance with their owners."""
    return (
        select(ToDo)
        .outerjoin(ToDo.owner)
        .where(ToDo.alliance_id == alliance_id)
        .options(contains_eager(ToDo.owner))
    )


def about(subject: str, subject_id: int) -> Sequence[ToDo]:
    """The plan of one thing, in the order in which it is due."""
    return db.scalars(
        select(ToDo)
        .where(ToDo.subject == subject, ToDo.subject_id == subject_id)
        .order_by(ToDo.due_on, ToDo.id)
        .options(joinedload(ToDo.owner))
    ).all()


def this_week(alliance_id: int, today: date, *, limit: int) -> Sequence[ToDo]:
    """What is due in the coming seven days or should have been done, the oldest first."""
    return db.scalars(
        select(ToDo)
        .where(
            ToDo.alliance_id == alliance_id,
            ToDo.state == ToDoState.OPEN,
            ToDo.due_on < today + A_WEEK,
        )
        .order_by(ToDo.due_on, ToDo.id)
        .limit(limit)
        .options(joinedload(ToDo.owner))
    ).all()


def to_do(alliance_slug: str, number: int, *, lock: bool = False) -> ToDo | None:
    """A to-do by its number, only if it belongs to that alliance."""
    query = (
        select(ToDo)
        .join(ToDo.alliance)
        .where(ToDo.id == number, Alliance.slug == alliance_slug)
        .options(contains_eager(ToDo.alliance), joinedload(ToDo.owner))
    )
    return db.scalars(query.with_for_update(of=ToDo) if lock else query).first()


def owned(number: int, person_id: int, *, lock: bool = False) -> ToDo | None:
    """An open to-do of a person who still belongs to its alliance."""
    query = (
        select(ToDo)
        .join(ToDo.owner)
        .where(ToDo.id == number, ToDo.owner_id == person_id, _is_owed())
        .options(joinedload(ToDo.alliance))
    )
    return db.scalars(query.with_for_update(of=ToDo) if lock else query).first()


def owed_by(person_id: int, until: date) -> Sequence[ToDo]:
    """What a person has to do until a day, the oldest first."""
    return db.scalars(
        select(ToDo)
        .join(ToDo.owner)
        .where(ToDo.owner_id == person_id, ToDo.due_on <= until, _is_owed())
        .order_by(ToDo.due_on, ToDo.id)
        .options(joinedload(ToDo.alliance))
    ).all()


def owners(zone: str, due: ColumnElement[bool]) -> Select[Person]:
    """The people of a time zone with open to-dos that are due so, and with their address."""
    return (
        select(Person)
        .where(
            Person.time_zone == zone,
            Person.standing == Standing.ACTIVE,
            exists().where(ToDo.owner_id == Person.id, due, _is_owed()).correlate(Person),
        )
        .options(joinedload(Person.address))
        .order_by(Person.id)
    )


def zones() -> Sequence[str]:
    """The time zones of everybody who has something to do."""
    return db.scalars(
        select(Person.time_zone)
        .join(ToDo, ToDo.owner_id == Person.id)
        .where(ToDo.state == ToDoState.OPEN)
        .distinct()
        .order_by(Person.time_zone)
    ).all()


def who_may_own(alliance_id: int, *, discreet: bool) -> Sequence[tuple[int, str]]:
    """Number and name of an alliance's coordinators and members, by name, each told apart.

    `discreet` adds those who are known only to the coordinator.
    """
    shown = Person.standing == Standing.ACTIVE
    rows = db.execute(
        select(Person.id, Person.name, _since(alliance_id))
        .where(
            shown if discreet else and_(shown, Person.discreet.is_(False)),
            or_(_is_member(alliance_id), _serves(alliance_id)),
        )
        .order_by(func.lower(Person.name), Person.id)
        .limit(OFFERED)
    )
    return told_apart((number, name, since) for number, name, since in rows)


def _since(alliance_id: int) -> ScalarSelect[datetime]:
    """Since when somebody is a member of an alliance."""
    return (
        select(func.min(Membership.since))
        .where(
            Membership.person_id == Person.id,
            Membership.alliance_id == alliance_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(Person)
        .scalar_subquery()
    )


def _is_owed() -> ColumnElement[bool]:
    """Open, and its owner still belongs to the alliance."""
    belongs = or_(_is_member(ToDo.alliance_id), _serves(ToDo.alliance_id))
    return and_(ToDo.state == ToDoState.OPEN, belongs)


def _is_member(alliance_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Membership.person_id == Person.id,
            Membership.alliance_id == alliance_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(Person, ToDo)
    )


def _serves(alliance_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            CoordinatorTerm.person_id == Person.id,
            CoordinatorTerm.alliance_id == alliance_id,
            alliances.serves(clock.today()),
        )
        .correlate(Person, ToDo)
    )
