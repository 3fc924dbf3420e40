"""The mails between those who hold an event together: the invitation and its answer."""

from __future__ import annotations

from collections.abc import Iterable

from app.events import letters, mails
from app.events.co_host_models import CoHost, CoHostState
from app.events.models import Event
from app.foundation import links, text
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person


def invited(event: Event, co_host: CoHost, to: Iterable[Person]) -> None:
    """To whoever answers for an alliance or an organization."""
    for reader in to:
        link = links.absolute("events.co_host", language=reader.language, co_host_id=co_host.id)
        _post("co_host_invited", event, co_host, reader, link)


def answered(event: Event, co_host: CoHost, to: Iterable[Person]) -> None:
    """To the coordinators of the event's own alliance."""
    for reader in to:
        link = links.absolute(
            "events.co_hosts",
            language=reader.language,
            alliance=event.alliance.slug,
            event_id=event.id,
        )
        _post("co_host_answered", event, co_host, reader, link)


def _post(kind: str, event: Event, co_host: CoHost, reader: Person, link: str) -> None:
    if reader.address is None:
        return
    subject, plain, html = outbox.render(
        f"events/{kind}",
        to_language=reader.language,
        name=reader.name,
        event=letters.facts(event, reader.language, seated=False),
        host=text.one_line(co_host.name),
        accepted=co_host.state == CoHostState.ACCEPTED,
        link=link,
    )
    notice = Notice(
        kind=f"events/{kind}",
        subject=subject,
        text=plain,
        html=html,
        person_id=reader.id,
        from_name=mails.sender(event, reader.language),
    )
    at = (co_host.answered_at or co_host.invited_at).timestamp()
    outbox.post(reader.address, notice, once=f"event-{kind}:{co_host.id}:{at}:{reader.id}")
