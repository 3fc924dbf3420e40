"""How much mail left lately: counted by the minute while it leaves, so that showing it is cheap.

What a worker that is killed counted in its last seconds is lost; the rows of mail are the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

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


def add(counted: Mapping[tuple[str, Fate], int]) -> None:
    """Add what was counted by provider and fate to this minute."""
    rows: dict[str, Counter[str]] = {}
    for (provider, fate), number in counted.items():
        rows.setdefault(provider, Counter())[COLUMN[fate]] += number
    minute = _minute(clock.now())
    statement = upsert(Tally).values(
        [
            {"minute": minute, "provider": provider, **{n: row[n] for n in set(COLUMN.values())}}
            for provider, row in sorted(rows.items())
        ]
    )
    more = {
        name: Tally.__table__.c[name] + statement.excluded[name] for name in set(COLUMN.values())
    }
    db.execute(statement.on_conflict_do_update(index_elements=["minute", "provider"], set_=more))


def sent_a_minute() -> float:
    """Mails that left in a minute, over this one and the one before."""
    now = clock.now()
    begin = _minute(now) - timedelta(minutes=1)
    return _sent(begin) / (now - begin).total_seconds() * 60


def sent_in_an_hour() -> int:
    return _sent(_minute(clock.now()) - timedelta(minutes=59))


def best_pace() -> float:
    """Mails a second in the busiest minute that we remember; 0 without one that tells anything."""
    total = func.sum(Tally.sent)
    minutes = select(total.label("sent")).group_by(Tally.minute).subquery()
    best = db.scalar(select(func.max(minutes.c.sent))) or 0
    return int(best) / 60 if best >= LEAST_TO_JUDGE else 0.0


def lately() -> Mapping[str, tuple[int, int, int]]:
    """By provider what was sent, failed and was put off in the last hour."""
    since = _minute(clock.now()) - timedelta(minutes=59)
    rows = db.execute(
        select(
            Tally.provider, func.sum(Tally.sent), func.sum(Tally.failed), func.sum(Tally.put_off)
        )
        .where(Tally.minute >= since)
        .group_by(Tally.provider)
        .order_by(func.sum(Tally.sent).desc(), Tally.provider)
    )
    return {provider: (int(sent), int(failed), int(off)) for provider, sent, failed, off in rows}


def _sent(since: datetime) -> int:
    return int(db.scalar(select(func.sum(Tally.sent)).where(Tally.minute >= since)) or 0)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
