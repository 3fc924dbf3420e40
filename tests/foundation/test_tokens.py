"""Secrets and signed links."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation import tokens
from app.foundation.web import Whereas
from tests.conftest import MakeApp


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Tokens need no database; one is enough."""
    return sqlite_url


def test_a_signed_token_gives_back_its_ids(app: Whereas) -> None:
    with app.app_context():
        assert tokens.read("unsubscribe", tokens.sign("unsubscribe", 7, 0, 123456789)) == (
            7,
            0,
            123456789,
        )


def test_a_token_opens_nothing_else(app: Whereas) -> None:
    with app.app_context():
        assert tokens.read("preferences", tokens.sign("unsubscribe", 7)) is None


def test_another_secret_reads_nothing(lend_app: MakeApp) -> None:
    with lend_app(SECRET_KEY="a" * 32).app_context():
        token = tokens.sign("unsubscribe", 7)
    with lend_app(SECRET_KEY="b" * 32).app_context():
        assert tokens.read("unsubscribe", token) is None


@given(st.text(max_size=80))
def test_no_text_is_a_token(raw: str) -> None:
    app = Whereas("tokens")
    app.config["SECRET_KEY"] = "s" * 32
    with app.app_context():
        assert tokens.read("unsubscribe", raw) is None


def test_a_changed_or_cut_token_is_refused(app: Whereas) -> None:
    with app.app_context():
        token = tokens.sign("cancel", 41)

        assert tokens.read("cancel", token[:-1]) is None
        assert tokens.read("cancel", "2a" + token[2:]) is None
        assert tokens.read("cancel", "0x" + token) is None


def test_codes_have_six_digits() -> None:
    assert all(
        len(code) == 6 and code.isdecimal() for code in (tokens.new_code() for _ in "x" * 50)
    )


@given(key=st.binary(max_size=200), messages=st.lists(st.binary(max_size=200), max_size=3))
def test_a_mac_is_what_the_standard_library_says(key: bytes, messages: list[bytes]) -> None:
    mac = tokens.Mac(key)
    assert [mac.digest(each) for each in messages] == [
        hmac.digest(key, each, "sha256") for each in messages
    ]
