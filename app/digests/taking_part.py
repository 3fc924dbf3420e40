"""Conditions about what people did: came to events, signed up for one, and how far that brought
them on the ladder of engagement.

Who came is the same here as on an alliance's ladder (events.ladder); sign-ups are forgotten 90 days
after the event, so that nobody's steps are known for longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.validators import Optional as MayBeEmpty

from app.digests.belonging_conditions import day_of, is_member, leads, start_of
from app.events import ladder
from app.events.forgetting import KEPT
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock, pagecontext
from app.foundation.db import db
from app.foundation.forms import DateField, Form, choices
from app.mail.conditions import Condition, Values, either, register, several
from app.people.models import Person

KEPT_HINT = _l("Who came is kept for 90 days after an event, and then forgotten.")

STEPS = {
    "prospect": (_l("Prospects"), _l("are in no alliance and came to nothing yet")),
    "supporter": (_l("Supporters"), _l("are in an alliance and came to nothing yet")),
    "participant": (_l("Participants"), _l("came to one event or two")),
    "active": (_l("Active people"), _l("came to three events or more")),
    "leader": (_l("Leaders"), _l("coordinate an alliance")),
}


class CameForm(Form):
    times = IntegerField(
        _l("To at least how many events?"),
        default=1,
        validators=[NumberRange(1, 20, message=_l("Type a number from 1 to 20."))],
        render_kw={"inputmode": "numeric", "class": "s"},
    )
    since = DateField(
        _l("Since which day?"),
        validators=[MayBeEmpty()],
        description=KEPT_HINT,
        render_kw={"class": "m"},
    )


class Came(Condition):
    """People who came to so many events, since a day or at all."""

    key = "attended"
    label = _l("Came to an event")
    form = CameForm
    asks_elsewhere = True

    def values(self, form: Any) -> dict[str, Any]:
        since = form.since.data
        return {"times": form.times.data, "since": since.isoformat() if since else None}

    def where(self, values: Values) -> ColumnElement[bool]:
        return came(values["times"], *self._narrower(values))

    def people(self, values: Values) -> Sequence[Select[Any]]:
        query = select(SignUp.person_id).where(_has_come(), *self._narrower(values))
        if values["times"] == 1:
            return (query,)
        return (query.group_by(SignUp.person_id).having(func.count() >= values["times"]),)

    def _narrower(self, values: Values) -> Sequence[ColumnElement[bool]]:
        since = values["since"]
        return (Event.starts_at >= start_of(since),) if since else ()

    def words(self, values: Values) -> str:
        times = values["times"]
        if not values["since"]:
            return str(ngettext("came to an event", "came to at least %(num)s events", times))
        sentence = ngettext(
            "came to an event since %(day)s",
            "came to at least %(num)s events since %(day)s",
            times,
            day=day_of(values["since"]),
        )
        return str(sentence)


class EventForm(Form):
    events = several(_l("Events"), coerce=int, description=KEPT_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events.choices = choices(_event_choices())


class SignedUp(Condition):
    """People with a seat at one of some events, whether those are over or still to come."""

    key = "event"
    label = _l("Signed up for an event")
    form = EventForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        return exists().where(SignUp.person_id == Person.id, self._has_seat(values))

    def people(self, values: Values) -> Sequence[Select[Any]]:
        return (select(SignUp.person_id).where(self._has_seat(values)),)

    def _has_seat(self, values: Values) -> ColumnElement[bool]:
        return and_(SignUp.state == SignUpState.CONFIRMED, SignUp.event_id.in_(values["events"]))

    def words(self, values: Values) -> str:
        titles = db.scalars(
            select(Event.title)
            .where(Event.id.in_(values["events"]))
            .order_by(Event.starts_at, Event.id)
        ).all()
        return str(_("signed up for %(events)s", events=either([f"“{title}”" for title in titles])))


class StepForm(Form):
    steps = several(
        _l("Steps"), [(key, label) for key, (label, _w) in STEPS.items()], description=KEPT_HINT
    )


class Ladder(Condition):
    """The ladder of engagement, computed from what people did; everybody stands on one step."""

    key = "ladder"
    label = _l("How involved they are")
    form = StepForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        return or_(*(_on_step(step) for step in values["steps"]))

    def words(self, values: Values) -> str:
        return either([str(STEPS[step][1]) for step in values["steps"]])


def came(times: int, *narrower: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a person came to so many events, or so many of such."""
    over = and_(SignUp.person_id == Person.id, _has_come(), *narrower)
    if times == 1:
        return exists().where(over)
    number = select(func.count()).select_from(SignUp, Event).where(over)
    return and_(exists().where(over), number.correlate(Person).scalar_subquery() >= times)


def _has_come() -> ColumnElement[bool]:
    return and_(Event.id == SignUp.event_id, ladder.was_there())


def _on_step(step: str) -> ColumnElement[bool]:
    if step == "leader":
        return leads()
    if step == "active":
        return and_(came(ladder.OFTEN), not_(leads()))
    if step == "participant":
        return and_(came(1), not_(came(ladder.OFTEN)), not_(leads()))
    belongs = is_member() if step == "supporter" else not_(is_member())
    return and_(belongs, not_(came(1)), not_(leads()))


def _event_choices() -> list[tuple[int, str]]:
    rows = db.execute(
        select(Event.id, Event.title, Event.wall_start)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.ends_at > clock.now() - KEPT,
            exists().where(SignUp.event_id == Event.id, SignUp.state == SignUpState.CONFIRMED),
        )
        .order_by(Event.starts_at.desc(), Event.id)
    )
    return [(number, f"{title}, {pagecontext.short_date(at.date())}") for number, title, at in rows]


register(Came(), SignedUp(), Ladder())
