"""Attachments, letters of one's own, and the tokens that tie an answer to a delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.headers import BadHeader
from app.mail.mime import Attachment, Letter, calendar, message_id, verp_sender

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Vigília\r\nEND:VCALENDAR\r\n"
SECRET = b"a secret of this installation"


def letter(*attachments: Attachment, html: str = "<p>Hello</p>") -> EmailMessage:
    raw = Letter(
        subject="Hello",
        text="Hello",
        html=html,
        from_name="Columbus Alliance via Whereas",
        from_address="mail@example.org",
        reply_to="ana@example.org",
        headers=(("Auto-Submitted", "auto-generated"),),
        attachments=attachments,
    ).build(to="maria@example.org", to_name="Maria", message_id="<1@example.org>", date=NOON)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=default)


def test_a_letter_says_who_writes_and_where_answers_go() -> None:
    message = letter()
    assert [message[name] for name in ("From", "Reply-To", "To", "Auto-Submitted")] == [
        "Columbus Alliance via Whereas <mail@example.org>",
        "ana@example.org",
        "Maria <maria@example.org>",
        "auto-generated",
    ]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize("html", ["<p>Hello</p>", ""])
def test_a_calendar_entry_goes_beside_the_text(html: str) -> None:
    message = letter(calendar("vigil.ics", ICS, "REQUEST"), html=html)
    (part,) = message.iter_attachments()
    assert message.get_content_type() == "multipart/mixed"
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert (part.get_filename(), part.get_payload(decode=True)) == ("vigil.ics", ICS.encode())
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == "Hello"
    assert message.defects == []


@given(content=st.binary(max_size=500), name=st.text(st.characters(exclude_categories=["C"])))
def test_any_file_arrives_whole(content: bytes, name: str) -> None:
    file = Attachment(f"{name}.pdf", "application/pdf", content)
    first, second = letter(file, calendar("a.ics", ICS)).iter_attachments()
    assert first.get_payload(decode=True) == content
    assert second.get_payload(decode=True) == ICS.encode()
    assert first.get_content_disposition() == "attachment"


@pytest.mark.parametrize(
    ("filename", "read"),
    [
        ("Agenda 2027.pdf", "Agenda 2027.pdf"),
        ("año.pdf", "año.pdf"),
        ('a"; name="b.exe', 'a"; name="b.exe'),
        ("../../etc/passwd", "passwd"),
        ("C:\\mail\\x.txt", "x.txt"),
        ("a\r\nBcc: x.pdf", "a Bcc: x.pdf"),
        ("", "attachment"),
        ("😀" * 300 + ".pdf", "😀" * 56 + ".pdf"),
    ],
)
def test_a_file_is_saved_under_this_name(filename: str, read: str) -> None:
    (part,) = letter(Attachment(filename, "application/pdf", b"x")).iter_attachments()
    assert part.get_filename() == read


@pytest.mark.parametrize("kind", ["", "pdf", "text/html\r\nBcc: x", 'text/plain; name="é"'])
def test_a_wrong_type_makes_no_message(kind: str) -> None:
    with pytest.raises(BadHeader):
        letter(Attachment("a.pdf", kind, b"x"))


def test_a_calendar_knows_three_methods() -> None:
    with pytest.raises(BadHeader):
        calendar("a.ics", ICS, "DELETE")


def test_a_message_id_is_stable_and_of_its_parts() -> None:
    made = {
        message_id(secret, *parts, domain="example.org")
        for secret in (SECRET, b"another")
        for parts in ((7, 12), (71, 2), (7, 13), ("7", "1", "2"))
    }
    assert len(made) == 8
    assert message_id(SECRET, 7, 12, domain="example.org") in made
    assert all(len(each) == len("<@example.org>") + 32 for each in made)


@given(key=st.from_regex(r"[a-z0-9]{1,36}", fullmatch=True))
def test_a_bounce_address_is_of_its_key_and_secret_and_short_enough(key: str) -> None:
    address = verp_sender(SECRET, key, "a@example.org", "mail.example.org")

    assert address == verp_sender(SECRET, key, "a@example.org", "mail.example.org")
    assert address.startswith(f"bounce+{key}-")
    assert address != verp_sender(b"another", key, "a@example.org", "mail.example.org")
    assert address != verp_sender(SECRET, key, "b@example.org", "mail.example.org")
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize("key", ["", "M12", "a-b", "a@b", "x" * 41, "é"])
def test_a_bounce_address_holds_only_a_plain_key(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        verp_sender(SECRET, key, "a@example.org", "example.org")
