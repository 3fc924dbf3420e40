"""Joining: what is asked, what is kept until the mail is confirmed, and that nobody learns more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alliances.models import Joining, LifeCycle
from app.foundation import clock, signals
from app.foundation.web import Whereas
from app.mail.models import Suppression, SuppressionReason
from app.people.actions import address_digest
from app.people.models import (
    Address,
    Consent,
    DigestEvery,
    Person,
    Purpose,
    Standing,
    Unsubscription,
)
from tests.accounts.conftest import JOINING, Inbox
from tests.factories import AddressFactory, AllianceFactory, PersonFactory


def people(db: Session) -> list[Person]:
    db.commit()
    return list(db.scalars(select(Person).order_by(Person.id)))


def test_an_address_of_a_megabyte_is_refused_for_its_length_alone(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "a" * 1_000_000, "link": "y"})

    assert answer.status_code == 422
    assert "Please use at most 254 characters." in answer.text
    assert "This does not look like an e-mail address." not in answer.text


def test_the_form_begins_empty_and_says_what_is_kept(client: FlaskClient) -> None:
    page = client.get("/join").text

    assert "checked" not in page
    assert "within 7 days, we delete everything" in page
    assert "We do not store your IP address." in page
    assert "your page then tells you when that was" in page


def test_whoever_joins_is_kept_unconfirmed_and_gets_one_mail(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    answer = client.post("/join", data=JOINING)

    assert answer.status_code == 200
    assert "Check your inbox" in answer.text
    [ana] = people(db)
    assert (ana.name, ana.zip, ana.city, ana.state) == ("Ana", "43215", "Columbus", "OH")
    assert ana.standing == Standing.UNCONFIRMED
    assert ana.digest_every == DigestEvery.WEEKLY
    assert db.scalars(select(Consent)).all() == []
    assert [(mail.kind, mail.email) for mail in inbox.all()] == [("confirm", "ana@example.org")]


def test_what_was_not_ticked_is_not_wanted(client: FlaskClient, db: Session) -> None:
    client.post("/join", data=JOINING | {"digest": "never"})

    unwanted = set(db.scalars(select(Unsubscription.purpose)))
    assert unwanted == {Purpose.DIGEST, Purpose.ANNOUNCEMENTS}


def test_the_choice_to_stay_unseen_is_kept(client: FlaskClient, db: Session) -> None:
    client.post("/join", data=JOINING | {"discreet": "y"})

    assert [person.discreet for person in people(db)] == [True]

    client.post("/join", data=JOINING)

    assert [person.discreet for person in people(db)] == [True]


def test_the_language_of_the_page_becomes_the_persons(client: FlaskClient, db: Session) -> None:
    client.post("/es/join", data=JOINING)

    assert [person.language for person in people(db)] == ["es"]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("4321", "A ZIP code has five digits, such as 43215."),
        ("99999", "We do not know the ZIP code 99999."),
        ("Columbus", "Please add the state"),
        ("Atlantis, OH", "We cannot find this city."),
        ("", "Please fill this in."),
    ],
)
def test_a_wrong_place_gets_its_own_sentence_and_keeps_what_was_typed(
    client: FlaskClient, db: Session, place: str, sentence: str
) -> None:
    answer = client.post("/join", data=JOINING | {"place": place})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="ana@example.org"' in answer.text
    assert people(db) == []


@pytest.mark.parametrize("email", ["ö@example.org", "ana@müller.example.com"])
def test_an_address_that_no_mail_would_reach_is_refused_at_once(
    client: FlaskClient, db: Session, email: str
) -> None:
    answer = client.post("/join", data=JOINING | {"email": email})

    assert answer.status_code == 422
    assert "only write to addresses without accents" in answer.text
    assert people(db) == []


def test_an_unknown_zip_code_is_kept_with_the_city_beside_it(
    client: FlaskClient, db: Session
) -> None:
    client.post("/join", data=JOINING | {"place": "99999 Columbus, OH"})

    [ana] = people(db)
    assert (ana.zip, ana.city, ana.latitude) == ("99999", "Columbus", 39.9671)


def test_fields_that_are_not_on_the_form_change_nothing(client: FlaskClient, db: Session) -> None:
    client.post("/join", data=JOINING | {"standing": "active", "role": "admin", "id": "7"})

    assert [(person.standing, person.id) for person in people(db)] == [(Standing.UNCONFIRMED, 1)]


def test_letter_case_and_unicode_forms_of_an_address_are_one(
    client: FlaskClient, db: Session
) -> None:
    for email in ("ana@example.org", "ANA@Example.ORG", "ａｎａ@example.org"):
        client.post("/join", data=JOINING | {"email": email})

    assert db.scalar(select(func.count()).select_from(Address)) == 1
    assert len(people(db)) == 1


def test_a_line_break_in_a_name_becomes_a_space(client: FlaskClient, db: Session) -> None:
    client.post("/join", data=JOINING | {"name": "Ana\r\nBcc: all@example.org\x00\u2028x"})

    assert [person.name for person in people(db)] == ["Ana Bcc: all@example.org x"]


def test_no_word_of_whoever_typed_stands_in_a_mail_to_an_unconfirmed_address(
    client: FlaskClient, inbox: Inbox
) -> None:
    client.post("/join", data=JOINING | {"name": "Buy pills at https://spam.example"})

    assert "pills" not in inbox.last().text


def test_joining_again_says_that_one_belongs_already(client: FlaskClient, inbox: Inbox) -> None:
    PersonFactory(name="Ana", address__email="ana@example.org")

    client.post("/join", data=JOINING | {"name": "  ANA "})

    assert inbox.kinds() == ["already_member"]


def test_joining_again_changes_nothing_of_whoever_belongs(client: FlaskClient, db: Session) -> None:
    PersonFactory(name="Ana", address__email="ana@example.org", digest_every="monthly")

    client.post("/join", data=JOINING | {"place": "90012", "discreet": "y"})

    [ana] = people(db)
    assert (ana.city, ana.discreet, ana.digest_every) == ("Columbus", False, "monthly")


def test_another_name_at_a_known_address_is_a_second_person(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")

    client.post("/join", data=JOINING)

    assert [(person.name, person.standing) for person in people(db)] == [
        ("Ben", Standing.ACTIVE),
        ("Ana", Standing.UNCONFIRMED),
    ]
    assert inbox.kinds() == ["confirm_shared"]


def test_joining_twice_before_confirming_keeps_one_person_with_the_last_answers(
    client: FlaskClient, db: Session
) -> None:
    client.post("/join", data=JOINING)
    client.post("/join", data=JOINING | {"place": "90012", "digest": "monthly"})

    [ana] = people(db)
    assert (ana.city, ana.digest_every) == ("Los Angeles", DigestEvery.MONTHLY)


def test_the_wish_for_an_alliance_is_announced(client: FlaskClient) -> None:
    heard = []

    def hear(person: Person, alliance_slug: str) -> None:
        heard.append((person.name, alliance_slug))

    with signals.join_asked.connected_to(hear):
        client.post("/join", data=JOINING | {"alliance": "columbus"})

    assert heard == [("Ana", "columbus")]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"joining": Joining.OPEN}, True),
        ({"joining": Joining.MODERATED}, True),
        ({"joining": Joining.INVITED}, False),
        ({"life_cycle": LifeCycle.PROPOSED}, False),
    ],
)
def test_the_form_names_an_alliance_that_one_may_ask_to_join(
    client: FlaskClient, db: Session, values: dict[str, object], named: bool
) -> None:
    AllianceFactory(name="Columbus <Alliance>", slug="columbus", **values)

    page = client.get("/join?alliance=columbus").text
    again = client.post("/join", data=JOINING | {"alliance": "columbus", "email": "nobody"})

    assert ("You also ask to join Columbus &lt;Alliance&gt;." in page) is named
    assert ("You also ask to join Columbus &lt;Alliance&gt;." in again.text) is named
    assert ('value="columbus"' in page) is named


def make_known() -> None:
    PersonFactory(name="Ana", address__email="ana@example.org")


def make_unverified() -> None:
    address = AddressFactory(email="ana@example.org", confirmed_at=None)
    PersonFactory(name="Ana", address=address, standing=Standing.UNCONFIRMED)


def make_disabled() -> None:
    PersonFactory(name="Ana", address__email="ana@example.org", standing=Standing.DISABLED)


def make_shared() -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")


@pytest.fixture
def answer_to_unknown(client: FlaskClient) -> tuple[int, str]:
    answer = client.post("/join", data=JOINING | {"email": "nobody@example.org"})
    return answer.status_code, answer.text.replace("nobody@example.org", "ana@example.org")


@pytest.mark.parametrize("make", [make_known, make_unverified, make_disabled, make_shared])
def test_the_answer_never_tells_whether_an_address_is_known(
    client: FlaskClient, answer_to_unknown: tuple[int, str], make: object
) -> None:
    make()  # type: ignore[operator]

    answer = client.post("/join", data=JOINING)

    assert (answer.status_code, answer.text) == answer_to_unknown


def test_an_address_that_we_do_not_email_gets_the_same_answer(
    client: FlaskClient, db: Session, answer_to_unknown: tuple[int, str]
) -> None:
    db.add(
        Suppression(
            digest=address_digest("ana@example.org"),
            masked="a…@example.org",
            reason=SuppressionReason.ASKED,
            at=clock.now(),
        )
    )

    answer = client.post("/join", data=JOINING)

    assert (answer.status_code, answer.text) == answer_to_unknown


def test_an_unconfirmed_address_gets_three_mails_in_six_hours_and_the_same_answer_after(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    answers = {client.post("/join", data=JOINING | {"name": f"N{n}"}).text for n in range(5)}

    assert len(answers) == 1
    assert inbox.kinds() == ["confirm"] * 3
    assert [person.name for person in people(db)] == ["N0", "N1", "N2"]


def test_after_six_hours_an_unconfirmed_address_may_be_written_to_again(
    client: FlaskClient, inbox: Inbox
) -> None:
    for _ in range(4):
        client.post("/join", data=JOINING)
    with time_machine.travel(clock.now() + timedelta(hours=6, minutes=1)):
        client.post("/join", data=JOINING)

    assert inbox.kinds() == ["confirm"] * 4


def test_one_client_may_ask_for_sixty_mails_an_hour(client: FlaskClient, inbox: Inbox) -> None:
    for number in range(60):
        client.post("/join", data=JOINING | {"email": f"p{number}@example.org"})

    answer = client.post("/join", data=JOINING)

    assert answer.status_code == 429
    assert len(inbox.all()) == 60


def test_joining_from_another_site_is_refused(client: FlaskClient, db: Session) -> None:
    answer = client.post("/join", data=JOINING, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert people(db) == []


def test_the_pages_for_visitors_set_no_cookie(client: FlaskClient) -> None:
    cookies = [
        client.get(url).headers.get("Set-Cookie")
        for url in ("/join", "/login", "/check-inbox", "/confirm/nothing")
    ]
    assert cookies == [None] * 4


def test_a_form_sent_six_times_at_once_makes_one_person(
    app: Whereas, client: FlaskClient, db: Session
) -> None:
    AddressFactory(email="ana@example.org", confirmed_at=None)
    db.commit()

    def send(_number: int) -> int:
        return app.test_client().post("/join", data=JOINING).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(send, range(6)))

    assert statuses == [200] * 6
    assert [person.name for person in people(db)] == ["Ana"]


@pytest.mark.parametrize("field", ["email", "name", "place", "alliance", "digest"])
@pytest.mark.parametrize("text", ["x" * 100_000, "\x00", "\udcff", "{{7*7}}%_\\", "<script>"])
def test_odd_text_in_any_field_is_refused_or_kept_and_never_a_fault(
    client: FlaskClient, field: str, text: str
) -> None:
    odd = text.encode("utf-8", "surrogateescape")
    answer = client.post("/join", data=JOINING | {field: odd})

    assert answer.status_code in (200, 422)
    assert "<script>" not in answer.text.partition("<main")[2]
    assert "49" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("text", ["x" * 100_000, "\x00", "\udcff", "{{7*7}}%_\\"])
def test_an_odd_alliance_is_dropped_when_the_form_is_shown_again(
    client: FlaskClient, text: str
) -> None:
    odd = text.encode("utf-8", "surrogateescape")
    answer = client.post("/join", data=JOINING | {"alliance": odd, "email": "nobody"})

    assert answer.status_code == 422
    assert "You also ask to join" not in answer.text
