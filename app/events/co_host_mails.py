"""The mails between those who hold an event together: the invitation, its answer, what changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.events import letters, mails
from app.events.co_host_models import CoHost, CoHostState
from app.events.letters import Was
from app.events.models import Event, EventState
from app.foundation import links, text
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person


def invited(event: Event, co_host: CoHost, to: Iterable[Person]) -> None:
    """To whoever answers for an alliance or an organization."""
    for reader in to:
        at = co_host.invited_at.timestamp()
        _post("co_host_invited", event, co_host, reader, _page(co_host, reader), at)


def answered(event: Event, co_host: CoHost, to: Iterable[Person]) -> None:
    """To the coordinators of the event's own alliance."""
    for reader in to:
        link = links.absolute(
            "events.co_hosts",
            language=reader.language,
            alliance=event.alliance.slug,
            event_id=event.id,
        )
        at = (co_host.answered_at or co_host.invited_at).timestamp()
        _post("co_host_answered", event, co_host, reader, link, at)


def changed(event: Event, co_host: CoHost, to: Iterable[Person], was: Mapping[str, Was]) -> None:
    """To a co-host: the event has another time or place (`was`, by language), or is cancelled."""
    for reader in to:
        page = _page(co_host, reader)
        before = was.get(reader.language)
        _post("co_host_changed", event, co_host, reader, page, event.revision, before)


def let_go(event: Event, co_host: CoHost, to: Iterable[Person]) -> None:
    """To a co-host who had said yes: the organizers do not hold it together with them any more."""
    for reader in to:
        at = (co_host.answered_at or co_host.invited_at).timestamp()
        _post("co_host_let_go", event, co_host, reader, "", at)


def _page(co_host: CoHost, reader: Person) -> str:
    return links.absolute("events.co_host", language=reader.language, co_host_id=co_host.id)


def _post(
    kind: str,
    event: Event,
    co_host: CoHost,
    reader: Person,
    link: str,
    which: float,
    was: Was | None = None,
) -> None:
    """`which` tells several mails of one kind about one co-host apart."""
    if reader.address is None:
        return
    subject, plain, html = outbox.render(
        f"events/{kind}",
        to_language=reader.language,
        name=reader.name,
        event=letters.facts(event, reader.language, seat=None),
        host=text.one_line(co_host.name),
        accepted=co_host.state == CoHostState.ACCEPTED,
        cancelled=event.state == EventState.CANCELLED,
        was=was or Was(),
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
    outbox.post(reader.address, notice, once=f"event-{kind}:{co_host.id}:{which}:{reader.id}")
