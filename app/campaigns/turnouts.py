"""Speaking at a council's meeting: the meeting, the list of speakers, and what they will say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.campaigns import counting, deadlines, homes, measure_queries, partial
from app.campaigns import decider_words as deciders
from app.campaigns.body_models import RuleKey
from app.campaigns.measure_models import Measure
from app.campaigns.rules import Checked, Comment
from app.campaigns.turnout_models import Speaker, Turnout
from app.foundation import clock
from app.foundation.db import db
from app.library.models import TalkingPoint
from app.people.models import Person
from app.work import actions as work
from app.work.registry import About, Subject, register
from app.work.spacing import Step

SUBJECT = "turnout"
REGISTER = Step("register", _l("Register the speakers with the clerk"), 0, office=True)
WORDS_A_MINUTE = 130
"""How fast people speak who want to be understood."""


class Closed(Exception):
    """The meeting is over, or the clerk takes no more names."""


@dataclass(frozen=True)
class Told:
    """What is known of a meeting at which people shall speak."""

    on: date
    at: str = ""
    place: str = ""
    slots: int | None = None
    minutes: int | None = None
    rules: str = ""
    sign_up_url: str = ""
    sign_up_by: date | None = None


@dataclass(frozen=True)
class LineUp:
    """Who speaks, in order, and who stands by for somebody who does not come."""

    speaking: Sequence[Speaker]
    standing_by: Sequence[Speaker]

    def place_of(self, person_id: int | None) -> int | None:
        """The number of a person on the list, from 1; None for whoever is not on it."""
        listed = [own.person_id for own in (*self.speaking, *self.standing_by)]
        return listed.index(person_id) + 1 if person_id in listed else None


def begin(measure: Measure, told: Told) -> Turnout:
    """Open a list of speakers; registering them with the clerk becomes a to-do."""
    turnout = Turnout(measure=measure, on=told.on, created_at=clock.now())
    db.add(turnout)
    change(turnout, told)
    audit("campaigns", "speakers wanted", turnout.id)
    return turnout


def change(turnout: Turnout, told: Told) -> None:
    """What the clerk says now; fewer slots let the last on the list stand by.

    The to-do to register them follows the last day to sign up.
    """
    before = turnout.sign_up_by
    turnout.on, turnout.at, turnout.place = told.on, told.at, told.place
    turnout.slots, turnout.minutes, turnout.rules = told.slots, told.minutes, told.rules
    turnout.sign_up_url, turnout.sign_up_by = told.sign_up_url, told.sign_up_by
    db.flush()
    if turnout.sign_up_by != before:
        _register_by(turnout, before)


def _register_by(turnout: Turnout, before: date | None) -> None:
    measure, by = turnout.measure, turnout.sign_up_by
    if by is None:
        work.drop_open(SUBJECT, turnout.id)
    elif measure.alliance_id is not None:
        today = clock.today()
        plan = work.Of(measure.alliance_id, SUBJECT, turnout.id, max(by, today), today)
        if before is not None:
            work.move(plan, by - before)
        else:
            work.begin(plan, [REGISTER], measure.owner_id)


def speak(turnout: Turnout, person: Person) -> Speaker:
    """Somebody wants to speak; twice is once. Raises Closed."""
    if not is_open(turnout):
        raise Closed
    return add(turnout, person.id)


def add(turnout: Turnout, person_id: int) -> Speaker:
    """An organizer may add somebody to the end of the list at any time."""
    own = of_person(turnout.id, person_id)
    if own is None:
        own = Speaker(turnout_id=turnout.id, person_id=person_id, asked_at=clock.now())
        db.add(own)
        db.flush()
    return own


def withdraw(own: Speaker) -> None:
    """Somebody will not speak; whoever stands by moves up."""
    db.delete(own)
    db.flush()


def is_open(turnout: Turnout) -> bool:
    """Whether people can still ask to speak, by the day where the council meets."""
    last = turnout.sign_up_by or turnout.on
    return clock.today(turnout.measure.body.time_zone) <= last


def line_up(turnout: Turnout) -> LineUp:
    """The list in the order in which people asked."""
    listed = db.scalars(
        select(Speaker)
        .where(Speaker.turnout_id == turnout.id)
        .order_by(Speaker.asked_at, Speaker.id)
        .options(joinedload(Speaker.person))
    ).all()
    slots = len(listed) if turnout.slots is None else turnout.slots
    return LineUp(listed[:slots], listed[slots:])


def of_measure(measure: Measure, *, ahead: bool = False) -> Sequence[Turnout]:
    """The meetings of a campaign, the next first where only those ahead are asked for."""
    query = (
        select(Turnout)
        .where(Turnout.measure_id == measure.id)
        .options(joinedload(Turnout.measure).joinedload(Measure.body))
    )
    if ahead:
        query = query.where(Turnout.on >= clock.today(measure.body.time_zone))
        query = query.order_by(Turnout.on)
    return db.scalars(query.order_by(Turnout.on.desc())).all()


def numbered(measure: Measure, number: int) -> Turnout | None:
    """A meeting by its number, only if it is of that campaign."""
    found = [each for each in of_measure(measure) if each.id == number]
    return found[0] if found else None


def of_person(turnout_id: int, person_id: int | None) -> Speaker | None:
    return db.scalars(
        select(Speaker).where(Speaker.turnout_id == turnout_id, Speaker.person_id == person_id)
    ).first()


def speaker(turnout: Turnout, number: int) -> Speaker | None:
    """One of the list by its number, only if it is of that meeting."""
    return db.scalars(
        select(Speaker)
        .join(Speaker.person)
        .where(Speaker.id == number, Speaker.turnout_id == turnout.id)
        .options(contains_eager(Speaker.person))
    ).first()


def clerks_rule(body_id: int) -> Checked | None:
    """What we know of how the council hears the public, with its source."""
    return deadlines.facts_of([body_id])[body_id].rules.get(RuleKey.PUBLIC_COMMENT)


def minutes_of(checked: Checked | None) -> int | None:
    """How long each may speak by the council's own rule."""
    if checked is None or not isinstance(checked.value, Comment):
        return None
    return checked.value.minutes


