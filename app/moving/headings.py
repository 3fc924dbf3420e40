"""Which column of a file is what: the headings of common programs, and what people call things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.moving.models import ImportKind

FIELDS = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail address"),
    "phone": _l("Phone"),
    "zip": _l("ZIP code"),
    "city": _l("City"),
    "state": _l("State"),
    "language": _l("Language"),
    "alliance": _l("Alliance"),
    "opted_in": _l("Agreed to mail"),
    "status": _l("Status of the address"),
    "unwanted": _l("Whether they asked for no mail"),
    "bounced": _l("Whether their mail came back"),
    "kind": _l("Kind"),
    "website": _l("Website"),
    "description": _l("Description"),
    "joining": _l("How people join"),
    "stage": _l("Stage"),
    "title": _l("Title of the event"),
    "date": _l("Day"),
    "time": _l("Begins at"),
    "minutes": _l("Minutes"),
    "venue": _l("Venue"),
    "signed_up": _l("How many signed up"),
    "attended": _l("How many came"),
    "came": _l("Whether this guest came"),
}
OF_KIND: Mapping[ImportKind, Sequence[str]] = {
    ImportKind.PEOPLE: (
        *("name", "first_name", "last_name", "email", "phone", "zip", "city", "state"),
        *("language", "alliance", "opted_in", "status", "unwanted", "bounced"),
    ),
    ImportKind.DO_NOT_EMAIL: ("email", "status", "bounced"),
    ImportKind.ALLIANCES: ("name", "zip", "city", "state", "description", "joining", "stage"),
    ImportKind.ORGANIZATIONS: (
        *("name", "kind", "website", "description", "zip", "city", "state", "alliance", "status"),
    ),
    ImportKind.EVENTS: (
        *("alliance", "title", "date", "time", "minutes", "kind", "venue", "description"),
        *("signed_up", "attended", "email", "name", "came"),
    ),
}
NEEDED: Mapping[ImportKind, Sequence[Sequence[str]]] = {
    ImportKind.PEOPLE: (("email", "phone"),),
    ImportKind.DO_NOT_EMAIL: (("email",),),
    ImportKind.ALLIANCES: (("name",), ("zip", "city")),
    ImportKind.ORGANIZATIONS: (("name",),),
    ImportKind.EVENTS: (("alliance",), ("title",), ("date",)),
}
"""Without one column of each of these every single row would be refused."""
NOT_OWN = frozenset({"alliance", "opted_in"})
"""What a coordinator's list does not tell: it is for one alliance, and carries no consent over."""
KNOWN: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name", "nombre"),
    "first_name": ("first name", "firstname", "fname", "given name", "first"),
    "last_name": ("last name", "lastname", "lname", "family name", "surname", "last"),
    "email": (
        *("email", "e mail", "email address", "e mail address", "e mail 1 value", "mail"),
        *("preferred email", "preferredemail", "email 1", "primary email", "correo electrónico"),
        *("email1", "person email", "contact email", "your email", "correo", "email addresses"),
    ),
    "phone": (
        *("phone", "phone number", "mobile", "mobile number", "cell", "cell phone", "telephone"),
        *("phone 1 value", "preferred phone", "preferredphone", "teléfono", "mobile phone"),
        *("primary phone", "phone mobile", "phone1"),
    ),
    "zip": (
        *("zip", "zip code", "zipcode", "postal code", "zip postal code", "zip5", "m zip5"),
        *("primary zip", "address zip", "address 1 postal code", "postcode", "home zip"),
        *("zip postal", "billing zip", "address postal code", "código postal"),
    ),
    "city": ("city", "primary city", "address 1 city", "town", "ciudad", "m city", "home city"),
    "state": (
        *("state", "primary state", "address 1 region", "region", "m state", "home state"),
        *("state abbreviation", "state abbreviated", "province", "estado"),
    ),
    "language": ("language", "preferred language", "lang", "language preference", "idioma"),
    "alliance": ("alliance", "chapter", "local group", "group", "alianza"),
    "opted_in": (
        *("opted in", "opt in", "optin", "email opt in", "agreed to mail", "consent"),
        *("subscribed", "accepts email"),
    ),
    "status": (*("status", "email status", "subscription status", "email subscription status"),),
    "unwanted": (
        *("do not contact", "do not email", "donotemail", "no email", "unsubscribed", "opted out"),
        *("do not mail", "no mail"),
        *("unsubscribed at", "unsub time", "unsubscribe date", "opt out", "email opt out"),
    ),
    "bounced": (
        *("bounced", "bounced at", "email1 is bad", "email is bad", "bad email", "clean time"),
        *("bouncing", "hard bounced"),
    ),
    "kind": ("kind", "type", "event type", "organization type", "category", "tipo"),
    "website": ("website", "web", "url", "site", "homepage", "sitio web"),
    "description": ("description", "about", "summary", "notes", "descripción"),
    "joining": ("joining", "how people join", "membership", "open"),
    "stage": ("stage", "life cycle", "status"),
    "title": ("title", "event", "event title", "event name", "name", "subject", "título"),
    "date": ("date", "day", "event date", "start date", "starts on", "fecha"),
    "time": ("time", "start", "start time", "begins at", "starts at", "hora"),
    "minutes": ("minutes", "duration", "length"),
    "venue": ("venue", "location", "place", "where", "lugar"),
    "signed_up": ("signed up", "rsvps", "rsvp", "registered", "sign ups", "signups"),
    "attended": ("attended", "attendance", "came", "attendees", "turnout", "how many came"),
    "came": ("did attend", "showed up", "present", "checked in", "attended status"),
}
"""Of Action Network, NationBuilder, VAN, Mailchimp and Google Contacts, as `_plain` has them."""
ALSO: Mapping[ImportKind, Mapping[str, tuple[str, ...]]] = {
    ImportKind.ALLIANCES: {"name": ("alliance", "chapter", "local group", "group", "alianza")},
    ImportKind.ORGANIZATIONS: {
        "name": ("organization", "organisation", "organization name", "company", "organización"),
        "alliance": ("alliances", "chapters"),
    },
    ImportKind.EVENTS: {"name": ("guest", "attendee", "guest name", "full name")},
}
"""What a heading means in a file of this kind alone."""


def recognised(headings: Sequence[str], kind: ImportKind) -> dict[str, int]:
    """The place of each field whose heading is known; the first of two wins."""
    by_heading = _by_heading(kind)
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = by_heading.get(_plain(heading))
        if field is not None:
            found.setdefault(field, place)
    return found


def lacking(columns: Collection[str], kind: ImportKind) -> Iterator[tuple[str, str]]:
    """A field without which no row can be taken, and the sentence that says so."""
    for any_of in NEEDED[kind]:
        if not set(any_of) & set(columns):
            fields = str(_(" or ")).join(f"“{FIELDS[field]}”" for field in any_of)
            yield any_of[0], str(_("No column is named as %(fields)s.", fields=fields))


def _by_heading(kind: ImportKind) -> Mapping[str, str]:
    """What each known heading means in a file of this kind; its own meanings come first."""
    meanings: dict[str, str] = {}
    for known in (ALSO.get(kind, {}), KNOWN):
        for field in OF_KIND[kind]:
            for heading in known.get(field, ()):
                meanings.setdefault(heading, field)
    return meanings


def _plain(heading: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading) if not heading.isupper() else heading
    words = re.sub(r"[^\w]+|_", " ", spaced).casefold().split()
    return re.sub(r"^can2 (user )?", "", " ".join(words))  # so Action Network marks its own
