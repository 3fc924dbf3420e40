"""How all mail stands, counted from the rows: for the page of staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.foundation import clock
from app.foundation.db import db
from app.foundation.pagecontext import local_date
from app.foundation.tables import Column, Listing
from app.mail.models import Delivery, Mailing, Message, SendState, Suppression
from app.mail.words import MAILING_STATES, PURPOSES, SUPPRESSIONS

FAILURES_SHOWN = 20
NEW_YORK = "America/New_York"

MAILINGS: Listing[Mailing] = Listing(
    name="mailings",
    columns=[
        Column("title", _l("Mailing"), lambda m: m.title),
        Column("purpose", _l("About"), lambda m: str(PURPOSES[m.purpose]), sort=Mailing.purpose),
        Column("state", _l("State"), lambda m: str(MAILING_STATES[m.state]), sort=Mailing.state),
        Column("due", _l("Due"), lambda m: local_date(m.due_at, NEW_YORK), sort=Mailing.due_at),
    ],
    sort="due",
    tie_break=Mailing.id.desc(),
    descending=True,
    size=25,
)
SUPPRESSED: Listing[Suppression] = Listing(
    name="do-not-email",
    columns=[
        Column("address", _l("Address"), lambda s: s.masked, sort=Suppression.masked),
        Column("reason", _l("Why"), lambda s: str(SUPPRESSIONS[s.reason]), sort=Suppression.reason),
        Column("words", _l("What their server said"), lambda s: s.detail),
        Column("since", _l("Since"), lambda s: local_date(s.at, NEW_YORK), sort=Suppression.at),
    ],
    sort="since",
    tie_break=Suppression.digest,
    descending=True,
)


@dataclass(frozen=True)
class Overview:
    """All mail at a glance; `oldest` is since when the oldest due mail waits."""

    by_state: Mapping[SendState, int]
    in_doubt: int
    oldest: datetime | None
    failures: Sequence[tuple[str, int]]


def overview() -> Overview:
    """Messages and deliveries together."""
    counts = union_all(
        *(
            select(table.state, func.count().label("number")).group_by(table.state)
            for table in (Message, Delivery)
        )
    ).subquery()
    rows = select(counts.c.state, func.sum(counts.c.number)).group_by(counts.c.state)
    return Overview(
        by_state={SendState(state): int(number) for state, number in db.execute(rows)},
        in_doubt=_count(Message.in_doubt) + _count(Delivery.in_doubt),
        oldest=_oldest(),
        failures=_failures(),
    )


def mailings() -> Select[Any]:
    return select(Mailing)


def suppressed() -> Select[Any]:
    return select(Suppression)


def _count(mark: InstrumentedAttribute[bool]) -> int:
    return db.scalar(select(func.count()).where(mark)) or 0


def _oldest() -> datetime | None:
    now = clock.now()
    waits = [
        db.scalar(select(func.min(table.due_at)).where(_is_due(table, now)))
        for table in (Message, Delivery)
    ]
    return min((at for at in waits if at is not None), default=None)


def _is_due(table: type[Message] | type[Delivery], now: datetime) -> ColumnElement[bool]:
    return (table.state == SendState.WAITING) & (table.due_at <= now)


def _failures() -> Sequence[tuple[str, int]]:
    """What servers said when they refused, the most frequent first."""
    said = union_all(
        *(
            select(table.reason.label("words")).where(table.state == SendState.FAILED)
            for table in (Message, Delivery)
        )
    ).subquery()
    number = func.count()
    rows = db.execute(
        select(said.c.words, number)
        .group_by(said.c.words)
        .order_by(number.desc(), said.c.words)
        .limit(FAILURES_SHOWN)
    )
    return [(words, int(times)) for words, times in rows]
