"""Addresses as people type them, judged as the validator that knows the standards would."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.forms import is_address

DOMAINS = (
    *("example.org", "mail.example.co.uk", "localhost", "example", "-a.org", "a..org", "a_b.org"),
    *("", "[127.0.0.1]", "xn--bcher-kva.example", "x" * 64 + ".org", ".".join("x" * 62)[:122]),
    ".".join(["y" * 60] * 4),
)


def _accepts(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


@given(st.text("az09._+-'\"", max_size=70), st.sampled_from(DOMAINS))
def test_an_address_is_taken_if_the_validator_takes_it(name: str, domain: str) -> None:
    address = f"{name}@{domain}"
    assert is_address(address) == _accepts(address)


@pytest.mark.parametrize("length", [63, 64, 65])
def test_what_stands_before_the_at_has_at_most_64_characters(length: int) -> None:
    assert is_address(f"{'a' * length}@example.org") == (length <= 64)


@pytest.mark.parametrize("length", [253, 254, 255])
def test_an_address_has_at_most_254_characters(length: int) -> None:
    domain = ".".join(["y" * 47] * 4)
    address = f"{'a' * (length - len(domain) - 1)}@{domain}"
    assert len(address) == length
    assert is_address(address) == (length <= 254)
