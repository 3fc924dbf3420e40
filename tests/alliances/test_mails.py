"""Every mail of alliances word for word, and what hostile names do to it: nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from app.alliances import mails
from app.alliances.hand_over_models import HandOver
from app.alliances.models import Alliance, Invitation, Membership
from app.mail.models import Message
from app.people.models import Person
from tests.factories import AllianceFactory, InvitationFactory, MembershipFactory, PersonFactory
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\r\nBcc: x@example.org {{7*7}}"


@dataclass
class Scene:
    """Who and what the mails are about."""

    alliance: Alliance
    ana: Person
    reader: Person
    membership: Membership
    invite: Invitation


SENT: dict[str, Callable[[Scene], None]] = {
    "asked": lambda s: mails.asked(s.alliance, s.membership, s.ana, [s.reader]),
    "welcome": lambda s: mails.welcome(s.alliance, s.membership, s.ana),
    "refused": lambda s: mails.refused(s.alliance, s.membership, s.ana),
    "removed": lambda s: mails.removed(s.alliance, s.membership, s.ana),
    "invitation": lambda s: mails.invitation(
        s.alliance, s.invite, s.invite.address, "secret-of-the-link", s.ana.name
    ),
    "proposed": lambda s: mails.proposed(s.alliance, s.ana, [s.reader]),
    "approved": lambda s: mails.approved(s.alliance, s.ana, "Sunday, November 21, 2027"),
    "declined": lambda s: mails.declined(s.alliance, s.ana, "Please talk to **Cleveland** first."),
    "named": lambda s: mails.named(
        s.alliance, s.ana, "Saturday, November 21, 2026", "Sunday, November 21, 2027", 7
    ),
    "handed_over": lambda s: mails.handed_over(
        s.alliance,
        s.ana,
        s.reader.name,
        HandOver(id=7, alliance_id=s.alliance.id, note="Please call **Cleveland** first."),
    ),
    "exported": lambda s: mails.exported(s.alliance, s.ana.name, "coordinator", 72, [s.reader]),
}


@pytest.fixture
def scene(db):
    with time_machine.travel(NOW, tick=False):
        yield make_scene()


def make_scene(name: str = "Ana Reed", note: str = "We meet on *Tuesdays*.") -> Scene:
    alliance = AllianceFactory(
        slug="columbus",
        name="Columbus Alliance" if name == "Ana Reed" else f"Columbus {name}",
        why=note,
        backed_by="Franklin County Bar",
    )
    ana = PersonFactory(name=name, address__email="ana@example.org")
    return Scene(
        alliance=alliance,
        ana=ana,
        reader=PersonFactory(name="Cora", address__email="cora@example.org"),
        membership=MembershipFactory(alliance=alliance, person=ana),
        invite=InvitationFactory(
            alliance=alliance, note=note, address__email="friend@example.org", secret="s"
        ),
    )


@pytest.mark.parametrize("kind", SENT)
def test_the_mail_reads_as_it_was_agreed(db, scene, kind) -> None:
    SENT[kind](scene)
    message = db.scalars(select(Message)).one()

    assert message.kind == f"alliances/{kind}"
    assert_same(message.subject, SNAPSHOTS / f"{kind}.subject.txt")
    assert_same(message.text, SNAPSHOTS / f"{kind}.txt")
    assert_same(message.html, SNAPSHOTS / f"{kind}.html")


@pytest.mark.parametrize("kind", SENT)
def test_hostile_names_stay_text_and_on_one_line(db, kind) -> None:
    SENT[kind](make_scene(EVIL, EVIL))
    message = db.scalars(select(Message)).one()

    assert "<script>alert" not in message.html
    assert "\n" not in message.subject + message.from_name
    assert "\r" not in message.subject + message.from_name
    assert "49" not in message.subject


@pytest.mark.parametrize("kind", ["welcome", "approved", "named"])
def test_mails_come_in_the_readers_language(db, kind) -> None:
    """Links in them lead to pages of that language."""
    scene = make_scene()
    scene.ana.language = "es"
    SENT[kind](scene)
    message = db.scalars(select(Message)).one()

    assert "http://localhost/es/" in message.text
    assert '<html lang="es"' in message.html


def test_the_same_mail_is_posted_once(db) -> None:
    with time_machine.travel(NOW, tick=False):
        scene = make_scene()
        for _ in range(2):
            SENT["welcome"](scene)
            SENT["approved"](scene)

    assert len(db.scalars(select(Message)).all()) == 2
