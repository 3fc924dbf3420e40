"""The link of a mail and the six digits beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import actions, links, sessions
from app.accounts.join_views import CODES_BY_CLIENT
from app.accounts.models import EmailLink, LinkKind, SignInSession
from app.foundation import clock, edge, signals
from app.foundation.limits import Attempt
from app.people.models import Consent, Person, Purpose, Standing
from tests.accounts.conftest import JOINING, Inbox, Mail
from tests.factories import AddressFactory, ConsentFactory, PersonFactory
from tests.signing_in import post, sign_in, sign_out


@pytest.fixture
def mail(client: FlaskClient, inbox: Inbox) -> Mail:
    """The mail that Ana gets after joining."""
    client.post("/join", data=JOINING)
    return inbox.last()


def ana(db: Session) -> Person:
    return db.scalars(select(Person).where(Person.name == "Ana")).one()


def type_code(client: FlaskClient, code: str, email: str = "ana@example.org") -> TestResponse:
    return client.post("/check-inbox", data={"email": email, "code": code})


def test_opening_a_link_changes_nothing(client: FlaskClient, db: Session, mail: Mail) -> None:
    client.get(mail.link)
    client.head(mail.link)

    assert ana(db).standing == Standing.UNCONFIRMED
    assert db.scalars(select(EmailLink.used_at)).all() == [None]
    assert client.get(mail.link).text.count("<button") == 1


def test_the_button_confirms_logs_consent_and_signs_in(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    answer = client.post(mail.link)

    assert (answer.status_code, answer.location) == (303, "/me?done=confirmed")
    assert ana(db).standing == Standing.ACTIVE
    assert ana(db).confirmed_at is not None
    consents = db.execute(select(Consent.purpose, Consent.given, Consent.wording)).all()
    assert [tuple(row) for row in consents] == [
        (Purpose.DIGEST, True, "digest-1"),
        (Purpose.EVENTS, True, "events-1"),
    ]
    assert client.get("/me/settings").status_code == 200


def test_the_button_pressed_twice_says_that_it_is_done(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    first, second = client.post(mail.link), client.post(mail.link)

    assert [each.location for each in (first, second)] == ["/me?done=confirmed"] * 2
    assert len(db.scalars(select(SignInSession)).all()) == 1


def test_a_button_from_before_signing_in_is_shown_once_more(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    sign_in(client, PersonFactory())

    answer = client.post(mail.link)

    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "This page was open since before you signed in. Please press once more." in page.text
    assert ana(db).standing == Standing.UNCONFIRMED
    assert post(client, mail.link).location == "/me?done=confirmed"
    assert ana(db).standing == Standing.ACTIVE


def test_a_button_on_another_site_is_no_form_from_before(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    sign_in(client, PersonFactory())

    answer = client.post(mail.link, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_the_code_beside_the_link_does_the_same(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    answer = type_code(client, f"{mail.code[:3]} {mail.code[3:]}", "ANA@example.org")

    assert (answer.status_code, answer.location) == (303, "/me?done=confirmed")
    assert ana(db).standing == Standing.ACTIVE


def test_confirming_is_announced_with_the_person(client: FlaskClient, mail: Mail) -> None:
    heard = []

    def hear(person: Person, *, about: str) -> None:
        heard.append((person.name, about))

    with signals.person_confirmed.connected_to(hear):
        client.post(mail.link)

    assert heard == [("Ana", "")]


def test_a_link_works_once(client: FlaskClient, mail: Mail) -> None:
    client.post(mail.link)
    sign_out(client)

    for answer in (client.get(mail.link), client.post(mail.link)):
        assert answer.status_code == 410
        assert "It was used before." in answer.text
        assert "Send me a new link" in answer.text
    assert type_code(client, mail.code).status_code == 422


def test_a_link_is_good_for_seven_days(client: FlaskClient, db: Session, mail: Mail) -> None:
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23)):
        assert client.get(mail.link).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        answer = client.post(mail.link)
        assert type_code(client, mail.code).status_code == 422

    assert answer.status_code == 410
    assert "It is too old" in answer.text
    assert ana(db).standing == Standing.UNCONFIRMED


@pytest.mark.parametrize(
    "spoil", [lambda link: link[:-1], lambda link: link + "x", lambda _: "/confirm/x"]
)
def test_a_truncated_link_offers_a_fresh_one(
    client: FlaskClient, mail: Mail, spoil: object
) -> None:
    answer = client.post(spoil(mail.link))  # type: ignore[operator]

    assert answer.status_code == 404
    assert "It may have been cut off." in answer.text
    assert "Send me a new link" in answer.text


def test_the_page_of_a_dead_link_sends_a_fresh_one_to_an_unconfirmed_address(
    client: FlaskClient, inbox: Inbox, mail: Mail
) -> None:
    client.post("/login", data={"email": "ana@example.org", "link": "1"})

    assert inbox.kinds() == ["confirm", "confirm"]
    assert client.post(inbox.last().link).status_code == 303


def test_ten_wrong_codes_end_the_code_but_not_the_link(client: FlaskClient, mail: Mail) -> None:
    wrong = "000000" if mail.code != "000000" else "000001"
    for _ in range(10):
        assert type_code(client, wrong).status_code == 422

    assert type_code(client, mail.code).status_code == 422
    assert client.post(mail.link).status_code == 303


def test_one_client_may_try_thirty_codes_in_ten_minutes(client: FlaskClient) -> None:
    for number in range(30):
        assert type_code(client, "123456", f"p{number}@example.org").status_code == 422

    assert type_code(client, "123456").status_code == 429


def test_an_address_gets_thirty_codes_a_day_from_whatever_places(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    for _ in range(30):
        assert type_code(client, "12345x").status_code == 422  # no code is no try
    wrong = "000000" if mail.code != "000000" else "000001"
    for _ in range(30):
        db.execute(delete(Attempt).where(Attempt.kind == CODES_BY_CLIENT.kind))
        assert type_code(client, wrong, "ANA@example.org").status_code == 422

    db.execute(delete(Attempt).where(Attempt.kind == CODES_BY_CLIENT.kind))
    assert type_code(client, mail.code).status_code == 429
    assert client.post(mail.link).status_code == 303


def test_a_wrong_code_says_the_same_for_known_and_unknown_addresses(
    client: FlaskClient, mail: Mail
) -> None:
    wrong = "000000" if mail.code != "000000" else "000001"
    known = type_code(client, wrong)
    unknown = type_code(client, wrong, "nobody@example.org")

    assert unknown.text.replace("nobody@", "ana@") == known.text


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "", "１２３４５６"])
def test_what_is_no_code_is_refused_with_a_sentence(
    client: FlaskClient, mail: Mail, code: str
) -> None:
    answer = type_code(client, code)

    assert answer.status_code == 422
    assert "six digits" in answer.text or "Please fill this in." in answer.text


def test_a_code_is_for_its_own_address_only(client: FlaskClient, mail: Mail) -> None:
    AddressFactory(email="ben@example.org")

    assert type_code(client, mail.code, "ben@example.org").status_code == 422


def test_a_disabled_person_cannot_use_a_pending_link(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    ana(db).standing = Standing.DISABLED

    assert client.get(mail.link).status_code == 410
    assert client.post(mail.link).status_code == 410
    assert type_code(client, mail.code).status_code == 422


def test_somebody_else_at_the_address_becomes_a_person_of_their_own(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")
    client.post("/join", data=JOINING)
    link = inbox.last().link

    page = client.get(link).text
    assert "I am Ben" in page
    assert "I am Ana, somebody else at this address" in page
    assert client.post(link).status_code == 200  # asks again
    client.post(link, data={"person": str(ana(db).id)})

    assert ana(db).standing == Standing.ACTIVE
    assert db.scalars(select(SignInSession.person_id)).all() == [ana(db).id]


def test_somebody_known_under_another_name_stays_one_person(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    ben = PersonFactory(name="Ben", address__email="ana@example.org")
    client.post("/join", data=JOINING)
    new_id = ana(db).id
    ConsentFactory(person=ana(db), wording="visitor")
    heard = []

    def hear(from_id: int, into_id: int) -> None:
        heard.append((from_id, into_id))

    with signals.person_merged.connected_to(hear):
        client.post(inbox.last().link, data={"person": str(ben.id)})

    assert heard == [(new_id, ben.id)]
    assert db.scalars(select(Person.name)).all() == ["Ben"]
    assert db.scalars(select(Consent.person_id)).all() == [ben.id]
    assert db.scalars(select(SignInSession.person_id)).all() == [ben.id]


def test_the_choice_can_be_made_after_typing_the_code(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")
    client.post("/join", data=JOINING)
    code = inbox.last().code

    page = type_code(client, code).text
    assert f'name="code" value="{code}"' in page
    client.post(
        "/check-inbox",
        data={"email": "ana@example.org", "code": code, "person": str(ana(db).id)},
    )

    assert ana(db).standing == Standing.ACTIVE


def test_nobody_else_can_be_chosen_on_the_page(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")
    stranger = PersonFactory(name="Stranger")
    client.post("/join", data=JOINING)

    answer = client.post(inbox.last().link, data={"person": str(stranger.id)})

    assert answer.status_code == 200
    assert db.scalars(select(SignInSession)).all() == []


def test_a_session_that_the_browser_brought_along_ends(
    client: FlaskClient, db: Session, mail: Mail
) -> None:
    sign_in(client, PersonFactory(name="Planter"))
    planted = client.get_cookie("session")
    post(client, mail.link)

    assert planted is not None
    assert client.get_cookie("session").value != planted.value  # type: ignore[union-attr]
    assert db.scalars(select(SignInSession.person_id)).all() == [ana(db).id]


def test_other_domains_issue_links_that_lead_on_to_their_pages(
    client: FlaskClient, db: Session
) -> None:
    person = PersonFactory(unconfirmed=True)
    issued = links.issue(
        LinkKind.CONFIRM, address=person.address, person=person, next_url="/events/reading"
    )
    url = links.url(issued, "es")

    assert url == f"http://localhost/es/confirm/{issued.secret}"
    assert client.post(f"/es/confirm/{issued.secret}").location == "/events/reading"


def test_a_link_never_leads_to_another_site(client: FlaskClient, db: Session) -> None:
    person = PersonFactory()
    issued = links.issue(
        LinkKind.SIGN_IN, address=person.address, person=person, next_url="//evil.example"
    )

    assert client.post(f"/confirm/{issued.secret}").location == "/me?done=signed-in"


def test_only_one_of_two_presses_at_once_counts(db: Session) -> None:
    person = PersonFactory(unconfirmed=True)
    issued = links.issue(LinkKind.CONFIRM, address=person.address, person=person)
    link = links.find(issued.secret)
    assert link is not None
    actions.press(link, person)

    with pytest.raises(actions.LinkUsed):
        actions.press(link, person)


def test_the_database_keeps_neither_link_nor_code(db: Session, mail: Mail) -> None:
    link = db.scalars(select(EmailLink)).one()

    assert mail.code not in (link.code_digest, link.secret_digest)
    assert mail.link.rpartition("/")[2] not in (link.code_digest, link.secret_digest)


def test_a_session_is_kept_as_a_hash(client: FlaskClient, db: Session) -> None:
    with edge.step():
        secret = sessions.start(PersonFactory())

    assert db.scalars(select(SignInSession.secret_digest)).one() != secret
