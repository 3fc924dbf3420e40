"""The mail to staff: a member of a quiet alliance would take over."""

from __future__ import annotations

from app.accounts.queries import staff
from app.alliances.models import Alliance
from app.foundation.links import absolute
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person

OFFERED = "digests/take_over_offered"


def take_over_offered(alliance: Alliance, member: Person, spell_id: int) -> None:
    for person in staff():
        if person.address is None:
            continue
        parts = outbox.render(
            OFFERED,
            to_language=person.language,
            name=person.name,
            member=member.name,
            alliance=alliance.name,
            link=absolute("pages.network", language=person.language) + f"#{alliance.slug}",
        )
        once = f"take-over:{spell_id}:{member.id}:{person.id}"
        outbox.post(person.address, Notice(OFFERED, *parts, person_id=person.id), once=once)
