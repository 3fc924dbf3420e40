"""Adding a name: members at once, visitors once they confirm by the link in their mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from app.accounts import links as account_links
from app.campaigns import signing_mails
from app.campaigns.measure_models import Measure
from app.campaigns.place_models import Division
from app.campaigns.support_models import Signature, SignatureState
from app.foundation import clock, geo
from app.foundation.db import db
from app.people import actions as people
from app.people.models import Person, Standing


@dataclass(frozen=True)
class Visitor:
    """What somebody without an account typed."""

    name: str
    email: str
    place: geo.Place | None
    language: str
    show_name: bool
    affiliation: str = ""


def sign(measure: Measure, person: Person, *, show_name: bool, affiliation: str = "") -> Signature:
    """A confirmed person asks for it; again only changes what is shown."""
    own = of_person(measure.id, person.id) or _new(measure, person)
    own.show_name, own.affiliation = show_name, affiliation
    if own.state != SignatureState.CONFIRMED:
        own.state = SignatureState.CONFIRMED
        own.confirmed_at = clock.now()
    return own


def ask(measure: Measure, visitor: Visitor, next_url: str) -> None:
    """Keep a visitor's wish and write the one mail that makes it real.

    Nothing is kept where the address got its mails already and the name is new there.
    """
    address, known = people.who_is(visitor.email, visitor.name)
    may_write = account_links.may_write_to(address)
    if known is None and not may_write:
        return
    if known is not None and known.standing not in (Standing.UNCONFIRMED, Standing.ACTIVE):
        return
    person = known or people.new_visitor(visitor.name, address, visitor.place, visitor.language)
    before = of_person(measure.id, person.id) if known else None
    own = before or _new(measure, person)
    if own.state != SignatureState.CONFIRMED:
        _take_down(own, visitor, again=before is not None)
    if may_write:
        to = (person, address)
        signing_mails.post_please_confirm(measure, own, to, visitor.language, next_url)


def _take_down(own: Signature, visitor: Visitor, *, again: bool) -> None:
    """What is to be shown once it is confirmed.

    Anybody may type this address again before its owner opens the mail, so a second form shows
    less than the first, never more.
    """
    again = again and own.state == SignatureState.PENDING
    agreed = not again or own.affiliation == visitor.affiliation
    own.state = SignatureState.PENDING
    own.show_name = visitor.show_name and (not again or own.show_name)
    own.affiliation = visitor.affiliation if agreed else ""


def confirm(person_id: int, about: str) -> None:
    """A person confirmed the wish `about`: the signature counts from now on.

    Shown is only what the mail of that link said would be.
    """
    wanted, _mark, told = about.partition(account_links.ONLY_HERE)
    pending = db.execute(
        select(Signature, Person)
        .join(Signature.person)
        .where(Signature.person_id == person_id, Signature.state == SignatureState.PENDING)
    ).all()
    for own, person in pending:
        if signing_mails.wish(own.measure_id) != wanted:
            continue
        own.state = SignatureState.CONFIRMED
        own.confirmed_at = clock.now()
        if signing_mails.told(own, person) != told:
            own.show_name, own.affiliation = False, ""


def withdraw(own: Signature) -> None:
    """The name is taken back and no longer counted."""
    own.state = SignatureState.WITHDRAWN


def of_person(measure_id: int, person_id: int) -> Signature | None:
    return db.scalars(
        select(Signature).where(
            Signature.measure_id == measure_id, Signature.person_id == person_id
        )
    ).first()


def listed(measure_id: int) -> Sequence[Signature]:
    """Those who chose to show their name; people known only to a coordinator never stand here."""
    return db.scalars(
        select(Signature)
        .join(Signature.person)
        .where(
            Signature.measure_id == measure_id,
            Signature.state == SignatureState.CONFIRMED,
            Signature.show_name,
            Person.discreet.is_(False),
            Person.standing == Standing.ACTIVE,
        )
        .order_by(Signature.confirmed_at, Signature.id)
        .options(contains_eager(Signature.person))
    ).all()


def hand_over(from_id: int, into_id: int) -> None:
    """Two records are one person: one signature for each campaign, the confirmed one."""
    for own in db.scalars(select(Signature).where(Signature.person_id == from_id)).all():
        other = of_person(own.measure_id, into_id)
        if other is None:
            own.person_id = into_id
        else:
            if own.state == SignatureState.CONFIRMED:
                other.state = own.state
                other.confirmed_at = other.confirmed_at or own.confirmed_at
                other.show_name = other.show_name and own.show_name
            db.delete(own)
        db.flush()


def forget(person_id: int) -> None:
    """A person's data is erased: their signatures go."""
    db.execute(delete(Signature).where(Signature.person_id == person_id))


def _new(measure: Measure, person: Person) -> Signature:
    own = Signature(
        measure_id=measure.id,
        person_id=person.id,
        state=SignatureState.PENDING,
        show_name=False,
        is_local=_is_local(measure, person),
        signed_at=clock.now(),
    )
    db.add(own)
    db.flush()
    return own


def _is_local(measure: Measure, person: Person) -> bool:
    """Whether somebody lives where it is decided, by their ZIP code."""
    if not person.state or person.state != measure.us_state:
        return False
    division = db.get_one(Division, measure.body.division_id)
    if division.kind == "state":
        return True
    place = db.get(geo.Place, person.zip) if person.zip else None
    if division.kind == "county":
        return place is not None and place.county.startswith(division.name.removesuffix(" County"))
    return (person.city or "").casefold() == measure.place.casefold()
