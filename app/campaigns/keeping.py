"""Which alliance keeps a record: without one, as it comes from a file, it has no desk."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.alliances.models import PUBLIC, Alliance
from app.campaigns import campaign_plan, council_actions
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure
from app.foundation.db import db


class KeptAlready(Exception):
    """Somebody gave the record to an alliance meanwhile."""


def unkept() -> Select[Measure]:
    """The records that no alliance keeps, each with its council."""
    query = select(Measure).where(Measure.alliance_id.is_(None))
    return query.options(joinedload(Measure.body))


def keepers(measure: Measure) -> Sequence[Alliance]:
    """Every alliance, those of the record's state first."""
    query = select(Alliance).where(Alliance.life_cycle.in_(PUBLIC))
    return db.scalars(query.order_by(Alliance.state != measure.us_state, Alliance.name)).all()


def give(measure: Measure, alliance: Alliance) -> None:
    """Let an alliance keep a record, and where nobody keeps its council, that and all its records.

    Raises KeptAlready.
    """
    taken = db.scalars(
        update(Measure)
        .where(Measure.id == measure.id, Measure.alliance_id.is_(None))
        .values(alliance_id=alliance.id)
        .returning(Measure.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise KeptAlready
    db.refresh(measure, ["alliance_id"])
    body = db.get_one(Body, measure.body_id)
    if body.alliance_id is None:
        council_actions.take_on(body, alliance)
    campaign_plan.reckon_again({body.id})
    audit("campaigns", "give to an alliance", measure.id, alliance=alliance.id)
