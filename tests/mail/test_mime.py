"""Messages: what a mail program reads is what was put in, and no text breaks out of its place."""

from __future__ import annotations

import quopri
import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.mail.headers import BadHeader, one_line
from app.mail.mime import Letterhead, bulk_headers, unsubscribe_headers
from app.mail.quoted import join, literal, quote

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
LETTERHEAD = Letterhead("Columbus Alliance via Whereas", "mail@example.org", "ana@example.org")

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LINE = st.one_of(
    st.sampled_from([".", "..", ".x", "", " ", "\t", "From me", "--=_alternative", "=20", "\r"]),
    st.text(alphabet="ab .=é😀\t", max_size=300),
    st.text(alphabet="a =", min_size=70, max_size=80),
    ANY_TEXT,
)
BODY = st.lists(LINE, max_size=8).map("\n".join)


def build(**changes: Any) -> bytes:
    facts = {
        "to": "maria@example.org",
        "subject": "Your month",
        "text": "Hello\n",
        "message_id": "<1@example.org>",
        "date": NOON,
    }
    return LETTERHEAD.build(**facts | changes)


def parse(raw: bytes) -> EmailMessage:
    """Read a message, after checking what every one of them must keep to."""
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=default)


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return lines(part.get_content())


def lines(text: str) -> str:
    return re.sub("\r\n?", "\n", text)


@given(text=BODY, html=BODY.filter(bool))
def test_both_bodies_are_read_as_they_were_written(text: str, html: str) -> None:
    raw = build(text=text, html=html)
    message = parse(raw)
    assert (content(message, "plain"), content(message, "html")) == (lines(text), lines(html))
    assert message.defects == []
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n")) <= 76


@given(text=BODY)
def test_a_text_alone_is_one_part(text: str) -> None:
    message = parse(build(text=text))
    assert message.get_content_type() == "text/plain"
    assert lines(message.get_content()) == lines(text) + "\n"


@given(parts=st.lists(BODY, max_size=6))
def test_joined_parts_read_as_one_text(parts: list[str]) -> None:
    joined = join(quote(part) for part in parts)
    message = parse(build(text="x", html=joined or "x"))
    assert content(message, "html") == ("".join(map(lines, parts)) if joined else "x")
    assert max(map(len, joined.split(b"\r\n"))) <= 76


DOTTED = st.text(st.sampled_from(".. \n=aé\t"), max_size=200)


@given(parts=st.lists(DOTTED, min_size=1, max_size=4))
def test_no_line_of_a_quoted_text_begins_with_a_dot(parts: list[str]) -> None:
    """So that SMTP's stuffing has nothing to do."""
    joined = join(quote(part) for part in parts)
    assert not joined.startswith(b".")
    assert b"\n." not in joined
    assert max(map(len, joined.split(b"\r\n"))) <= 76
    assert quopri.decodestring(joined).decode() == lines("".join(parts)).replace("\n", "\r\n")


@given(text=st.text(st.characters(max_codepoint=255), max_size=90))
def test_literal_text_needs_no_encoding_anywhere(text: str) -> None:
    found = literal(text)
    if found is not None:
        assert found == quote(text) == text.encode()
        assert escape(text) == text


def test_names_and_links_are_literal_and_what_html_or_mail_would_read_is_not() -> None:
    link = "https://example.org/unsubscribe/1.1.1.6jyh5eoBGmV7eAoumd_1"
    assert [literal(text) for text in ("Ruth Larsen", link)] == [b"Ruth Larsen", link.encode()]
    for text in ("", ".x", " x", "x ", "a=b", "a<b", "a&b", "it's", "é", "a\nb", "a" * 76):
        assert literal(text) is None


@pytest.mark.parametrize("length", [*range(70, 80), 150, 151, 152, 10_000])
@pytest.mark.parametrize("letter", ["a", "=", "é", "😀", " "])
def test_a_line_of_any_length_can_be_continued(letter: str, length: int) -> None:
    first = letter * length
    message = parse(build(html=join([quote(first), quote("more")])))
    assert content(message, "html") == first + "more"


@given(subject=ANY_TEXT)
def test_any_subject_is_read_as_one_line(subject: str) -> None:
    raw = build(subject=subject)
    message = parse(raw)
    assert str(message["Subject"]) == one_line(subject)
    assert message.keys() == parse(build()).keys()
    assert longest_header_line(raw) <= 78 or " " not in one_line(subject)


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Your month in Columbus", b"Subject: Your month in Columbus"),
        ("Tu mes en León", b"Subject: =?utf-8?B?VHUgbWVzIGVuIExlw7Nu?="),
        ("a\r\nBcc: x@example.org", b"Subject: a Bcc: x@example.org"),
        ("a\u2028b\u2029c\x00d\x7fe\x85f", b"Subject: a b c d e f"),
        ("=?utf-8?q?forged?=", b"Subject: =?utf-8?B?PT91dGYtOD9xP2ZvcmdlZD89?="),
        ("moc.live\u202ehtlaeh", b"Subject: moc.live htlaeh"),
        ("", b"Subject: "),
    ],
)
def test_a_subject_becomes_this_line(subject: str, line: bytes) -> None:
    assert build(subject=subject).split(b"\r\n")[5] == line


def longest_header_line(raw: bytes) -> int:
    return max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n")))


