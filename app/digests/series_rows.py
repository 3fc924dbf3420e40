"""The rows of the series, which there are from the beginning although nobody writes them."""

from __future__ import annotations

from app.digests.models import Series, SeriesName
from app.foundation.db import db, upsert

FIRST = {
    SeriesName.WEEKLY: (3, "This week", "Esta semana"),
    SeriesName.MONTHLY: (1, "This month", "Este mes"),
    SeriesName.WELCOME: (0, "", ""),
}
"""Day and subjects with which a series begins: Thursdays, and the first of the month."""


def of(name: SeriesName, *, lock: bool = False) -> Series:
    """The row of a series, which is made off when first asked for with a lock."""
    found = db.get(Series, name, with_for_update=lock, populate_existing=lock)
    if found is not None:
        return found
    day, subject, subject_es = FIRST[name]
    if not lock:
        return Series(
            name=name, day=day, subject=subject, subject_es=subject_es, sections=[], version=1
        )
    values = {"name": name, "day": day, "subject": subject, "subject_es": subject_es}
    db.execute(upsert(Series).values(sections=[], version=1, **values).on_conflict_do_nothing())
    return db.get_one(Series, name, with_for_update=True)
