"""Holding an event together: inviting an alliance or an organization, its answer, its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.alliances import organization_queries
from app.alliances import queries as alliances
from app.alliances.models import PUBLIC, Alliance, LifeCycle
from app.alliances.organization_models import Organization, Representative
from app.events import co_host_mails, queries
from app.events.co_host_models import CoHost, CoHostState
from app.events.letters import Was
from app.events.models import Event, EventState, SignUp
from app.foundation import clock
from app.foundation.db import db
from app.people import actions as people
from app.people.models import Person, Standing

MOST_PROPOSED = 300
OPENED = "co-host list"
"""As the audit calls it that a co-host opened the names."""


class NoSuchHost(LookupError):
    """No alliance or organization has this name."""


class HoldsItAlready(Exception):
    """It is the event's own alliance, or has said yes."""


class TooLate(Exception):
    """The event is over or called off: nobody holds it together any more."""


class NobodyAnswers(Exception):
    """It has no coordinator or representative here who could say yes or no."""


def of_event(event_id: int) -> Sequence[CoHost]:
    """Everybody who was asked, in the order they were."""
    return db.scalars(_with_hosts().where(CoHost.event_id == event_id).order_by(CoHost.id)).all()


def one(co_host_id: int) -> CoHost | None:
    """One invitation with its event and that event's alliance."""
    return db.scalars(
        _with_hosts()
        .where(CoHost.id == co_host_id)
        .options(joinedload(CoHost.event).joinedload(Event.alliance))
    ).first()


def to_answer(alliance_id: int) -> Sequence[CoHost]:
    """Invitations to events to come that an alliance has not answered."""
    return db.scalars(
        _with_hosts()
        .join(CoHost.event)
        .where(
            CoHost.alliance_id == alliance_id,
            CoHost.state == CoHostState.INVITED,
            Event.state != EventState.CANCELLED,
            Event.ends_at > clock.now(),
        )
        .order_by(Event.starts_at)
        .options(contains_eager(CoHost.event).joinedload(Event.alliance))
    ).all()


def invite(event: Event, name: str, *, by: int | None) -> CoHost:
    """Ask an alliance or an organization, once; whoever refused is asked anew.

    Raises TooLate, NoSuchHost, HoldsItAlready, NobodyAnswers.
    """
    if not is_open(event):
        raise TooLate
    alliance, organization = _named(name)
    if alliance is not None and alliance.id == event.alliance_id:
        raise HoldsItAlready
    where = (
        CoHost.alliance_id == alliance.id
        if alliance
        else CoHost.organization_id == (organization.id if organization else 0)
    )
    known = db.scalars(_with_hosts().where(CoHost.event_id == event.id, where)).first()
    if known is not None and known.state == CoHostState.ACCEPTED:
        raise HoldsItAlready
    if known is not None and known.state == CoHostState.INVITED:
        return known
    asked = _who_answers(alliance, organization)
    if not asked:
        raise NobodyAnswers
    co_host = known or CoHost(event=event, alliance=alliance, organization=organization)
    co_host.state = CoHostState.INVITED
    co_host.invited_by_id = by
    co_host.invited_at = clock.now()
    co_host.answered_at = None
    db.add(co_host)
    db.flush()
    audit("events", "co-host invited", event.id, co_host=co_host.id)
    co_host_mails.invited(event, co_host, asked)
    return co_host


def answer(co_host: CoHost, *, accept: bool, by: int | None) -> None:
    """Say yes or no, once; somebody who has said yes may still step back. Raises TooLate."""
    said = CoHostState.ACCEPTED if accept else CoHostState.REFUSED
    if co_host.state == said:
        return
    if not is_open(co_host.event):
        raise TooLate
    co_host.state = said
    co_host.answered_by_id = by
    co_host.answered_at = clock.now()
    db.flush()
    audit("events", "co-host answered", co_host.event_id, co_host=co_host.id, yes=accept)
    co_host_mails.answered(
        co_host.event, co_host, alliances.coordinators(co_host.event.alliance_id)
    )


def proposed(event: Event) -> Sequence[str]:
    """The public names of those who could be asked, in order: alliances, then organizations."""
    others = (
        select(Alliance.name)
        .where(Alliance.life_cycle.in_(PUBLIC), Alliance.id != event.alliance_id)
        .order_by(func.lower(Alliance.name))
    )
    listed = organization_queries.listed().with_only_columns(Organization.name)
    organizations = listed.order_by(func.lower(Organization.name))
    each = (others.limit(MOST_PROPOSED), organizations.limit(MOST_PROPOSED))
    return [name for names in each for name in db.scalars(names)]


