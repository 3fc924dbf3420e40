"""What a refusal says of an address: hard, soft or ours, from codes and from words of the field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.models import BounceKind
from app.mail.refusals import LIMIT, kind_of, score

NOW = datetime(2027, 7, 17, 12, tzinfo=UTC)
HARD = (
    "550 5.1.1 The email account that you tried to reach does not exist. Please try double-check",
    "550 5.1.1 <maria@example.org>: Recipient address rejected: User unknown in relay recipient "
    "table",
    "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "553 5.1.2 unable to find the host of that address",
    "551 5.1.6 the mailbox has moved",
    "550 No such user here",
    "550 spam.report@example.org is unknown here",
    "554 delivery error: dd This user doesn't have an example.com account",
    "550 5.0.0 User unknown",
)
SOFT = (
    "552 5.2.2 The email account that you tried to reach is over quota",
    "552 mailbox full",
    "550 Mailbox is full, try later",
    "450 4.2.1 The user is receiving mail at a rate that prevents more",
    "4.4.7 delivery time expired",
    "550 5.4.1 Recipient address rejected: Access denied",
    "550 5.4.4 unable to look up the host",
    "451 4.3.0 temporary trouble",
    "421 Service not available",
    "450 4.1.1 unknown for now",
    "",
)
BLOCKED = (
    "550 5.7.1 Our system has detected that this message is likely unsolicited mail",
    "550 5.7.26 This mail is unauthenticated",
    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
    "550 Blocked by zen.spamhaus.org",
    "550 5.1.1 rejected: 192.5.1.1 is listed at bl.example.net (blacklist)",
    "554 Service unavailable; Client host blocked using Barracuda Reputation",
    "550 SPF check failed",
    "450 Greylisted, please try again",
    "554 5.6.0 message content rejected",
    "553 5.1.8 <bounce@example.org>: sender address rejected: domain not found",
    "550 relaying denied",
    "552 5.3.4 message size exceeds fixed limit",
    "550 5.0.0 sender rejected",
)


@pytest.mark.parametrize("words", HARD)
def test_an_address_that_is_not_there_is_hard(words: str) -> None:
    assert kind_of(words) == BounceKind.HARD


@pytest.mark.parametrize("words", SOFT)
def test_trouble_that_may_pass_is_soft(words: str) -> None:
    assert kind_of(words) == BounceKind.SOFT


@pytest.mark.parametrize("words", BLOCKED)
def test_a_refusal_of_us_says_nothing_of_the_address(words: str) -> None:
    assert kind_of(words) == BounceKind.BLOCKED


def test_the_servers_own_code_stands_above_the_status_of_a_report() -> None:
    assert kind_of("550 5.7.1 rejected", "5.1.1") == BounceKind.BLOCKED
    assert kind_of("it did not work", "5.1.1") == BounceKind.HARD
    assert kind_of("550 mailbox full", "5.0.0") == BounceKind.SOFT
    assert kind_of("", "4.4.1") == BounceKind.SOFT


@given(words=st.text(), status=st.text(max_size=20))
def test_whatever_a_server_says_it_is_of_some_kind(words: str, status: str) -> None:
    assert kind_of(words, status) in BounceKind


def weekly(number: int, *, every: timedelta = timedelta(days=7)) -> float:
    return score([NOW - nth * every for nth in range(number)], NOW)


def test_one_refusal_weighs_one_and_halves_in_ninety_days() -> None:
    assert weekly(1) == 1
    assert score([NOW - timedelta(days=90)], NOW) == pytest.approx(0.5)
    assert score([NOW - timedelta(days=180)], NOW) == pytest.approx(0.25)
    assert score([], NOW) == 0


def test_a_full_mailbox_is_left_alone_after_five_weekly_mails() -> None:
    assert weekly(4) < LIMIT <= weekly(5)


def test_two_bad_days_in_a_year_or_a_bad_hour_do_nothing() -> None:
    assert weekly(2, every=timedelta(days=180)) < LIMIT
    assert weekly(20, every=timedelta(minutes=30)) <= 1
