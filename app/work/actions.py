"""What people do with to-dos: begin a plan, add, give, finish, put off, drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from app.foundation import clock
from app.foundation.db import db, upsert
from app.work import spacing
from app.work.models import ToDo, ToDoState
from app.work.spacing import Step


@dataclass(frozen=True)
class Of:
    """What a plan is about and whose it is; `today` and `day` are dates of its own place."""

    alliance_id: int
    subject: str
    subject_id: int
    day: date
    today: date


def begin(plan: Of, steps: Sequence[Step], owner_id: int | None) -> Sequence[Step]:
    """Make the to-dos of a plan, each once, all for one owner; which steps no longer fit."""
    times = spacing.spaced(steps, plan.day, plan.today)
    rows = [
        {
            "alliance_id": plan.alliance_id,
            "subject": plan.subject,
            "subject_id": plan.subject_id,
            "key": step.key,
            "days_before": step.days_before,
            "office": step.office,
            "due_on": times.due[step.key],
            "state": ToDoState.OPEN,
            "title": "",
            "owner_id": owner_id,
            "created_at": clock.now(),
        }
        for step in steps
        if step.key in times.due
    ]
    if rows:
        once = [ToDo.subject, ToDo.subject_id, ToDo.key]
        db.execute(upsert(ToDo).values(rows).on_conflict_do_nothing(index_elements=once))
    return times.dropped


def add(plan: Of, title: str, due_on: date, owner_id: int | None) -> ToDo:
    """One more to-do in somebody's own words."""
    to_do = ToDo(
        alliance_id=plan.alliance_id,
        subject=plan.subject,
        subject_id=plan.subject_id,
        title=title,
        due_on=due_on,
        owner_id=owner_id,
        created_at=clock.now(),
    )
    db.add(to_do)
    db.flush()
    return to_do


def change(to_do: ToDo, *, due_on: date, owner_id: int | None, title: str = "") -> None:
    """Another day, another owner; one that somebody wrote may have other words."""
    to_do.due_on = due_on
    to_do.owner_id = owner_id
    if to_do.key is None:
        to_do.title = title or to_do.title


def finish(to_do: ToDo) -> None:
    _close(to_do, ToDoState.DONE)


def drop(to_do: ToDo) -> None:
    """It is not going to be done."""
    _close(to_do, ToDoState.DROPPED)


def reopen(to_do: ToDo) -> None:
    to_do.state = ToDoState.OPEN
    to_do.closed_at = None


def put_off(to_do: ToDo, today: date, day: date | None = None) -> None:
    """A week later, if there is a later day for it (see spacing)."""
    on = spacing.later(to_do.due_on, day, office=to_do.office, today=today)
    to_do.due_on = on or to_do.due_on


def give_back(to_do: ToDo) -> None:
    """Its owner cannot do it; the coordinators find somebody else."""
    to_do.owner_id = None


def move(plan: Of, by: timedelta) -> None:
    """What the plan is about moved: so do its open to-dos, none into the past."""
    for to_do in _open(plan.subject, plan.subject_id):
        to_do.due_on = spacing.shifted(to_do.due_on, by, office=to_do.office, today=plan.today)


def drop_open(subject: str, subject_id: int) -> None:
    """What the plan is about does not take place."""
    for to_do in _open(subject, subject_id):
        drop(to_do)


def drop_owned(subject: str, alliance_id: int, owner_id: int | None) -> None:
    """What somebody owed an alliance of all plans of this kind is not going to be done."""
    theirs = ToDo.alliance_id == alliance_id, ToDo.owner_id == owner_id
    of_kind = ToDo.subject == subject, ToDo.key.is_not(None), ToDo.state == ToDoState.OPEN
    closed = {"state": ToDoState.DROPPED, "closed_at": clock.now()}
    db.execute(update(ToDo).where(*theirs, *of_kind).values(closed))


def take_up(subject: str, subject_id: int, *, since: datetime) -> None:
    """What the plan is about takes place after all: steps left out since then are to be done."""
    left_out = ToDo.key.is_not(None), ToDo.state == ToDoState.DROPPED, ToDo.closed_at >= since
    for to_do in db.scalars(
        select(ToDo)
        .where(ToDo.subject == subject, ToDo.subject_id == subject_id, *left_out)
        .order_by(ToDo.id)
    ):
        reopen(to_do)


def forget_plan(subject: str, subject_id: int) -> None:
    """What the plan is about rests: what nobody did of it is planned anew another day."""
    planned = ToDo.subject == subject, ToDo.subject_id == subject_id, ToDo.key.is_not(None)
    db.execute(delete(ToDo).where(*planned, ToDo.state == ToDoState.OPEN))


def forget(subject: str, subject_id: int) -> None:
    """What the plan is about is thrown away."""
    db.execute(delete(ToDo).where(ToDo.subject == subject, ToDo.subject_id == subject_id))


def hand_over(from_id: int, into_id: int | None) -> None:
    """Another person, or nobody yet, owes what somebody owed."""
    db.execute(update(ToDo).where(ToDo.owner_id == from_id).values(owner_id=into_id))


def hand_over_open(alliance_id: int, from_id: int | None, into_id: int | None) -> int:
    """Another person owes what somebody owed an alliance and did not do; how much that is."""
    theirs = ToDo.alliance_id == alliance_id, ToDo.owner_id == from_id
    open_ones = update(ToDo).where(*theirs, ToDo.state == ToDoState.OPEN).values(owner_id=into_id)
    return len(db.scalars(open_ones.returning(ToDo.id)).all())


def _open(subject: str, subject_id: int) -> Sequence[ToDo]:
    return db.scalars(
        select(ToDo)
        .where(
            ToDo.subject == subject,
            ToDo.subject_id == subject_id,
            ToDo.state == ToDoState.OPEN,
        )
        .order_by(ToDo.id)
    ).all()


def _close(to_do: ToDo, state: ToDoState) -> None:
    if to_do.state == ToDoState.OPEN:
        to_do.state = state
        to_do.closed_at = clock.now()
