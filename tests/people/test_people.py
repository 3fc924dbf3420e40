"""Finding and creating people, whose address two may share, and who opened whose details."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.people import actions, queries
from app.people.actions import Agreement
from app.people.models import Consent, Purpose, Standing, Unsubscription
from tests.factories import PLACES, DisclosureFactory, PersonFactory
from tests.statements import count_statements


def test_a_visitor_is_new_and_unconfirmed_and_agreed_to_events_only(db: Session) -> None:
    ana = actions.new_visitor("Ana", actions.address_for("ANA@example.org"), PLACES["43215"], "es")

    assert (ana.standing, ana.language, ana.city) == (Standing.UNCONFIRMED, "es", "Columbus")
    assert queries.unwanted_by(ana.id) == {Purpose.DIGEST, Purpose.ANNOUNCEMENTS}


@pytest.mark.parametrize("typed", ["Ana María", " ANA  maría"])
def test_a_name_means_whoever_has_it_at_the_address(db: Session, typed: str) -> None:
    ana = PersonFactory(name="Ana  María", address__email="ana@example.org")
    PersonFactory(name="Ana María")

    assert actions.who_is("ANA@example.org", typed) == (ana.address, ana)


def test_another_name_at_the_address_is_nobody_yet(db: Session) -> None:
    ana = PersonFactory(name="Ana", address__email="ana@example.org")

    assert actions.who_is("ana@example.org", "Ben") == (ana.address, None)


def test_nobody_is_looked_for_at_a_new_address(db: Session) -> None:
    with count_statements() as statements:
        address, known = actions.who_is("New@example.org", "Ana")

    assert (address.email, known, len(statements)) == ("new@example.org", None, 1)
    assert actions.who_is("new@example.org", "Ana") == (address, None)


def test_agreeing_lifts_only_the_same_purpose(db: Session) -> None:
    ana = actions.new_visitor("Ana", actions.address_for("ana@example.org"), None, "en")
    actions.agree(ana, Agreement(Purpose.DIGEST, "digest-1", "web"))

    assert db.scalars(select(Unsubscription.purpose)).all() == [Purpose.ANNOUNCEMENTS]


def test_unsubscribing_twice_is_logged_once(db: Session) -> None:
    ana = PersonFactory()
    for _ in range(2):
        actions.unsubscribe(ana.id, Agreement(Purpose.DIGEST, "digest-1", "web"))

    assert db.scalars(select(Consent.given)).all() == [False]


def test_whoever_opened_my_details_is_listed_latest_first(db: Session) -> None:
    ana = PersonFactory()
    DisclosureFactory(person=ana, what="telephone", at=clock.now() - timedelta(days=1))
    DisclosureFactory(person=ana, what="address")
    DisclosureFactory(what="of somebody else")

    assert [one.what for one in queries.disclosures_of(ana.id)] == ["address", "telephone"]
