"""Quiet alliances: noticed, their members asked once, put to rest, and awake again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances.models import Alliance, LifeCycle
from app.alliances.quiet_models import QuietSpell, TakeOverOffer
from app.digests import quiet
from app.digests.quiet_kind import QuietKind
from app.foundation import clock, signals
from app.mail import engine
from app.mail.models import Delivery, Mailing, Message, SendState
from app.people.models import Person
from tests.digests import world
from tests.factories import AllianceFactory, EventFactory, PersonFactory, member_of, staff_member
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
LONG_AGO = timedelta(days=183)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


def old_alliance(**values: object) -> Alliance:
    """Founded more than half a year ago."""
    made: Alliance = AllianceFactory(
        **{"name": "Columbus Alliance", "approved_at": clock.now() - LONG_AGO, **values}
    )
    return made


def held(alliance: Alliance, days_ago: int, **values: object) -> None:
    starts_at = clock.now() - timedelta(days=days_ago)
    ends_at = starts_at + timedelta(hours=1)
    EventFactory(alliance=alliance, starts_at=starts_at, ends_at=ends_at, **values)


def copy_for(mailing: Mailing, person: Person) -> str:
    reader = world.reader(person)
    copy = QuietKind().composer(mailing, [reader])(reader)
    assert copy is not None
    return f"{copy.subject}\n\n{world.plain(copy.text)}"


def test_half_a_year_without_an_event_makes_an_alliance_quiet(db: Session) -> None:
    quiet_one = old_alliance()
    held(quiet_one, 183)
    held(quiet_one, -20, state="draft")
    busy = old_alliance(name="Busy")
    held(busy, 181)
    planning = old_alliance(name="Planning")
    held(planning, -30)
    old_alliance(name="Resting", life_cycle=LifeCycle.DORMANT)
    AllianceFactory(name="New")

    assert quiet.due() == [quiet_one.id]


def test_the_members_are_asked_once_by_one_mail(db: Session) -> None:
    alliance = old_alliance(slug="columbus")
    member = member_of(alliance, name="Ana")
    PersonFactory()

    spell = quiet.notice(alliance.id)
    assert spell is not None
    assert quiet.notice(alliance.id) is None
    [mailing] = db.scalars(select(Mailing)).all()
    db.commit()
    engine.sweep()

    due = db.scalars(select(Delivery.person_id).where(Delivery.mailing_id == mailing.id)).all()
    assert due == [member.id]
    assert_same(copy_for(mailing, member), SNAPSHOTS / "quiet_alliance.txt")
    assert "/es/alliances/columbus/take-over" in copy_for(
        mailing, member_of(alliance, language="es")
    )
    assert (quiet.due(), alliance.life_cycle) == ([], LifeCycle.ACTIVE)


def test_nobody_is_asked_when_something_is_planned_meanwhile(db: Session) -> None:
    alliance = old_alliance()
    member_of(alliance)
    spell = quiet.notice(alliance.id)
    assert spell is not None
    held(alliance, -10)
    assert quiet.end_spells() == 1
    mailing = db.scalars(select(Mailing)).one()
    refused = QuietKind().refusal(mailing)
    assert db.scalar(select(refused)) == "no_longer_quiet"


def test_without_an_offer_it_rests_after_a_month_and_wakes_with_an_event(db: Session) -> None:
    alliance = old_alliance()
    spell = quiet.notice(alliance.id)
    assert spell is not None

    spell.noticed_at = clock.now() - timedelta(days=29)
    assert quiet.put_to_rest() == 0
    spell.noticed_at = clock.now() - timedelta(days=30)
    assert quiet.put_to_rest() == 1
    assert alliance.life_cycle == LifeCycle.DORMANT
    assert quiet.put_to_rest() == 0
    held(alliance, -10)
    assert quiet.end_spells() == 1
    db.flush()
    assert (alliance.life_cycle, quiet.open_spells()) == (LifeCycle.ACTIVE, {})


def test_a_coordinator_who_wakes_it_by_hand_ends_the_spell(db: Session) -> None:
    alliance = old_alliance()
    spell = quiet.notice(alliance.id)
    assert spell is not None
    spell.rested_at = clock.now()
    assert alliance.life_cycle == LifeCycle.ACTIVE

    assert quiet.end_spells() == 1
    assert quiet.due() == []


def test_a_member_offers_to_take_over_and_staff_are_told_once(
    client: FlaskClient, db: Session
) -> None:
    alliance = old_alliance(slug="columbus")
    staff = staff_member(name="Jo")
    member = member_of(alliance, name="Ana Flores")
    quiet.notice(alliance.id)
    db.commit()
    path = "/alliances/columbus/take-over"
    sign_in(client, member)

    assert "Who takes over Columbus Alliance?" in client.get(path).text
    assert post(client, path, {"note": "With Ben, from spring."}).status_code == 303
    assert post(client, path, {"note": "With Ben, from summer."}).status_code == 303
    assert post(client, path, {"note": "x" * 1001}).status_code == 422

    mail = db.scalars(select(Message).where(Message.person_id == staff.id)).one()
    assert_same(f"{mail.subject}\n\n{mail.text}", SNAPSHOTS / "take_over_offered.txt")
    spell = db.scalars(select(QuietSpell)).one()
    spell.noticed_at = clock.now() - timedelta(days=40)
    assert quiet.put_to_rest() == 0
    db.commit()

    sign_in(client, staff)
    page = client.get("/staff/network").text
    assert "Ana Flores would take over. With Ben, from summer." in page
    assert post(client, f"/staff/network/quiet/{spell.id}/end").status_code == 303
    assert "would take over" not in client.get("/staff/network").text
    assert quiet.due() == []


def test_the_page_is_for_members_of_a_quiet_alliance(client: FlaskClient, db: Session) -> None:
    alliance, other = old_alliance(slug="columbus"), AllianceFactory(slug="other")
    quiet.notice(alliance.id)
    db.commit()
    path = "/alliances/columbus/take-over"
    assert client.get(path).status_code == 303

    sign_in(client, member_of(other))
    assert client.get(path).status_code == 404
    assert client.get("/alliances/other/take-over").status_code == 404
    assert post(client, "/staff/network/quiet/1/end").status_code == 403


def test_offers_follow_a_person_and_go_with_them(db: Session) -> None:
    alliance = old_alliance()
    kept, gone = member_of(alliance), member_of(alliance)
    spell = quiet.notice(alliance.id)
    assert spell is not None
    for person in (kept, gone):
        quiet.offer(spell, person, "Me.")

    signals.person_merged.send(gone.id, into_id=kept.id)
    assert db.scalars(select(TakeOverOffer.person_id)).all() == [kept.id]
    erasure.erase(kept)
    assert db.scalars(select(TakeOverOffer.person_id)).all() == []


def test_the_mail_really_goes(db: Session) -> None:
    alliance = old_alliance()
    member = member_of(alliance)
    quiet.notice(alliance.id)
    db.commit()
    engine.sweep()
    engine.work()

    delivery = db.scalars(select(Delivery).where(Delivery.person_id == member.id)).one()
    assert delivery.state == SendState.SENT
