"""Where somebody lives, in words that are true of them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import Person


def home_of(person: Person | None) -> str:
    """Where somebody lives, as far as they told us: `Dublin, OH`; else nothing."""
    if person is None or not person.city:
        return ""
    return ", ".join(part for part in (person.city, person.state) if part)


def lives(person: Person | None) -> str:
    """A sentence that is true of its writer; what we do not know stays open for them."""
    return str(_("I live in %(place)s.", place=home_of(person) or _("[your city or neighborhood]")))
