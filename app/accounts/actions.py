"""Joining, confirming and signing in. Nobody who asks learns whether we know an address.

All ways through `join` and `ask_for_link` do the same work; what should leave no trace is rolled
back to a savepoint instead of left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import delete, update

from app.accounts import links, mails, passwords, queries, sessions
from app.accounts.audit import audit
from app.accounts.models import EmailLink, LinkKind
from app.foundation import clock, geo, signals, text
from app.foundation.db import db
from app.mail import lifting, suppression
from app.mail.models import Message
from app.people import actions as people
from app.people import wordings
from app.people.models import (
    BULK,
    Address,
    Consent,
    DigestEvery,
    Person,
    Purpose,
    Standing,
)
from app.people.preferences import NEVER
from app.people.queries import people_at, unwanted_by


class LinkUsed(Exception):
    """Somebody pressed the button of this link a moment ago."""


@dataclass(frozen=True)
class Joining:
    """What somebody filled in to join; `digest` is weekly, monthly or never."""

    email: str
    name: str
    place: geo.Place
    language: str
    digest: str = NEVER
    announcements: bool = False
    discreet: bool = False
    alliance_slug: str = ""


def join(joining: Joining) -> None:
    """Keep what was filled in until its mail is confirmed, and send that mail."""
    address, known = people.who_is(joining.email, joining.name)
    with _kept_if(links.may_write_to(address)):
        person = known or people.new_person(joining.name, address, joining.place, joining.language)
        if person.standing == Standing.UNCONFIRMED:
            _choose(person, joining)
        if joining.alliance_slug:
            signals.join_asked.send(person, alliance_slug=joining.alliance_slug)
        about = f"alliance:{joining.alliance_slug}" if joining.alliance_slug else ""
        _answer_by_mail(address, person, about)


def _choose(person: Person, joining: Joining) -> None:
    """What somebody asks for now; each of it counts only once they confirm.

    Whoever asked to be known only to the coordinator stays so: a second form, which anybody can
    send, takes that back from nobody.
    """
    people.settle(person, joining.place)
    person.language = joining.language
    person.discreet = person.discreet or joining.discreet
    unwanted = set()
    if joining.digest == NEVER:
        unwanted.add(Purpose.DIGEST)
    else:
        person.digest_every = DigestEvery(joining.digest)
    if not joining.announcements:
        unwanted.add(Purpose.ANNOUNCEMENTS)
    people.set_unwanted(person, unwanted)


def _answer_by_mail(address: Address, person: Person, about: str) -> None:
    if person.standing == Standing.DISABLED:
        mails.closed(address, person)
    elif person.standing == Standing.ACTIVE:
        issued = links.issue(LinkKind.CONFIRM, address=address, person=person, about=about)
        mails.already_member(address, person, issued)
    else:
        issued = links.issue(LinkKind.CONFIRM, address=address, person=person, about=about)
        shared = bool(people_at(address.id, Standing.ACTIVE))
        mails.confirm(address, person, issued, shared=shared)


def ask_for_link(email: str, next_url: str) -> None:
    """Mail a way in to whoever has this address; an unknown one leaves no trace."""
    canonical = text.canonical_email(email)
    with _kept_if(queries.is_known(canonical)):
        address = people.address_for(canonical)
        with _kept_if(links.may_write_to(address)):
            _mail_a_way_in(address, next_url)


def _mail_a_way_in(address: Address, next_url: str) -> None:
    by_standing = {
        standing: person
        for standing in (Standing.DISABLED, Standing.UNCONFIRMED, Standing.ACTIVE)
        for person in people_at(address.id, standing)
    }
    active = by_standing.get(Standing.ACTIVE)
    if active is None and Standing.UNCONFIRMED in by_standing:
        person = by_standing[Standing.UNCONFIRMED]
        _answer_by_mail(address, person, links.last_wish(person))
        return
    if active is None and Standing.DISABLED in by_standing:
        mails.closed(address, by_standing[Standing.DISABLED])
        return
    issued = links.issue(LinkKind.SIGN_IN, address=address, next_url=next_url)
    mails.sign_in(address, active or Person(name="", language="en"), issued)


def ask_for_fresh_link(person: Person, address: Address, next_url: str) -> None:
    """Mail a link by which a signed-in person proves who they are."""
    if links.may_write_to(address):
        issued = links.issue(LinkKind.SIGN_IN, address=address, person=person, next_url=next_url)
        mails.sign_in(address, person, issued)


def ask_for_mail_again(person: Person, address: Address) -> bool:
    """Somebody wants the mail that we stopped; False if a link has to prove first that it arrives.

    What they had asked for themselves, or called spam, ends at once; what they are subscribed to
    stays as they left it.
    """
    if suppression.came_back(address.digest):
        ask_for_fresh_link(person, address, "")
        return False
    lifting.lift(address.digest)
    audit("accounts", "mail again", person.id)
    return True


def ask_to_move(person: Person, new_email: str) -> None:
    """Mail a link to the new address; nothing changes before its button is pressed."""
    address = people.address_for(new_email)
    if links.may_write_to(address):
        issued = links.issue(LinkKind.CHANGE_ADDRESS, address=address, person=person)
        mails.change_address(address, person, issued)


def set_password(person: Person, password: str, *, keep: int | None) -> None:
    """Set a password; other sessions than `keep` end, and so does what waits in the inbox."""
    passwords.set_password(person.id, password)
    sessions.end_all(person.id, but=keep)
    links.end_pending(person)
    if person.address is not None:
        mails.password_changed(person.address, person)


def candidates(link: EmailLink) -> Sequence[Person]:
    """Who may be meant by a link: its person, and those who share the address they confirm."""
    open_to = (Standing.ACTIVE, Standing.UNCONFIRMED)
    person = db.get(Person, link.person_id) if link.person_id else None
    if link.person_id is not None and (person is None or person.standing not in open_to):
        return ()
    if person is None:
        return people_at(link.address_id, Standing.ACTIVE)
    if person.standing == Standing.ACTIVE:
        return (person,)
    return (*people_at(link.address_id, Standing.ACTIVE), person)


def press(link: EmailLink, person: Person) -> None:
    """Do what the link's button says, for one of its candidates; raises LinkUsed."""
    if not links.spend(link):
        raise LinkUsed
    if link.kind == LinkKind.CHANGE_ADDRESS:
        move(person, db.get_one(Address, link.address_id))
    _prove(db.get_one(Address, link.address_id))
    if link.kind == LinkKind.CONFIRM:
        _confirm(link, person)
    signals.address_confirmed.send(person)


