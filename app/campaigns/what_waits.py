"""What coordinators entered and staff agree to, in the list of approvals: words, and passed."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import approvals
from app.accounts.approvals import Waiting
from app.alliances.models import Alliance
from app.campaigns import measure_queries
from app.campaigns.measure_models import Measure, Sponsorship
from app.foundation.db import db


@approvals.register
def _waiting() -> list[Waiting]:
    return [*_words(), *_passed()]


def _words() -> Iterator[Waiting]:
    rows = db.execute(
        select(Sponsorship, Measure, Alliance.slug)
        .join(Measure, Measure.id == Sponsorship.measure_id)
        .join(Alliance, Alliance.id == Measure.alliance_id)
        .where(Sponsorship.words != "", Sponsorship.words_agreed.is_(False))
        .order_by(Sponsorship.id)
    )
    for row, measure, alliance in rows:
        yield Waiting(
            title=measure.title,
            what=_("What a sponsor said, to be published: %(name)s", name=row.name or row.post),
            endpoint="campaigns.desk_sponsors",
            values={"alliance": alliance, "measure_id": measure.id},
            since=row.words_on or measure.updated_at,
        )


def _passed() -> Iterator[Waiting]:
    for measure in measure_queries.awaiting_agreement():
        if measure.alliance is not None:
            yield Waiting(
                title=measure.title,
                what=_("Recorded as passed, to be checked: %(place)s", place=measure.place),
                endpoint="campaigns.manage",
                values={"alliance": measure.alliance.slug, "measure_id": measure.id},
                since=measure.updated_at,
            )
