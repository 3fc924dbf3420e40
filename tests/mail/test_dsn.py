"""Mail that came back is understood, and what is broken, huge or no report changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail import dsn
from app.mail.models import BounceKind
from tests.mail.reports import (
    AWAY,
    MESSAGE_ID,
    QMAIL,
    READ,
    RETURNED,
    SENDER,
    block,
    complaint,
    crlf,
    headers_of_ours,
)
from tests.mail.reports import dsn as report_of

LOCAL = SENDER.partition("@")[0]


def kinds(raw: bytes) -> list[BounceKind]:
    return [report.kind for report in dsn.read(raw)]


def test_a_report_of_failure_is_read_whole() -> None:
    [report] = dsn.read(report_of())
    assert report == dsn.Report(
        kind=BounceKind.HARD,
        words="550 5.1.1 <maria@example.net> unknown",
        recipients=("maria@example.net",),
        senders=(LOCAL,),
        returned=RETURNED,
        alone=True,
    )


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"]
)
def test_the_mail_may_be_returned_whole_or_as_its_headers(kind: str) -> None:
    [report] = dsn.read(report_of(returned_type=kind))
    assert report.returned == RETURNED


def test_the_status_counts_where_the_server_left_no_words() -> None:
    bare = "Final-Recipient: rfc822;maria@example.net\nAction: failed\nStatus: 4.4.7\n\n"
    [report] = dsn.read(report_of(bare))
    assert (report.kind, report.words) == (BounceKind.SOFT, "4.4.7")


def test_an_original_recipient_stands_beside_the_final_one() -> None:
    forwarded = "Original-Recipient: rfc822;Maria@Example.net\n" + block("m@elsewhere.example")
    [report] = dsn.read(report_of(forwarded, returned=""))
    assert report.recipients == ("maria@example.net", "m@elsewhere.example")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "nonsense"])
def test_delays_and_successes_are_no_failures(action: str) -> None:
    assert dsn.read(report_of(block(action=action))) == []


def test_each_failed_recipient_is_reported_and_none_stands_alone() -> None:
    reports = dsn.read(
        report_of(
            block("a@example.net", words="smtp; 550 5.1.1 a@example.net unknown"),
            block("b@example.net", "delivered", "2.0.0", "smtp; 250 ok"),
            block("c@example.net", "Failed", "5.2.2", "smtp; 552 5.2.2 over quota"),
            returned="",
        )
    )
    assert [(r.kind, r.recipients, r.alone) for r in reports] == [
        (BounceKind.HARD, ("a@example.net",), False),
        (BounceKind.SOFT, ("c@example.net",), False),
    ]


def test_our_sender_is_found_wherever_it_stands() -> None:
    assert dsn.read(report_of(to="postmaster@example.org"))[0].senders == (LOCAL,)
    assert dsn.read(report_of(to="postmaster@example.org", returned=""))[0].senders == ()
    delivered_to = crlf(f"Delivered-To: {SENDER.upper()}\n") + report_of(to="x@y.org", returned="")
    assert dsn.read(delivered_to)[0].senders == (LOCAL,)


def test_a_complaint_is_read_whole() -> None:
    [report] = dsn.read(complaint())
    assert report.kind == BounceKind.COMPLAINT
    assert (report.senders, report.returned) == ((LOCAL,), RETURNED)
    assert report.words == "SomeGenerator/1.0"


@pytest.mark.parametrize("kind", ["not-spam", "virus", "auth-failure", ""])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    assert dsn.read(complaint(kind)) == []


def test_a_failure_in_words_alone_is_read_where_it_names_our_sender() -> None:
    [report] = dsn.read(QMAIL)
    assert report.kind == BounceKind.HARD
    assert report.words == "550 5.1.1 sorry, no mailbox here by that name"
    assert dsn.read(QMAIL.replace(LOCAL.encode(), b"bounces")) == []


@pytest.mark.parametrize("mail", [AWAY, READ, b"", b"hello", crlf("From: x\n\nhello\n")])
def test_other_mail_is_no_report(mail: bytes) -> None:
    assert dsn.read(mail) == []


def test_a_returned_mail_with_a_report_inside_is_not_taken_for_one() -> None:
    """Whoever forwards a report as an attachment of another kind reports nothing."""
    assert dsn.read(crlf("From: a@b.c\nContent-Type: text/plain\n\n") + report_of()) == []


@pytest.mark.parametrize(
    "raw",
    [
        report_of()[:300],
        report_of().replace(b"--=_b--", b""),
        report_of().replace(b'boundary="=_b"', b""),
        report_of().replace(b"us-ascii", b"x-klingon-\xff"),
        report_of(block(recipient="\x00\x1b", status="\x00")),
        report_of(block(words="smtp; " + "x" * 1_000_000)),
        report_of(returned=headers_of_ours(message_id="=?utf-8?q?=00?= <" + "y" * 5000)),
        report_of().replace(b"Maria", b"=?x?B?////?= \xff\xfe"),
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\n' * 2000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"Content-Type: multipart/report\r\n" + b"X: " + b"a" * 100_000,
    ],
)
def test_broken_mail_is_survived(raw: bytes) -> None:
    assert len(dsn.read(raw)) <= 1


def test_of_ten_megabytes_the_beginning_is_read() -> None:
    [report] = dsn.read(report_of() + b"x" * 10_000_000)
    assert report.kind == BounceKind.HARD
    assert dsn.read(b"x" * 10_000_000 + report_of()) == []


def test_a_thousand_recipients_are_cut_off() -> None:
    blocks = [block(f"a{nth}@example.net") for nth in range(1000)]
    assert len(dsn.read(report_of(*blocks))) == dsn.MOST_RECIPIENTS - 1


def test_no_word_is_longer_or_stranger_than_a_row_takes() -> None:
    words = "smtp; 550 5.1.1 \x00\x1b[31m\u2028 né " + "x" * 5000
    [report] = dsn.read(report_of(block(words=words)))
    assert len(report.words) == dsn.LONGEST_WORDS
    assert report.words.isprintable()


@given(raw=st.binary(max_size=2000))
def test_whatever_bytes_come_nothing_is_raised(raw: bytes) -> None:
    assert dsn.read(raw) == []


@given(cut=st.integers(0, 1500), noise=st.binary(max_size=40))
def test_a_damaged_report_raises_nothing(cut: int, noise: bytes) -> None:
    raw = report_of()
    assert len(dsn.read(raw[:cut] + noise + raw[cut:])) <= 1


def test_the_message_id_is_kept_as_it_stood() -> None:
    assert dsn.read(report_of())[0].returned.message_id == MESSAGE_ID