def _prove(address: Address) -> None:
    """Its owner pressed a link that we mailed, so mail arrives there."""
    address.confirmed_at = address.confirmed_at or clock.now()
    lifting.lift_what_came_back(address.digest)


def _confirm(link: EmailLink, person: Person) -> None:
    asked = link.person_id
    if asked is not None and asked != person.id:
        link.person_id = person.id
        merge(asked, into=person)
    elif person.standing == Standing.UNCONFIRMED:
        person.standing = Standing.ACTIVE
        person.confirmed_at = clock.now()
        _log_consents(person)
    signals.person_confirmed.send(person, about=link.about)


def _log_consents(person: Person) -> None:
    unwanted = unwanted_by(person.id)
    for purpose in BULK:
        if purpose not in unwanted:
            agreement = people.Agreement(purpose, wordings.CURRENT[purpose], "confirmed by e-mail")
            people.agree(person, agreement)


def merge(from_id: int, *, into: Person) -> None:
    """Somebody says that an unconfirmed record is themselves; what belongs to it becomes theirs."""
    db.flush()
    signals.person_merged.send(from_id, into_id=into.id)
    for table in (Consent, Message, EmailLink):
        db.execute(update(table).where(table.person_id == from_id).values(person_id=into.id))
    db.flush()
    db.execute(delete(Person).where(Person.id == from_id, Person.standing == Standing.UNCONFIRMED))


def move(person: Person, new: Address) -> None:
    """A person's mail goes to a new address; the old one is told, and every door is closed."""
    old = db.get(Address, person.address_id) if person.address_id else None
    links.end_pending(person)
    sessions.end_all(person.id)
    person.address_id = new.id
    if old is not None and old.id != new.id:
        mails.address_changed(old, person)


@contextmanager
def _kept_if(wanted: bool) -> Iterator[None]:
    """Do the work in any case, for its time, and undo it unless it is wanted."""
    with db.begin_nested() as savepoint:
        yield
        if not wanted:
            savepoint.rollback()
