"""The mails of alliances: who asks to join, the answers, invitations, proposals, exports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from app.alliances.hand_over_models import HandOver
from app.alliances.models import Alliance, Invitation, Membership
from app.foundation import clock, language, pagecontext, text
from app.foundation.links import absolute
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person


def sender(alliance_name: str, to_language: str) -> str:
    """Columbus Alliance via the coalition's name, in the reader's language."""
    with language.speaking(to_language):
        site = current_app.config["SITE_NAME"]
        name = text.one_line(alliance_name)
        return str(_("%(alliance)s via %(site)s", alliance=name, site=site))


def asked(alliance: Alliance, membership: Membership, person: Person, to: Iterable[Person]) -> None:
    """To the coordinators: somebody asks to join."""
    for reader in to:
        _post(
            "alliances/asked",
            reader,
            once=f"alliance-asked:{membership.id}:{_stamp()}:{reader.id}",
            alliance=alliance,
            who=person.name,
            where=_place(person),
            link=absolute(
                "alliances.member",
                language=reader.language,
                alliance=alliance.slug,
                member=membership.id,
            ),
        )


def welcome(alliance: Alliance, membership: Membership, person: Person) -> None:
    """To a new member."""
    _post(
        "alliances/welcome",
        person,
        once=f"alliance-welcome:{membership.id}:{_stamp()}",
        from_alliance=True,
        alliance=alliance,
        link=absolute("pages.alliance", language=person.language, slug=alliance.slug),
    )


def refused(alliance: Alliance, membership: Membership, person: Person) -> None:
    """To somebody who asked to join: not now."""
    _post(
        "alliances/refused",
        person,
        once=f"alliance-refused:{membership.id}:{_stamp()}",
        alliance=alliance,
        link=absolute("alliances.directory", language=person.language),
    )


def removed(alliance: Alliance, membership: Membership, person: Person) -> None:
    """To a member whom a coordinator removed."""
    _post(
        "alliances/removed",
        person,
        once=f"alliance-removed:{membership.id}:{_stamp()}",
        alliance=alliance,
        privacy_contact=current_app.config["PRIVACY_CONTACT"],
    )


def invitation(
    alliance: Alliance, invite: Invitation, address: Address, secret: str, inviter: str
) -> None:
    """To somebody outside: come and join us."""
    kind = "alliances/invitation"
    to_language = language.current()
    parts = outbox.render(
        kind,
        to_language=to_language,
        alliance=alliance,
        inviter=inviter,
        note=invite.note,
        until=_day(invite.expires_at, alliance, to_language),
        link=absolute("alliances.invitation", language=to_language, token=secret),
        home=absolute("pages.home", language=to_language),
    )
    notice = Notice(kind, *parts, from_name=sender(alliance.name, to_language))
    outbox.post(address, notice, once=f"alliance-invitation:{invite.secret_digest[:40]}")


def proposed(alliance: Alliance, proposer: Person, to: Iterable[Person]) -> None:
    """To staff: somebody wants to found an alliance."""
    for reader in to:
        _post(
            "alliances/proposed",
            reader,
            once=f"alliance-proposed:{alliance.id}:{reader.id}",
            alliance=alliance,
            who=proposer.name,
            link=absolute("alliances.approvals", language=reader.language),
        )


def approved(alliance: Alliance, proposer: Person, until: str) -> None:
    """To the founder: yes, and you coordinate it."""
    _post(
        "alliances/approved",
        proposer,
        once=f"alliance-approved:{alliance.id}",
        alliance=alliance,
        until=until,
        desk=absolute("pages.desk", language=proposer.language, alliance=alliance.slug),
        link=absolute("pages.alliance", language=proposer.language, slug=alliance.slug),
    )


def declined(alliance: Alliance, proposer: Person, reason: str) -> None:
    """To whoever proposed it: no, and why."""
    _post(
        "alliances/declined",
        proposer,
        once=f"alliance-declined:{alliance.id}",
        alliance=alliance,
        reason=reason,
        link=absolute("alliances.directory", language=proposer.language),
    )


def named(alliance: Alliance, person: Person, since: str, until: str, term_id: int) -> None:
    """To a new coordinator."""
    _post(
        "alliances/named",
        person,
        once=f"alliance-named:{term_id}:{_stamp()}",
        alliance=alliance,
        since=since,
        until=until,
        link=absolute("pages.desk", language=person.language, alliance=alliance.slug),
    )


def handed_over(alliance: Alliance, person: Person, predecessor: str, done: HandOver) -> None:
    """To whoever coordinates from today in another's place."""
    _post(
        "alliances/handed_over",
        person,
        once=f"alliance-handed-over:{done.id}",
        alliance=alliance,
        predecessor=text.one_line(predecessor),
        note=done.note,
        link=absolute(
            "pages.hand_over", language=person.language, alliance=alliance.slug, number=done.id
        ),
    )


def exported(alliance: Alliance, who: str, role: str, number: int, to: Iterable[Person]) -> None:
    """To staff: somebody took the list of members out."""
    for reader in to:
        _post(
            "alliances/exported",
            reader,
            once=f"alliance-exported:{alliance.id}:{_stamp()}:{reader.id}",
            alliance=alliance,
            who=who,
            is_coordinator=role == "coordinator",
            number=number,
            when=clock.now(),
            link=absolute("alliances.members", language=reader.language, alliance=alliance.slug),
        )


def _post(
    kind: str,
    to: Person,
    *,
    once: str,
    alliance: Alliance,
    from_alliance: bool = False,
    **values: object,
) -> None:
    """One mail to a person; nothing for somebody without an address."""
    if to.address is None:
        return
    parts = outbox.render(kind, to_language=to.language, name=to.name, alliance=alliance, **values)
    from_name = sender(alliance.name, to.language) if from_alliance else ""
    notice = Notice(kind, *parts, person_id=to.id, from_name=from_name)
    outbox.post(to.address, notice, once=once)


def _place(person: Person) -> str:
    return ", ".join(part for part in (person.city, person.state) if part)


def _stamp() -> str:
    """Tells one asking, term, welcome or export from the next of the same person."""
    return format(clock.now().timestamp(), ".6f")


def _day(at: datetime, alliance: Alliance, to_language: str) -> str:
    with language.speaking(to_language):
        return pagecontext.local_date(at, alliance.time_zone)
