"""Signing in by password or link, the limits, signing out, and proving again who one is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import argon2
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import passwords
from app.accounts.models import Credential, SignInSession
from app.foundation import clock
from app.foundation.web import Whereas
from app.people.models import Address, Person, Standing
from tests.accounts.conftest import PASSWORD, Inbox
from tests.conftest import MakeApp
from tests.factories import AddressFactory, PersonFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements

LOGIN = {"email": "ana@example.org", "password": PASSWORD}
WRONG = LOGIN | {"password": "wrong"}


@pytest.fixture
def ana(db: Session) -> Person:
    """Somebody with a password."""
    return person_with_password("Ana")


def person_with_password(name: str, password: str = PASSWORD, **values: object) -> Person:
    values.setdefault("address__email", "ana@example.org")
    person: Person = PersonFactory(name=name, **values)
    passwords.set_password(person.id, password)
    return person


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me/settings").status_code == 200


def test_the_fields_are_named_email_and_password(client: FlaskClient) -> None:
    page = client.get("/login").text

    assert 'name="email"' in page
    assert 'name="password"' in page


def test_a_password_signs_in(client: FlaskClient, ana: Person) -> None:
    answer = client.post("/login", data=LOGIN | {"email": "ANA@Example.org"})

    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_signed_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: FlaskClient, ana: Person
) -> None:
    cookie = client.post("/login", data=LOGIN).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_under_https_the_cookie_is_bound_to_the_host(
    lend_app: MakeApp, ana: Person, db: Session
) -> None:
    db.commit()
    client = lend_app(BASE_URL="https://localhost").test_client()

    answer = client.post("/login", data=LOGIN, base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


def test_a_wrong_password_keeps_the_address_and_gives_no_session(
    client: FlaskClient, ana: Person
) -> None:
    answer = client.post("/login", data=WRONG)

    assert answer.status_code == 422
    assert "The address and the password do not fit together." in answer.text
    assert 'value="ana@example.org"' in answer.text
    assert "wrong" not in answer.text
    assert "Set-Cookie" not in answer.headers


class Hasher(argon2.PasswordHasher):
    """Counts verifications."""

    verified = 0

    def verify(self, *args: object) -> bool:  # type: ignore[override]
        Hasher.verified += 1
        return super().verify(*args)  # type: ignore[arg-type]


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hasher]]:
    Hasher.verified = 0
    counting = Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda _memory: counting)
    return Hasher


def make_known() -> None:
    person_with_password("Ana")


def make_without_password() -> None:
    PersonFactory(name="Ana", address__email="ana@example.org")


def make_unverified() -> None:
    address = AddressFactory(email="ana@example.org", confirmed_at=None)
    person_with_password("Ana", address=address, address__email=None, standing=Standing.UNCONFIRMED)


def make_disabled() -> None:
    person_with_password("Ana", standing=Standing.DISABLED)


def make_shared() -> None:
    ana = person_with_password("Ana", "one password here")
    person_with_password("Ben", "another password", address=ana.address, address__email=None)


def make_nobody() -> None:
    """An address that we never saw."""


CASES = [make_known, make_without_password, make_unverified, make_disabled, make_shared]


@pytest.mark.parametrize("make", [make_nobody, *CASES])
def test_a_wrong_password_costs_two_verifications_whoever_it_is(
    client: FlaskClient, hasher: type[Hasher], make: object, db: Session
) -> None:
    make()  # type: ignore[operator]

    client.post("/login", data=WRONG)

    assert hasher.verified == 2


@pytest.mark.parametrize("make", CASES)
@pytest.mark.parametrize("form", [WRONG, {"email": "ana@example.org", "link": "1"}])
def test_known_unverified_disabled_and_unknown_addresses_look_the_same(
    client: FlaskClient, db: Session, make: object, form: dict[str, str]
) -> None:
    unknown = client.post("/login", data=form | {"email": "nobody@example.org"})
    make()  # type: ignore[operator]
    answer = client.post("/login", data=form)

    assert answer.status_code == unknown.status_code
    assert answer.text == unknown.text.replace("nobody@", "ana@")


@pytest.mark.parametrize("make", CASES)
def test_asking_for_a_link_does_the_same_work_whoever_it_is(
    client: FlaskClient, db: Session, make: object
) -> None:
    """Statements stand for time: a few more or less, never the mail itself."""
    client.post("/login", data={"email": "warm@example.org"})
    with count_statements() as unknown:
        client.post("/login", data={"email": "nobody@example.org"})
    make()  # type: ignore[operator]
    db.commit()
    with count_statements() as known:
        client.post("/login", data={"email": "ana@example.org"})

    assert abs(len(known) - len(unknown)) <= 3
    assert sum("INSERT INTO message" in statement for statement in unknown) == 1


def test_an_unknown_address_leaves_no_trace(client: FlaskClient, db: Session, inbox: Inbox) -> None:
    client.post("/login", data={"email": "nobody@example.org"})

    assert inbox.all() == []
    assert db.scalars(select(Address)).all() == []


@pytest.mark.parametrize(
    ("make", "kind"),
    [(make_known, "sign_in"), (make_unverified, "confirm"), (make_disabled, "closed")],
)
def test_the_mail_depends_on_who_it_is(
    client: FlaskClient, db: Session, inbox: Inbox, make: object, kind: str
) -> None:
    make()  # type: ignore[operator]

    client.post("/login", data={"email": "ana@example.org"})

    assert inbox.kinds() == [kind]


def test_the_eleventh_failure_in_five_minutes_is_refused_per_account(
    lend_app: MakeApp, client: FlaskClient, ana: Person
) -> None:
    for number in range(10):
        answer = client.post("/login", data=WRONG, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"})
        assert answer.status_code == 422
    answer = client.post("/login", data=LOGIN, environ_base={"REMOTE_ADDR": "10.0.0.99"})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 301


def test_the_eleventh_failure_in_five_minutes_is_refused_per_client(
    client: FlaskClient, ana: Person
) -> None:
    for number in range(10):
        answer = client.post("/login", data=WRONG | {"email": f"p{number}@example.org"})
        assert answer.status_code == 422

    assert client.post("/login", data=LOGIN).status_code == 429


def test_letter_case_is_no_way_around_the_limit(client: FlaskClient, ana: Person) -> None:
    for number in range(10):
        email = "ana@example.org" if number % 2 else "ANA@EXAMPLE.ORG"
        client.post(
            "/login",
            data=WRONG | {"email": email},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
    answer = client.post("/login", data=WRONG, environ_base={"REMOTE_ADDR": "10.0.0.99"})

    assert answer.status_code == 429


def test_after_five_minutes_one_may_try_again(client: FlaskClient, ana: Person) -> None:
    for _ in range(10):
        client.post("/login", data=WRONG)
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        answer = client.post("/login", data=LOGIN)

    assert answer.status_code == 303


def test_the_limit_holds_when_redis_is_away(lend_app: MakeApp, ana: Person, db: Session) -> None:
    db.commit()
    client = lend_app(REDIS_URL="redis://127.0.0.1:1/0").test_client()
    answers = [client.post("/login", data=WRONG).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("goal", "location"),
    [
        ("/events/", "/events/"),
        ("//evil.example", "/me"),
        ("https://evil.example", "/me"),
        ("/\\evil.example", "/me"),
        ("javascript:alert(1)", "/me"),
        ("/x\r\nSet-Cookie: a=b", "/me"),
    ],
)
def test_signing_in_leads_on_within_this_site_only(
    client: FlaskClient, ana: Person, goal: str, location: str
) -> None:
    answer = client.post("/login", data=LOGIN | {"next": goal})

    assert answer.location == location


def test_the_page_after_signing_in_survives_the_link(
    client: FlaskClient, ana: Person, inbox: Inbox
) -> None:
    client.post("/login", data={"email": "ana@example.org", "next": "/me/preferences"})

    assert client.post(inbox.last().link).location == "/me/preferences"


def test_a_page_that_needs_signing_in_comes_back_to_itself(client: FlaskClient) -> None:
    answer = client.get("/me/consents?page=2")

    assert answer.location == "/login?next=/me/consents?page%3D2"


def test_signing_in_from_another_site_is_refused(client: FlaskClient, ana: Person) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/login", data=LOGIN, headers=headers)
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers


def test_a_forged_host_is_refused(client: FlaskClient, ana: Person, inbox: Inbox) -> None:
    answer = client.post(
        "/login",
        data={"email": "ana@example.org"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    assert answer.status_code == 400
    assert inbox.all() == []


def test_a_forwarded_host_does_not_reach_the_link(
    client: FlaskClient, ana: Person, inbox: Inbox
) -> None:
    client.post(
        "/login", data={"email": "ana@example.org"}, headers={"X-Forwarded-Host": "evil.example"}
    )

    assert "http://localhost/confirm/" in inbox.last().text
    assert "evil" not in inbox.last().text


def test_a_forwarded_client_address_is_not_believed(client: FlaskClient, ana: Person) -> None:
    for number in range(10):
        client.post(
            "/login",
            data=WRONG | {"email": f"p{number}@example.org"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )

    assert client.post("/login", data=LOGIN).status_code == 429


def test_a_planted_session_does_not_survive_signing_in(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    sign_in(client, PersonFactory(name="Planter"))

    post(client, "/login", LOGIN)

    assert db.scalars(select(SignInSession.person_id)).all() == [ana.id]


def test_an_invented_cookie_is_nobodys(client: FlaskClient, ana: Person) -> None:
    client.set_cookie("session", "a" * 43)

    assert client.get("/me/settings").status_code == 303


def test_a_disabled_person_with_a_live_session_is_a_visitor(
    client: FlaskClient, ana: Person
) -> None:
    sign_in(client, ana)
    assert is_signed_in(client)
    ana.standing = Standing.DISABLED

    assert not is_signed_in(client)


def test_a_session_ends_after_thirty_days(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana)

    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert not is_signed_in(client)


def test_signing_out_ends_the_session_itself(client: FlaskClient, db: Session, ana: Person) -> None:
    sign_in(client, ana)
    cookie = client.get_cookie("session")
    answer = post(client, "/logout")

    assert answer.location == "/?done=signed-out"
    client.set_cookie("session", cookie.value)  # type: ignore[union-attr]
    assert not is_signed_in(client)


def test_signing_out_needs_a_post(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana)

    assert client.get("/logout").status_code == 405
    assert is_signed_in(client)


def test_signing_out_everywhere_ends_all_sessions(
    app: Whereas, client: FlaskClient, db: Session, ana: Person
) -> None:
    sign_in(app.test_client(), ana)
    sign_in(client, ana)

    answer = post(client, "/logout/everywhere")

    assert answer.location == "/?done=signed-out-everywhere"
    assert db.scalars(select(SignInSession)).all() == []


def test_two_people_at_one_address_sign_in_with_their_own_passwords(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    ben = person_with_password("Ben", "another password", address=ana.address, address__email=None)

    client.post("/login", data=LOGIN | {"password": "another password"})

    assert db.scalars(select(SignInSession.person_id)).all() == [ben.id]


def proof_on(page: TestResponse) -> str:
    return page.text.split('name="proof" value="')[1].split('"')[0]


def test_two_people_with_the_same_password_are_asked_who_they_are(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    ben = person_with_password("Ben", address=ana.address, address__email=None)
    page = client.post("/login", data=LOGIN | {"next": "/events/"})
    assert "I am Ana" in page.text
    assert "I am Ben" in page.text

    form = {"proof": proof_on(page), "person": str(ben.id), "next": "/events/"}
    answer = client.post("/login/which", data=form)

    assert answer.location == "/events/"
    assert db.scalars(select(SignInSession.person_id)).all() == [ben.id]


def test_the_proof_of_a_password_opens_nobody_else_and_grows_old(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    person_with_password("Ben", address=ana.address, address__email=None)
    stranger = PersonFactory()
    proof = proof_on(client.post("/login", data=LOGIN))

    someone_else = client.post("/login/which", data={"proof": proof, "person": str(stranger.id)})
    assert someone_else.status_code == 404
    forged = client.post("/login/which", data={"proof": proof + "x", "person": str(ana.id)})
    assert forged.location == "/login"
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        late = client.post("/login/which", data={"proof": proof, "person": str(ana.id)})
    assert late.location == "/login"
    assert db.scalars(select(SignInSession)).all() == []


def test_a_password_that_was_changed_meanwhile_proves_nothing(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    person_with_password("Ben", address=ana.address, address__email=None)
    proof = proof_on(client.post("/login", data=LOGIN))
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        passwords.set_password(ana.id, "another password")
        db.commit()
        answer = client.post("/login/which", data={"proof": proof, "person": str(ana.id)})

    assert answer.status_code == 404
    assert db.scalars(select(SignInSession)).all() == []


def test_two_people_at_one_address_are_asked_on_the_page_of_the_link(
    client: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    ben = PersonFactory(name="Ben", address=ana.address)
    client.post("/login", data={"email": "ana@example.org"})

    client.post(inbox.last().link, data={"person": str(ben.id)})

    assert inbox.kinds() == ["sign_in"]
    assert db.scalars(select(SignInSession.person_id)).all() == [ben.id]


def test_passwords_are_kept_with_argon2id(db: Session, ana: Person) -> None:
    kept = db.get_one(Credential, ana.id).password_hash
    assert argon2.extract_parameters(kept).type is argon2.Type.ID
    assert passwords.fits(ana.id, PASSWORD)
    assert not passwords.fits(PersonFactory().id, PASSWORD)


def test_a_million_letters_are_refused_before_they_are_hashed(
    client: FlaskClient, ana: Person, hasher: type[Hasher]
) -> None:
    answer = client.post("/login", data=LOGIN | {"password": "x" * 1_000_000})

    assert answer.status_code in (413, 422)
    assert hasher.verified == 0


def test_a_signed_in_person_who_opens_the_page_goes_on(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana)

    assert client.get("/login?next=/events/").location == "/events/"
