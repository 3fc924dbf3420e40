"""Which column of a file is what: the headings of common programs, and what people call things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
}
OF_KIND: Mapping[ImportKind, Sequence[str]] = {
    ImportKind.PEOPLE: tuple(FIELDS),
    ImportKind.DO_NOT_EMAIL: ("email", "status"),
}
KNOWN: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name", "nombre"),
    "first_name": ("first name", "firstname", "fname", "given name", "first"),
    "last_name": ("last name", "lastname", "lname", "family name", "surname", "last"),
    "email": (
        *("email", "e mail", "email address", "e mail address", "e mail 1 value", "mail"),
        *("preferred email", "preferredemail", "email 1", "primary email", "correo electrónico"),
    ),
    "phone": (
        *("phone", "phone number", "mobile", "mobile number", "cell", "cell phone", "telephone"),
        *("phone 1 value", "preferred phone", "preferredphone", "can2 phone", "teléfono"),
    ),
    "zip": (
        *("zip", "zip code", "zipcode", "postal code", "zip postal code", "zip5", "m zip5"),
        *("primary zip", "address zip", "address 1 postal code", "can2 user zip", "postcode"),
    ),
    "city": ("city", "primary city", "can2 user city", "address 1 city", "town", "ciudad"),
    "state": (
        *("state", "primary state", "can2 state abbreviated", "address 1 region", "region"),
        *("state abbreviation", "province", "estado"),
    ),
    "language": ("language", "preferred language", "lang", "language preference", "idioma"),
    "alliance": ("alliance", "chapter", "local group", "group", "alianza"),
    "opted_in": (
        *("opted in", "opt in", "optin", "email opt in", "agreed to mail", "consent"),
        *("subscribed", "accepts email"),
    ),
    "status": (
        *("status", "email status", "subscription status", "email subscription status"),
        *("do not contact", "do not email", "unsubscribed", "bounced"),
    ),
}
"""Of Action Network, NationBuilder, VAN, Mailchimp and Google Contacts, as `_plain` has them."""

_BY_HEADING = {heading: field for field, known in KNOWN.items() for heading in known}


def recognised(headings: Sequence[str], kind: ImportKind) -> dict[str, int]:
    """The place of each field whose heading is known; the first of two wins."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = _BY_HEADING.get(_plain(heading))
        if field is not None and field in OF_KIND[kind]:
            found.setdefault(field, place)
    return found


def _plain(heading: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading) if not heading.isupper() else heading
    words = re.sub(r"[^\w]+|_", " ", spaced).casefold().split()
    return " ".join(words)
