"""How much mail left lately: counted by the minute while it leaves, so that showing it is cheap.

What a worker that is killed counted in its last seconds is lost; the rows of mail are the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.foundation import clock
from app.foundation.db import db, upsert
from app.mail.models import Tally
from app.mail.wire import Fate

LEAST_TO_JUDGE = 100
COLUMN = {
    Fate.SENT: "sent",
    Fate.PERMANENT: "failed",
    Fate.TRANSIENT: "put_off",
    Fate.DOUBT: "put_off",
}
COLUMNS = set(COLUMN.values())


def add(counted: Mapping[tuple[str, Fate], int]) -> None:
    """Add what was counted by provider and fate to this minute."""
    rows: dict[str, Counter[str]] = {}
    for (provider, fate), number in counted.items():
        rows.setdefault(provider, Counter())[COLUMN[fate]] += number
    minute = _minute(clock.now())
    statement = upsert(Tally).values(
        [
            {"minute": minute, "provider": provider, **{name: row[name] for name in COLUMNS}}
            for provider, row in sorted(rows.items())
        ]
    )
    more = {name: Tally.__table__.c[name] + statement.excluded[name] for name in COLUMNS}
    db.execute(statement.on_conflict_do_update(index_elements=["minute", "provider"], set_=more))


def sent_a_minute() -> float:
    """Mails that left in a minute, over this one and the one before."""
    now = clock.now()
    begin = _minute(now) - timedelta(minutes=1)
    return _total(Tally.sent, begin) / (now - begin).total_seconds() * 60


def sent_in_an_hour() -> int:
    return _total(Tally.sent, _an_hour())


def refused_in_an_hour() -> int:
    return _total(Tally.failed, _an_hour())


def best_pace() -> float:
    """Mails a second in the busiest minute that we remember; 0 without one that tells anything."""
    minutes = select(func.sum(Tally.sent).label("sent")).group_by(Tally.minute).subquery()
    best = db.scalar(select(func.max(minutes.c.sent))) or 0
    return int(best) / 60 if best >= LEAST_TO_JUDGE else 0.0


def lately() -> Mapping[str, tuple[int, int, int]]:
    """By provider what was sent, failed and was put off in the last hour."""
    rows = db.execute(
        select(
            Tally.provider, func.sum(Tally.sent), func.sum(Tally.failed), func.sum(Tally.put_off)
        )
        .where(Tally.minute >= _an_hour())
        .group_by(Tally.provider)
        .order_by(func.sum(Tally.sent).desc(), Tally.provider)
    )
    return {provider: (int(sent), int(failed), int(off)) for provider, sent, failed, off in rows}


def _total(column: Any, since: datetime) -> int:
    return int(db.scalar(select(func.sum(column)).where(Tally.minute >= since)) or 0)


def _an_hour() -> datetime:
    return _minute(clock.now()) - timedelta(minutes=59)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