def is_open(event: Event) -> bool:
    """Whether there is still something to hold together."""
    return event.state != EventState.CANCELLED and event.ends_at > clock.now()


def take_back(event_id: int, co_host_id: int) -> bool:
    """The event is not held together any more; whether there was such a co-host."""
    co_host = one(co_host_id)
    if co_host is None or co_host.event_id != event_id:
        return False
    audit("events", "co-host removed", event_id, co_host=co_host_id)
    if co_host.state == CoHostState.ACCEPTED and is_open(co_host.event):
        co_host_mails.let_go(co_host.event, co_host, _answerers(co_host))
    db.delete(co_host)
    db.flush()
    return True


def tell(event: Event, was: Mapping[str, Was] | None = None) -> None:
    """Whoever was asked and has not said no hears that the event is cancelled, or of another time
    or place; `was` holds the old ones for each language.
    """
    for co_host in of_event(event.id):
        if co_host.state != CoHostState.REFUSED:
            co_host_mails.changed(event, co_host, _answerers(co_host), was or {})


def may_answer(person_id: int, co_host: CoHost) -> bool:
    """An alliance's coordinators, an organization's representatives; today's."""
    return person_id in {person.id for person in _answerers(co_host)}


def list_for(co_host: CoHost) -> Sequence[SignUp]:
    """Those who are coming and agreed that co-hosts see it; names only, nobody who is discreet.

    They agreed to those who were named to them: whoever signed up before this co-host said yes was
    asked about others.
    """
    if co_host.state != CoHostState.ACCEPTED:
        return ()
    return db.scalars(
        select(SignUp)
        .join(SignUp.person)
        .where(
            SignUp.event_id == co_host.event_id,
            SignUp.state.in_(queries.ATTENDING),
            SignUp.shares,
            SignUp.created_at >= co_host.answered_at,
            Person.discreet.is_(False),
        )
        .order_by(SignUp.place, SignUp.id)
        .options(contains_eager(SignUp.person))
    ).all()


def open_list(co_host: CoHost, *, by: int) -> None:
    """Note for each of those on it, and in the audit, that a co-host opened their names."""
    coming = [own.person_id for own in list_for(co_host)]
    what = f"sign-ups, {co_host.event.title}"
    people.disclose_each(coming, to=by, role="co-host", what=what)
    audit("events", OPENED, co_host.event_id, co_host=co_host.id, number=len(coming))


def hand_over(from_id: int, into_id: int) -> None:
    """Two records are one person: who invited and answered follows."""
    for column in (CoHost.invited_by_id, CoHost.answered_by_id):
        db.execute(update(CoHost).where(column == from_id).values({column: into_id}))


def _named(name: str) -> tuple[Alliance | None, Organization | None]:
    """Whom a typed name means: its own spelling does not matter."""
    wanted = name.casefold()
    alliance = db.scalars(
        select(Alliance).where(
            or_(func.lower(Alliance.name) == wanted, Alliance.slug == wanted),
            Alliance.life_cycle.not_in((LifeCycle.PROPOSED, LifeCycle.CLOSED)),
        )
    ).first()
    if alliance is not None:
        return alliance, None
    organization = db.scalars(
        select(Organization).where(
            or_(func.lower(Organization.name) == wanted, Organization.slug == wanted),
            Organization.merged_into_id.is_(None),
        )
    ).first()
    if organization is None:
        raise NoSuchHost(name)
    return None, organization


def _answerers(co_host: CoHost) -> Sequence[Person]:
    return _who_answers(co_host.alliance, co_host.organization)


def _who_answers(alliance: Alliance | None, organization: Organization | None) -> Sequence[Person]:
    if alliance is not None:
        return alliances.coordinators(alliance.id)
    today = clock.today()
    return db.scalars(
        select(Person)
        .join(Representative, Representative.person_id == Person.id)
        .where(
            Representative.organization_id == (organization.id if organization else 0),
            Representative.since <= today,
            or_(Representative.until.is_(None), Representative.until >= today),
            Person.standing == Standing.ACTIVE,
        )
        .order_by(Person.id)
        .options(joinedload(Person.address))
    ).all()


def _with_hosts() -> Select[CoHost]:
    return select(CoHost).options(joinedload(CoHost.alliance), joinedload(CoHost.organization))
