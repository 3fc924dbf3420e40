"""Finding and creating people, whose address two may share, and who opened whose details."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.people import actions, queries
from app.people.actions import Agreement
from app.people.models import Consent, Person, Purpose, Standing, Unsubscription
from tests.factories import PLACES, DisclosureFactory, PersonFactory


def test_a_visitor_is_new_and_unconfirmed_and_agreed_to_events_only(db: Session) -> None:
    ana = actions.visitor("Ana", actions.address_for("ANA@example.org"), PLACES["43215"], "es")

    assert (ana.standing, ana.language, ana.city) == (Standing.UNCONFIRMED, "es", "Columbus")
    assert queries.unwanted_by(ana.id) == {Purpose.DIGEST, Purpose.ANNOUNCEMENTS}


def test_a_visitor_whom_we_know_by_name_is_that_person_unchanged(db: Session) -> None:
    ana = PersonFactory(name="Ana  María", address__email="ana@example.org")

    found = actions.visitor(
        " ANA maría", actions.address_for("ana@example.org"), PLACES["90012"], "es"
    )

    assert found is ana
    assert (ana.city, ana.language) == ("Columbus", "en")


def test_another_name_at_the_address_is_another_person(db: Session) -> None:
    ana = PersonFactory(name="Ana", address__email="ana@example.org")

    ben = actions.visitor("Ben", actions.address_for("ana@example.org"), None, "en")

    assert ben.id != ana.id
    assert ben.address_id == ana.address_id


def test_coming_again_makes_nobody_new(db: Session) -> None:
    first = actions.visitor("Ana", actions.address_for("ana@example.org"), None, "en")
    again = actions.visitor("ana", actions.address_for("ana@example.org"), None, "en")

    assert first is again
    assert len(db.scalars(select(Person)).all()) == 1


def test_agreeing_lifts_only_the_same_purpose(db: Session) -> None:
    ana = actions.visitor("Ana", actions.address_for("ana@example.org"), None, "en")
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