def test_long_subjects_are_folded() -> None:
    for subject in ("word " * 60, "wörter " * 60, "x" * 950 + " y", "ñ" * 500, "x" * 2000):
        raw = build(subject=subject)
        assert str(parse(raw)["Subject"]) == subject.strip()
        assert longest_header_line(raw) <= 78


@given(name=ANY_TEXT)
def test_any_name_is_read_as_one_name(name: str) -> None:
    raw = build(to_name=name)
    (recipient,) = parse(raw)["To"].addresses
    assert recipient.addr_spec == "maria@example.org"
    # Python's newer parser keeps the space between two encoded words of a name; the older does not.
    phrase, _ = parseaddr(message_from_bytes(raw)["To"].replace("\r\n", ""))
    assert str(make_header(decode_header(phrase))) == one_line(name)
    assert longest_header_line(raw) <= 78


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Maria Lopez", b"To: Maria Lopez <maria@example.org>"),
        ("Lopez, Maria", b'To: "Lopez, Maria" <maria@example.org>'),
        ('Maria "Mia" \\o/', b'To: "Maria \\"Mia\\" \\\\o/" <maria@example.org>'),
        ("boss@example.com", b'To: "boss@example.com" <maria@example.org>'),
        ("María", b"To: =?utf-8?B?TWFyw61h?= <maria@example.org>"),
        ("Ana vía Whereas", b"To: Ana =?utf-8?B?dsOtYQ==?= Whereas <maria@example.org>"),
        ("Ana =?x?= (Ö)", b"To: Ana =?utf-8?B?PT94Pz0gKMOWKQ==?= <maria@example.org>"),
        ("x\r\nBcc: y@example.org", b'To: "x Bcc: y@example.org" <maria@example.org>'),
        ("", b"To: maria@example.org"),
        ("\u2028 \x00", b"To: maria@example.org"),
    ],
)
def test_a_name_becomes_this_line(name: str, line: bytes) -> None:
    assert build(to_name=name).split(b"\r\n")[4] == line


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "a@example.org\x00",
        "a\u2028@example.org",
        "<a@example.org>",
        "Ana a@example.org",
        "año@example.org",
        "a@",
        "",
    ],
)
def test_a_bad_address_makes_no_message(address: str) -> None:
    with pytest.raises(BadHeader):
        build(to=address)
    with pytest.raises(BadHeader):
        Letterhead("Whereas", address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("X-Note", f"a{mark}b") for mark in "\r\n\0\x7f\x85\u2028\u2029\u202e"),
        ("X-Note", ""),
        ("X-Note", "x" * 1000),
        ("X Note", "a"),
        ("X-Note:", "a"),
        ("X-Note\r\nBcc", "a"),
        ("", "a"),
    ],
)
def test_a_bad_header_makes_no_message(name: str, value: str) -> None:
    with pytest.raises(BadHeader):
        build(extra=[(name, value)])
    with pytest.raises(BadHeader):
        Letterhead("Whereas", "mail@example.org", "", [(name, value)])
    with pytest.raises(BadHeader):
        build(message_id=f"<1@example.org>{value}" if name == "X-Note" and value else "\n")


def test_headers_come_as_given() -> None:
    letterhead = Letterhead("Whereas", "mail@example.org", "ana@example.org", [("X-One", "é")])
    message = parse(
        letterhead.build(
            to="maria@example.org",
            subject="Hello",
            text="Hello",
            message_id="<1@example.org>",
            date=NOON.astimezone(timezone(timedelta(hours=-5))),
            extra=[("X-Two", "two words")],
        )
    )
    assert list(message.items()) == [
        ("From", "Whereas <mail@example.org>"),
        ("Reply-To", "ana@example.org"),
        ("X-One", "é"),
        ("MIME-Version", "1.0"),
        ("Date", "Sat, 21 Nov 2026 12:00:00 +0000"),
        ("To", "maria@example.org"),
        ("Subject", "Hello"),
        ("Message-ID", "<1@example.org>"),
        ("X-Two", "two words"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def test_bulk_mail_says_so_and_offers_one_click() -> None:
    constant = bulk_headers(
        list_id="digest.example.org", list_name="Whereas, digest", feedback_id="7:digest:whereas"
    )
    letterhead = Letterhead("Whereas", "mail@example.org", constant=constant)
    url = "https://example.org/unsubscribe/" + "x" * 80
    message = parse(
        letterhead.build(
            to="maria@example.org",
            subject="Hello",
            text="Hello",
            message_id="<1@example.org>",
            date=NOON,
            extra=unsubscribe_headers(url),
        )
    )
    assert {
        name: message[name] for name in message if name.startswith(("L", "P", "A", "X", "F"))
    } == {
        "From": "Whereas <mail@example.org>",
        "List-Id": '"Whereas, digest" <digest.example.org>',
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Feedback-ID": "7:digest:whereas",
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_a_list_name_that_would_need_encoding_is_left_out() -> None:
    assert bulk_headers(list_id="l.example.org", list_name='La "coalición"')[0] == (
        "List-Id",
        "<l.example.org>",
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x>\r\nBcc: y", "https://é", ""])
def test_only_a_web_address_unsubscribes(url: str) -> None:
    with pytest.raises(BadHeader):
        unsubscribe_headers(url)
