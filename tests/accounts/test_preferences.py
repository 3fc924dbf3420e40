"""Choices of mail, signed in and by the link in each mail, which opens choices and not data."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people import preferences
from app.people.models import Consent, Person, Purpose, Standing, Unsubscription
from tests.factories import PersonFactory
from tests.signing_in import post, sign_in

CHOICES = {
    "digest": "weekly",
    "digest_hour": "18",
    "events": "y",
    "announcements": "y",
    "language": "es",
}


@pytest.fixture
def ana(db: Session) -> Person:
    person: Person = PersonFactory(name="Ana", address__email="ana@example.org")
    return person


@pytest.fixture
def url(ana: Person) -> str:
    """The address in Ana's mails."""
    return f"/preferences/{preferences.token_of(ana.id)}"


def unwanted(db: Session) -> set[Purpose]:
    db.commit()
    return set(db.scalars(select(Unsubscription.purpose)))


def log(db: Session) -> list[tuple[Purpose, bool, str]]:
    db.commit()
    rows = db.execute(select(Consent.purpose, Consent.given, Consent.channel).order_by(Consent.id))
    return [(purpose, given, channel) for purpose, given, channel in rows]


def test_choices_are_saved_signed_in(client: FlaskClient, db: Session, ana: Person) -> None:
    sign_in(client, ana)

    answer = post(client, "/me/preferences", CHOICES)

    assert answer.location == "/me/preferences?done=preferences-saved"
    db.refresh(ana)
    assert (ana.digest_every, ana.digest_hour, ana.language) == ("weekly", 18, "es")


def test_the_page_of_a_link_is_kept_by_no_browser_and_no_search_engine(
    client: FlaskClient, url: str
) -> None:
    headers = client.get(url).headers

    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_never_is_an_unsubscription_and_is_logged(
    client: FlaskClient, db: Session, ana: Person, url: str
) -> None:
    client.post(url, data=CHOICES | {"digest": "never"})
    client.post(url, data=CHOICES | {"digest": "never"})

    assert unwanted(db) == {Purpose.DIGEST}
    assert log(db) == [(Purpose.DIGEST, False, "link in a mail")]


def test_taking_it_back_is_logged_as_well(
    client: FlaskClient, db: Session, ana: Person, url: str
) -> None:
    client.post(url, data=CHOICES | {"digest": "never", "announcements": ""})
    sign_in(client, ana)
    post(client, "/me/preferences", CHOICES)

    assert unwanted(db) == set()
    assert log(db)[2:] == [
        (Purpose.DIGEST, True, "preferences page"),
        (Purpose.ANNOUNCEMENTS, True, "preferences page"),
    ]


def test_the_link_shows_the_choices_and_nothing_about_the_person(
    client: FlaskClient, ana: Person, url: str
) -> None:
    page = client.get(url).text

    assert 'value="monthly" checked' in page or 'checked id="digest-1"' in page
    assert "Ana" not in page
    assert "ana@example.org" not in page
    assert "43215" not in page


def test_opening_the_link_changes_nothing_and_signs_nobody_in(
    client: FlaskClient, db: Session, url: str
) -> None:
    answer = client.get(url)

    assert "Set-Cookie" not in answer.headers
    assert client.get("/me/settings").status_code == 303
    assert log(db) == []


@pytest.mark.parametrize("purpose", ["unsubscribe", "which"])
def test_a_link_for_something_else_opens_nothing(
    client: FlaskClient, ana: Person, url: str, purpose: str
) -> None:
    from_another_mail = url.replace("/preferences/", f"/{purpose}/").rpartition("/")[2]

    assert client.get(f"/preferences/{from_another_mail[:-2]}AA").status_code == 404
    assert client.get("/preferences/1.abc").status_code == 404
    assert client.post("/preferences/zzz", data=CHOICES).status_code == 404


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.ERASED, Standing.UNCONFIRMED])
def test_the_link_of_somebody_who_is_gone_opens_nothing(
    client: FlaskClient, ana: Person, url: str, standing: Standing
) -> None:
    ana.standing = standing

    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"digest": "hourly"}, {"digest_hour": "24"}, {"language": "xx"}, {"digest": ""}]
)
def test_choices_that_do_not_exist_are_refused(
    client: FlaskClient, db: Session, ana: Person, url: str, wrong: dict[str, str]
) -> None:
    answer = client.post(url, data=CHOICES | wrong)

    assert answer.status_code == 422
    db.refresh(ana)
    assert (ana.digest_every, ana.digest_hour, ana.language) == ("monthly", 9, "en")
