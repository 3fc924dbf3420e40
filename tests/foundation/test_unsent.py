"""A form that is refused gives back what was typed, to whoever typed it and to nobody else."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from wtforms import PasswordField

from app.digests.models import Issue
from app.foundation.forms import Form
from app.foundation.unsent import SECRET
from app.people.models import Person
from tests.digests.test_pages import DRAFT
from tests.factories import PersonFactory, staff_member
from tests.signing_in import csrf_token, post, sign_in, sign_out

NEW = "/staff/digests/new"
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
WORDS = 'Two "words" <script>alert(1)</script>\r\n& a second line'
TYPED = {**DRAFT, "introduction": WORDS, "subject_es": "Dos palabras"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo")


def offered(answer: TestResponse) -> dict[str, str]:
    """The fields that the page would send again."""
    return {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}


def drafts(db: Session) -> list[str]:
    db.expire_all()
    return [issue.introduction for issue in db.scalars(select(Issue))]


def test_a_form_sent_after_the_session_ended_goes_again_after_signing_in(
    client: FlaskClient, db: Session, staff: Person
) -> None:
    sign_in(client, staff)
    old = csrf_token(client)
    sign_out(client)
    refused = client.post(NEW, data={**TYPED, "csrf_token": old}, headers=OURS)
    assert refused.status_code == 401
    assert "You are not signed in any more." in refused.text
    assert 'href="/login" target="_blank"' in refused.text
    assert offered(refused) == TYPED
    sign_in(client, staff)
    asked = client.post(NEW, data=offered(refused), headers=OURS)
    assert asked.status_code == 403
    assert "This page was open for a long time." in asked.text
    assert offered(asked) == {**TYPED, "csrf_token": csrf_token(client)}
    assert drafts(db) == []
    sent = client.post(NEW, data=offered(asked), headers=OURS)
    assert sent.status_code == 303
    assert drafts(db) == [WORDS.replace("\r\n", "\n")]


def test_what_was_typed_is_shown_as_text_and_tokens_are_not(
    client: FlaskClient, staff: Person
) -> None:
    sign_in(client, staff)
    answer = client.post(NEW, data={**TYPED, "csrf_token": "an old token"}, headers=OURS)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\r\n&amp; a second line</textarea>" in answer.text
    assert "an old token" not in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_that_may_be_from_elsewhere_is_not_offered_again(
    client: FlaskClient, staff: Person, headers: dict[str, str]
) -> None:
    sign_in(client, staff)
    answer = client.post(NEW, data=TYPED, headers=headers)
    assert answer.status_code == 403
    assert offered(answer) == {}
    assert "second line" not in answer.text
    assert csrf_token(client) not in answer.text


def test_an_old_browser_that_names_only_the_origin_is_enough(
    client: FlaskClient, staff: Person
) -> None:
    sign_in(client, staff)
    answer = client.post(NEW, data=TYPED, headers={"Origin": "http://localhost"})
    assert offered(answer) == {**TYPED, "csrf_token": csrf_token(client)}


def test_who_may_not_is_not_asked_to_send_it_again(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())
    answer = post(client, NEW, TYPED, headers=OURS)
    assert answer.status_code == 403
    assert offered(answer) == {}
    assert "It was not saved. Copy what you need." in answer.text
    assert "a second line</textarea>" in answer.text


def test_a_page_that_is_gone_gives_back_the_text(client: FlaskClient, staff: Person) -> None:
    sign_in(client, staff)
    for url in ("/staff/digests/99/edit", "/no/such/page"):
        answer = post(client, url, TYPED, headers=OURS)
        assert answer.status_code == 404
        assert offered(answer) == {}
        assert "a second line</textarea>" in answer.text
        assert '<input readonly value="Dos palabras"' in answer.text
        assert 'value="monthly"' not in answer.text


def test_too_much_at_once_says_where_the_text_is(client: FlaskClient, staff: Person) -> None:
    sign_in(client, staff)
    too_much = {**TYPED, "introduction": "x" * 2_100_000}
    refused = post(client, NEW, too_much, headers=OURS)
    assert refused.status_code == 413
    assert "Go back, where it is still as you typed it." in refused.text
    assert post(client, "/no/such/page", too_much, headers=OURS).status_code == 404


def test_a_text_is_too_long_before_a_browser_cuts_it(client: FlaskClient, staff: Person) -> None:
    sign_in(client, staff)
    assert re.search(r'<textarea[^>]*id="introduction"[^>]*maxlength="80000"', client.get(NEW).text)


def test_passwords_and_codes_are_not_shown_again(client: FlaskClient, staff: Person) -> None:
    secret = {name: f"my {name}" for name in SECRET}
    answer = client.post(NEW, data={**secret, "subject": "Two words"}, headers=OURS)
    assert offered(answer) == {"subject": "Two words"}
    assert not [value for value in secret.values() if value in answer.text]


def test_every_password_has_a_name_that_is_not_shown_again() -> None:
    names = {
        name
        for form in _below(Form)
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is PasswordField
    }
    assert names == {"password"}


def _below(kind: type[Form]) -> list[type[Form]]:
    return [each for below in kind.__subclasses__() for each in (below, *_below(below))]


def test_a_form_with_a_file_does_not_go_again_without_it(
    client: FlaskClient, db: Session, staff: Person
) -> None:
    sign_in(client, staff)
    file = {"file": (BytesIO(b"name"), "people.csv")}
    answer = client.post(NEW, data={**TYPED, **file}, headers=OURS)
    assert offered(answer) == {}
    assert "a second line</textarea>" in answer.text
