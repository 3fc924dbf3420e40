"""Find by ZIP code: the nearest alliances, how far they are, and their next event."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.alliances.forms import PlaceForm
from app.alliances.models import Alliance
from app.alliances.near import nearest
from app.alliances.words import LIFE_CYCLES, WAYS
from app.events.models import Event, EventState
from app.foundation import clock, geo
from app.foundation.db import db
from app.foundation.forms import FilterForm
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone
from app.pages.blueprint import blueprint

WITHIN_REACH = 100
"""Miles that somebody would travel; an alliance of one's own state within them comes first."""

SHOWN = 3


class FindForm(PlaceForm, FilterForm):
    """The ZIP code in the address of the page."""


@dataclass(frozen=True)
class Found:
    """An alliance, how far it is, and what it holds next."""

    alliance: Alliance
    miles: float
    event: Event | None

    @property
    def is_within_reach(self) -> bool:
        return self.miles <= WITHIN_REACH


@blueprint.get("/find")
@allow(anyone)
@same_for_visitors
def find() -> ResponseReturnValue:
    form = FindForm.of(request.args)
    if "zip" not in request.args:
        return render_template("pages/find.html", form=form, place=None, found=[])
    if not form.validate():
        return render_template("pages/find.html", form=form, place=None, found=[]), 422
    return render_template(
        "pages/find.html",
        form=form,
        place=form.place,
        found=_around(form.place),
        stages=LIFE_CYCLES,
        ways=WAYS,
        today=clock.today(),
    )


def _around(place: geo.Place) -> list[Found]:
    """The nearest alliances, those of the place's own state first if they are within reach."""
    near = sorted(
        nearest(place, SHOWN),
        key=lambda each: (
            not (each.miles <= WITHIN_REACH and each.alliance.state == place.state),
            each.miles,
        ),
    )[:SHOWN]
    events = _next_events([each.alliance.id for each in near])
    return [Found(each.alliance, each.miles, events.get(each.alliance.id)) for each in near]


def _next_events(alliance_ids: list[int]) -> dict[int, Event]:
    """The next published event of each alliance, in one statement."""
    order = func.row_number().over(
        partition_by=Event.alliance_id, order_by=(Event.starts_at, Event.id)
    )
    ranked = (
        select(Event.id, order.label("rank"))
        .where(
            Event.alliance_id.in_(alliance_ids),
            Event.state == EventState.PUBLISHED,
            Event.ends_at > clock.now(),
        )
        .subquery()
    )
    query = select(Event).join(ranked, ranked.c.id == Event.id).where(ranked.c.rank == 1)
    return {event.alliance_id: event for event in db.scalars(query)}