def suggested(measure: Measure) -> Told:
    """What the form of a new list begins with: the meeting on whose agenda it is, else the
    council's next one; and the rule."""
    facts = measure_queries.agenda(measure_queries.path(measure.id)) or _next_meeting(measure)
    on = partial.last_day(facts["meeting_on"]) if facts else clock.today()
    checked = clerks_rule(measure.body_id)
    rule = checked.value if checked and isinstance(checked.value, Comment) else None
    by = facts.get("comment_deadline", "")
    return Told(
        on=on,
        at=facts.get("meeting_time", ""),
        place=facts.get("meeting_place", ""),
        minutes=minutes_of(checked),
        sign_up_by=partial.last_day(by) if by else _sign_up_by(on, facts, rule),
    )


def _next_meeting(measure: Measure) -> Mapping[str, str]:
    """The next regular meeting after today, where somebody entered when the council meets."""
    known = deadlines.facts_of([measure.body_id])[measure.body_id]
    tomorrow = clock.today(known.time_zone) + timedelta(days=1)
    for sitting in known.calendar.onwards(tomorrow):
        start = sitting.wall_start
        return {"meeting_on": f"{start.date()}", "meeting_time": f"{start:%H:%M}"}
    return {}


def draft(turnout: Turnout, person: Person, points: Sequence[TalkingPoint]) -> str:
    """A first draft of what somebody says; they make it their own."""
    measure = turnout.measure
    asks, title = deciders.wording(measure), measure.title
    hello = _("Good day. My name is %(name)s.", name=person.name)
    return "\n\n".join(
        (
            f"{hello} {homes.lives(person)}",
            deciders.said(asks.speech, title=title),
            *(point.words for point in points[:2]),
            _("[Say in your own words why this matters to you.]"),
            str(asks.last_words),
        )
    )


def seconds(testimony: str) -> int:
    """How long it takes to say something."""
    return round(len(testimony.split()) * 60 / WORDS_A_MINUTE)


def _sign_up_by(on: date, facts: Mapping[str, str], rule: Comment | None) -> date | None:
    """The last day to sign up, by the hours that the clerk wants."""
    if rule is None:
        return None
    try:
        at = time.fromisoformat(facts.get("meeting_time", ""))
    except ValueError:
        at = time()
    start = datetime.combine(on, at)
    return counting.hours_back(start, rule.hours, weekends=True).date()


def _describe(turnout_ids: Collection[int]) -> Mapping[int, About]:
    if not turnout_ids:
        return {}
    rows = db.execute(
        select(Turnout.id, Turnout.on, Measure.title, Measure.id, Alliance.slug)
        .join(Turnout.measure)
        .join(Measure.alliance)
        .where(Turnout.id.in_(turnout_ids))
    )
    return {
        number: About(title, "campaigns.speakers", {"alliance": slug, "measure_id": measure_id}, on)
        for number, on, title, measure_id, slug in rows
    }


register(Subject(SUBJECT, {REGISTER.key: REGISTER.title}, _describe))
