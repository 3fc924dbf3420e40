"""The mails of events: to people who signed up, each about something they asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts import links as account_links
from app.accounts.models import LinkKind
from app.alliances import mails as alliance_mails
from app.events import calendars, letters, words
from app.events.letters import Was
from app.events.models import Event, Part, SignUp, SignUpState
from app.foundation import language, links, tokens
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Attachment, Notice
from app.people.models import Address, Person

SEAT = "event seat"
"""Purpose of the signed link to the page with a sign-up's code for the door."""
CANCEL = "event sign-up"
"""Purpose of the signed link by which a sign-up is cancelled without signing in."""
CLAIM = "event offer"
"""Purpose of the signed link that takes one offer of seats: the sign-up, and which offer it is."""


@dataclass(frozen=True)
class Recipient:
    """Somebody with the address that a mail to them goes to."""

    person: Person
    address: Address


def cancel_url(sign_up_id: int, to_language: str) -> str:
    token = tokens.sign(CANCEL, sign_up_id)
    return links.absolute("events.cancel_by_link", language=to_language, token=token)


def coming_url(sign_up_id: int, to_language: str) -> str:
    token = tokens.sign(CANCEL, sign_up_id)
    return links.absolute("events.coming_by_link", language=to_language, token=token)


def claim_url(own: SignUp, to_language: str) -> str:
    token = tokens.sign(CLAIM, own.id, own.offers)
    return links.absolute("events.claim", language=to_language, token=token)


def seat_url(sign_up_id: int, to_language: str) -> str:
    """The page with the code for the door."""
    token = tokens.sign(SEAT, sign_up_id)
    return links.absolute("events.seat", language=to_language, token=token)


def sender(event: Event, to_language: str) -> str:
    return alliance_mails.sender(event.alliance.name, to_language)


def post_confirmed(event: Event, own: SignUp) -> None:
    """You are signed up; with the calendar entry."""
    _post_about_seat("sign_up_confirmed", event, own)


def post_waiting(event: Event, own: SignUp) -> None:
    """You are on the waiting list."""
    _post_about_seat("waiting", event, own)


def post_offer(event: Event, own: SignUp) -> None:
    """Seats are free for whoever is next in line, to take by a link within some time."""
    _post_about_seat("seat_offered", event, own)


def wish(event_id: int) -> str:
    """What a link to confirm a sign-up is about."""
    return f"event:{event_id}"


def post_please_confirm(event: Event, to: Recipient, to_language: str, next_url: str) -> None:
    """The one mail that an unconfirmed visitor gets; the caller has asked whether they may."""
    issued = account_links.issue(
        LinkKind.CONFIRM,
        address=to.address,
        person=to.person,
        next_url=next_url,
        about=wish(event.id),
    )
    slots = {
        "confirm_url": account_links.url(issued, to_language),
        "code": issued.code,
    }
    facts = letters.facts(event, to_language, seat=None)
    letter = letters.letter("please_confirm", to_language, facts)
    notice = _notice("please_confirm", event, to.person, letter, slots)
    outbox.post(to.address, notice, once=f"event-confirm:{tokens.digest(issued.secret)[:40]}")


def post_moved(
    event: Event, was: Mapping[str, Was], people: Iterable[tuple[SignUp, Person]]
) -> None:
    """The event has another time or place; `was` holds the old facts for each language."""
    _post_to_all("moved", event, people, calendars.PUBLISH, was)


def post_cancelled(event: Event, people: Iterable[tuple[SignUp, Person]]) -> None:
    """The event does not take place; takes the entry out of calendars."""
    _post_to_all("cancelled", event, people, calendars.CANCEL, {})


def _post_to_all(
    kind: str,
    event: Event,
    people: Iterable[tuple[SignUp, Person]],
    method: str,
    was: Mapping[str, Was],
) -> None:
    entries = {
        (spoken, part): calendars.attachment(event, spoken, method, part)
        for spoken in language.LANGUAGES
        for part in Part
    }
    for own, person in people:
        if person.address is None:
            continue
        facts = letters.facts(event, person.language, seat=own.seat)
        before = was[person.language].read_by(own.seat) if was else None
        letter = letters.letter(kind, person.language, facts, before)
        entry = entries[person.language, own.seat] if own.seat else None
        notice = _notice(kind, event, person, letter, _slots(own, person), entry)
        outbox.post(person.address, notice, once=f"event-{kind}:{own.id}:{event.revision}")


def _post_about_seat(kind: str, event: Event, own: SignUp) -> None:
    to = _recipient(own.person_id)
    if to is None:
        return
    facts = letters.facts(event, to.person.language, seat=own.seat)
    letter = letters.letter(kind, to.person.language, facts)
    entry = calendars.attachment(event, to.person.language, part=own.seat) if own.seat else None
    notice = _notice(kind, event, to.person, letter, _slots(own, to.person), entry)
    outbox.post(to.address, notice, once=f"event-{kind}:{own.id}:{_stamp(own)}")


def _stamp(own: SignUp) -> float | str:
    """Which of several mails of one kind about one sign-up this is."""
    if own.state == SignUpState.CONFIRMED and own.confirmed_at:
        return own.confirmed_at.timestamp()
    return f"offer-{own.offers}" if own.state == SignUpState.OFFERED else own.place


def _notice(
    kind: str,
    event: Event,
    person: Person,
    letter: letters.Letter,
    slots: Mapping[str, str],
    entry: Attachment | None = None,
) -> Notice:
    return Notice(
        kind=f"events/{kind}",
        subject=letter.subject,
        text=letter.text.fill(slots),
        html=letter.html.fill(slots),
        person_id=person.id,
        from_name=sender(event, person.language),
        attachments=(entry,) if entry else (),
    )


def _slots(own: SignUp, person: Person) -> Mapping[str, str]:
    slots = {
        "name": person.name,
        "cancel_url": cancel_url(own.id, person.language),
        "seat_url": seat_url(own.id, person.language),
    }
    return slots | _offer(own, person) if own.state == SignUpState.OFFERED else slots


def _offer(own: SignUp, person: Person) -> dict[str, str]:
    with language.speaking(person.language):
        return {
            "claim_url": claim_url(own, person.language),
            "claim_until": words.until(own),
            "kept_for_you": words.kept_for_you(own.seats),
        }


def _recipient(person_id: int) -> Recipient | None:
    row = db.execute(
        select(Person, Address)
        .join(Address, Address.id == Person.address_id)
        .where(Person.id == person_id)
    ).first()
    return Recipient(*row) if row else None
