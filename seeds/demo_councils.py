"""The councils of the demo: the examples in the hands of its alliances, with invented members."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from app.campaigns import council_actions as actions
from app.campaigns import rules, seat_actions
from app.campaigns.body_models import Body, BodyKind, RuleKey, Seat, SeatKind
from app.campaigns.council_actions import Rhythm, Source
from app.campaigns.counting import Counting
from app.campaigns.rules import Comment, Lead, Referral, Review, Silence, TextLimits, Votes
from app.foundation import clock
from app.foundation.db import db
from seeds.names import FIRST, LAST
from seeds.world import World

KEPT = {
    "columbus": "columbus-city-council",
    "los-angeles": "los-angeles-city-council",
    "boston": "cambridge-city-council",
    "portland": "portland-mayor",
}
"""Which alliance of the demo keeps which example; Columbus is wholly entered, the others wait."""
DISTRICTS = {"columbus-city-council": 9, "los-angeles-city-council": 15}
A_TERM = timedelta(days=4 * 365)


def seed(world: World) -> None:
    """Give the examples to their alliances and fill their seats."""
    bodies = {body.slug: body for body in db.scalars(select(Body))}
    for town, slug in KEPT.items():
        if town in world.alliances and slug in bodies:
            bodies[slug].alliance = world.alliances[town]
            _seats(world, bodies[slug])
    _columbus(bodies["columbus-city-council"])


def _seats(world: World, body: Body) -> None:
    """One seat for each district; one of them is empty, and one term ends soon."""
    today = clock.today(body.time_zone)
    for number in range(1, DISTRICTS.get(body.slug, 0) + 1):
        seat = seat_actions.add_seat(body, f"District {number}", SeatKind.DISTRICT)
        if number % 8 == 0:
            continue
        name = f"{world.chance.choice(FIRST)} {world.chance.choice(LAST)}"
        _sits(seat, name, today, soon=number % 8 == 3)
    if body.kind == BodyKind.EXECUTIVE:
        mayor = seat_actions.add_seat(body, "Mayor", SeatKind.PRESIDING)
        _sits(mayor, "Robin Alder", today, soon=False)


def _sits(seat: Seat, name: str, today: date, *, soon: bool) -> None:
    until = today + (timedelta(days=40) if soon else A_TERM / 2)
    seat_actions.save_term(seat, seat_actions.Official(name, until - A_TERM, until))


def _columbus(body: Body) -> None:
    """All that the clerk would say on the phone, as an invented answer of the demo."""
    today = clock.today(body.time_zone)
    recent, old = Source(today - timedelta(days=60)), Source(today - timedelta(days=430))
    answers: dict[RuleKey, tuple[rules.Value, Source]] = {
        RuleKey.AGENDA_POSTING: (rules.Posting(72), recent),
        RuleKey.FILING: (Lead(5, Counting.WORKING), recent),
        RuleKey.REFERRAL: (Referral(needed=False), recent),
        RuleKey.PUBLIC_COMMENT: (Comment(6, 3), recent),
        RuleKey.EXECUTIVE_REVIEW: (Review(10, silence=Silence.APPROVES), recent),
        RuleKey.VOTES: (Votes(), old),
        RuleKey.PROCLAMATION: (Lead(14, Counting.WORKING), old),
        RuleKey.TEXT_LIMITS: (TextLimits(6, 1800), recent),
    }
    for key, (value, source) in answers.items():
        told = Source(source.checked_on, "", "Told by the clerk's office (invented for the demo)")
        actions.set_rule(body, key, value, told)
    rhythm = Rhythm("every Monday 17:00", (), ("08-01/09-07", "12-20/01-05"))
    actions.set_rhythm(body, None, rhythm, recent)
