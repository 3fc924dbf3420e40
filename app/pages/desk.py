"""The desk of an alliance: what a coordinator has to do this week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ScalarSelect, func, select

from app.alliances import queries, terms
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    Invitation,
    Membership,
    MembershipState,
)
from app.alliances.policy import coordinates
from app.campaigns import desk_cards, measure_words
from app.events import calls, editions, turnout
from app.events import queries as events
from app.events.call_models import AnswerState
from app.events.models import Event, EventState
from app.events.queries import Counts
from app.events.turnout import Filling
from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404
from app.library.reading_queries import letters_of
from app.pages.blueprint import blueprint
from app.work import queries as work
from app.work import registry
from app.work import words as to_do_words

WEEK_SHOWN = 8
CALLS_SHOWN = 3


@dataclass(frozen=True)
class Figures:
    """What waits at a desk, in numbers."""

    members: int
    asking: int
    invited: int
    drafts: int


@dataclass(frozen=True)
class EventCard:
    """An event, how many people come, and how full its room gets, where we know."""

    event: Event
    counts: Counts
    url: str
    room: Filling | None = None


@dataclass(frozen=True)
class Term:
    """Until when I coordinate, and whether that is soon."""

    until: date
    ends_soon: bool


@blueprint.get("/desk/<alliance>/")
@allow(coordinates)
def desk(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    to_dos = work.this_week(found.id, clock.today(found.time_zone), limit=WEEK_SHOWN)
    return render_template(
        "pages/desk.html",
        alliance=found,
        figures=_figures(found.id),
        waiting=queries.waiting(found.id, discreet=viewer.leads(found.id), limit=5),
        coming=_coming(found),
        term=_my_term(found.id),
        to_dos=to_dos,
        calls=calls.of_alliance(found.id, AnswerState.CALLED)[:CALLS_SHOWN],
        editions=editions,
        abouts=registry.abouts(to_dos),
        title_of=registry.title_of,
        to_do_words=to_do_words,
        today=clock.today(found.time_zone),
        cards=desk_cards.of(found.id, clock.today(found.time_zone)),
        measure_words=measure_words,
        letters=letters_of(viewer.person_id or 0),
    )


def _figures(alliance_id: int) -> Figures:
    """Four numbers in one statement."""
    row = db.execute(
        select(
            _memberships(alliance_id, MembershipState.ACTIVE),
            _memberships(alliance_id, MembershipState.ASKED),
            select(func.count())
            .select_from(Invitation)
            .where(
                Invitation.alliance_id == alliance_id,
                Invitation.accepted_at.is_(None),
                Invitation.expires_at > clock.now(),
            )
            .scalar_subquery(),
            select(func.count())
            .select_from(Event)
            .where(
                Event.alliance_id == alliance_id,
                Event.state == EventState.DRAFT,
                Event.ends_at > clock.now(),
            )
            .scalar_subquery(),
        )
    ).one()
    return Figures(*row)


def _memberships(alliance_id: int, state: MembershipState) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Membership)
        .where(Membership.alliance_id == alliance_id, Membership.state == state)
        .scalar_subquery()
    )


def _coming(alliance: Alliance) -> list[EventCard]:
    found = events.upcoming(alliance.id, limit=4)
    counts = events.counts([event.id for event in found])
    cards = [EventCard(event, counts[event.id], _url(event, alliance)) for event in found]
    return [_with_room(cards[0]), *cards[1:]] if cards else []


def _url(event: Event, alliance: Alliance) -> str:
    """Where it is organized, or the page of what is held together with another alliance."""
    if event.alliance_id != alliance.id:
        return url_for("events.event", slug=event.slug)
    return url_for("events.manage", alliance=alliance.slug, event_id=event.id)


def _with_room(card: EventCard) -> EventCard:
    return replace(card, room=turnout.filling(card.event, card.counts))


def _my_term(alliance_id: int) -> Term | None:
    """The viewer's own running term, if it ends at all."""
    found = db.scalars(
        select(CoordinatorTerm)
        .where(
            CoordinatorTerm.alliance_id == alliance_id,
            CoordinatorTerm.person_id == viewer.person_id,
            queries.serves(clock.today()),
        )
        .order_by(CoordinatorTerm.until.desc())
        .limit(1)
    ).first()
    if found is None or found.until is None:
        return None
    return Term(found.until, terms.ends_soon(found))
