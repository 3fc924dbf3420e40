"""My page: alliance, next events, who opened my details, and the way to every choice."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.alliances.models import Alliance, Membership, MembershipState
from app.events import words
from app.events.models import Event, EventState, SignUp, SignUpState
from app.foundation import clock
from app.foundation.db import db
from app.foundation.pagecontext import local_date
from app.foundation.policy import allow, signed_in, viewer
from app.library.reading_queries import letters_of
from app.pages.blueprint import blueprint
from app.people.models import Person
from app.people.queries import disclosures_of

CHOICES = (
    ("events.my_calendar", _l("My calendar")),
    ("accounts.preferences", _l("What I get by mail, and my language")),
    ("accounts.settings", _l("My name, place, address and password")),
    ("accounts.consents", _l("What I agreed to")),
    ("accounts.own_data", _l("Download or delete my data")),
)
ROLES = {
    "coordinator": _l("coordinator"),
    "co-host": _l("co-host of an event"),
    "staff": _l("national staff"),
}
OPENED = {
    "contact details": _l("contact details"),
    "digest preview": _l("digest preview"),
    "audience sample": _l("first name and state, in a sample of readers"),
    "left-out sample": _l("first name and state, in a sample of people who get no digest"),
    "list of members": _l("list of members"),
    "sign-ups": _l("sign-ups"),
    "call sheet": _l("call sheet"),
}
"""What the record of disclosures keeps, in front of the name of an alliance or event."""


@dataclass(frozen=True)
class Belonging:
    """An alliance of mine and where my membership stands."""

    name: str
    slug: str
    state: MembershipState


@blueprint.get("/me")
@allow(signed_in)
def me() -> ResponseReturnValue:
    person = db.get_one(Person, viewer.person_id)
    belongings = _belongings(person.id)
    return render_template(
        "pages/me.html",
        person=person,
        belongings=belongings,
        coming=_my_events(person.id),
        suggested=_events_of_my_alliances(person.id),
        disclosure_rows=_disclosure_rows(person),
        tags={**words.SIGN_UPS, EventState.CANCELLED: words.STATES[EventState.CANCELLED]},
        choices=CHOICES,
        letters=letters_of(person.id),
        today=clock.today(),
    )


def _belongings(person_id: int) -> list[Belonging]:
    shown = (MembershipState.ACTIVE, MembershipState.ASKED)
    rows = db.execute(
        select(Alliance.name, Alliance.slug, Membership.state)
        .join(Membership, Membership.alliance_id == Alliance.id)
        .where(Membership.person_id == person_id, Membership.state.in_(shown))
        .order_by(Alliance.name)
    )
    return [Belonging(*row) for row in rows]


def _my_events(person_id: int) -> list[tuple[Event, SignUpState]]:
    rows = db.execute(
        select(Event, SignUp.state)
        .join(SignUp, SignUp.event_id == Event.id)
        .where(
            SignUp.person_id == person_id,
            SignUp.state != SignUpState.CANCELLED,
            Event.state != EventState.DRAFT,
            Event.ends_at > clock.now(),
        )
        .order_by(Event.starts_at)
    )
    return [(event, state) for event, state in rows]


def _events_of_my_alliances(person_id: int) -> list[Event]:
    """The next events of the alliances I belong to that I have not answered yet."""
    mine = select(Membership.alliance_id).where(
        Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE
    )
    answered = select(SignUp.event_id).where(
        SignUp.person_id == person_id, SignUp.state != SignUpState.CANCELLED
    )
    found = db.scalars(
        select(Event)
        .where(
            Event.alliance_id.in_(mine),
            Event.id.not_in(answered),
            Event.state == EventState.PUBLISHED,
            Event.starts_at > clock.now(),
        )
        .order_by(Event.starts_at)
        .limit(3)
    )
    return list(found)


def _disclosure_rows(person: Person) -> list[tuple[str, str, str]]:
    """When, in which role, and what of mine somebody opened; the newest first."""
    return [
        (local_date(one.at, person.time_zone), ROLES.get(one.role, one.role), _opened(one.what))
        for one in disclosures_of(person.id)
    ]


def _opened(what: str) -> str:
    kind, comma, name = what.partition(", ")
    return f"{OPENED.get(kind, kind)}{comma}{name}"
