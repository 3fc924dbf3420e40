"""The Maildir: every message lands once and whole, and reads as it was written."""

from __future__ import annotations

import mailbox
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.mail.maildir import MaildirTransport, NoSuchMessage, list_messages, read_message
from app.mail.mime import Letterhead, calendar
from app.mail.wire import Envelope, Fate, Outcome, TransportDown

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def envelope(
    number: int = 1, to: str = "maria@example.org", text: str = "Hello\n", ics: str = ""
) -> Envelope:
    data = Letterhead("Columbus Alliance", "mail@example.org", "ana@example.org").build(
        to=to,
        to_name="María",
        subject=f"Número {number}",
        text=text,
        html=f"<p>{text}</p>",
        message_id=f"<{number}@example.org>",
        date=NOON,
        attachments=[calendar("vigil.ics", ics)] if ics else (),
    )
    return Envelope(number, f"bounce+{number}@example.org", to, data)


def deliver(folder: Path, *envelopes: Envelope) -> list[Outcome]:
    with MaildirTransport(folder) as maildir:
        return list(maildir.send(envelopes))


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_message_lands_in_new_as_it_was_made(tmp_path: Path) -> None:
    sent = envelope()
    (outcome,) = deliver(tmp_path / "mail", sent)
    assert (outcome.key, outcome.fate, outcome.code) == (1, Fate.SENT, 250)
    assert files(tmp_path / "mail") == [f"new/{outcome.text}"]
    head = b"Return-Path: <bounce+1@example.org>\r\nDelivered-To: maria@example.org\r\n"
    assert (tmp_path / "mail" / "new" / outcome.text).read_bytes() == head + sent.data


def test_other_programs_read_it_as_a_maildir(tmp_path: Path) -> None:
    deliver(tmp_path, envelope(1), envelope(2))
    box = mailbox.Maildir(tmp_path, create=False)
    assert sorted(message["Message-ID"] for message in box) == [
        "<1@example.org>",
        "<2@example.org>",
    ]
    box.close()


def test_the_same_message_sent_twice_is_one_file(tmp_path: Path) -> None:
    first = deliver(tmp_path, envelope(1), envelope(2))
    second = deliver(tmp_path, envelope(1))
    assert second[0].text == first[0].text
    assert len(files(tmp_path)) == 2


def test_the_same_message_for_two_people_is_two_files(tmp_path: Path) -> None:
    deliver(tmp_path, envelope(1), envelope(1, to="ben@example.org"))
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize(
    "head", [b"message-id:<1@a>", b"Message-ID:\r\n <1@a>", b"Subject: x\r\nMessage-Id: <1@a> "]
)
def test_the_name_comes_from_the_message_id_however_it_is_written(
    tmp_path: Path, head: bytes
) -> None:
    plain = Envelope(1, "", "maria@example.org", b"Message-ID: <1@a>\r\n\r\none\r\n")
    other = Envelope(2, "", "maria@example.org", head + b"\r\n\r\nMessage-ID: <2@a>\r\n")
    first, second = deliver(tmp_path, plain, other)
    assert first.text == second.text


def test_messages_without_an_id_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    one = Envelope(1, "", "maria@example.org", b"Subject: one\r\n\r\nMessage-ID: <1@a>\r\n")
    two = Envelope(2, "", "maria@example.org", b"Subject: two\r\n\r\nMessage-ID: <1@a>\r\n")
    deliver(tmp_path, one, two, one)
    assert len(files(tmp_path)) == 2


def test_a_crash_leaves_only_a_draft_that_is_swept_later(tmp_path: Path) -> None:
    deliver(tmp_path)
    fresh, stale = tmp_path / "tmp" / "fresh", tmp_path / "tmp" / "stale"
    fresh.write_text("half a mess")
    stale.write_text("half a mess")
    long_ago = time.time() - 37 * 3600
    os.utime(stale, (long_ago, long_ago))
    (outcome,) = deliver(tmp_path, envelope())
    assert files(tmp_path) == [f"new/{outcome.text}", "tmp/fresh"]
    assert [summary.name for summary in list_messages(tmp_path)] == [outcome.text]


def test_each_message_is_there_before_its_outcome(tmp_path: Path) -> None:
    def source() -> Iterator[Envelope]:
        yield envelope(1)
        assert len(files(tmp_path)) == 1
        yield envelope(2)

    with MaildirTransport(tmp_path) as maildir:
        for count, outcome in enumerate(maildir.send(source()), 1):
            assert (outcome.key, len(files(tmp_path))) == (count, count)
        assert maildir.in_flight == ()


def test_a_folder_that_cannot_be_made_is_a_transport_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in its place")
    with pytest.raises(TransportDown, match="mail"):
        deliver(tmp_path / "mail", envelope())


def test_a_folder_that_vanishes_is_a_transport_that_is_down(tmp_path: Path) -> None:
    with MaildirTransport(tmp_path) as maildir:
        outcomes = maildir.send([envelope(1), envelope(2)])
        assert next(outcomes).fate is Fate.SENT
        (tmp_path / "tmp").rmdir()
        with pytest.raises(TransportDown, match="No such file"):
            next(outcomes)


def test_the_list_has_the_newest_first(tmp_path: Path) -> None:
    for number in range(1, 6):
        (outcome,) = deliver(tmp_path, envelope(number))
        os.utime(tmp_path / "new" / outcome.text, (number, number))
    subjects = [summary.subject for summary in list_messages(tmp_path, limit=3)]
    assert subjects == ["Número 5", "Número 4", "Número 3"]


def test_the_list_can_be_of_one_recipient(tmp_path: Path) -> None:
    deliver(tmp_path, envelope(1), envelope(2, to="ben@example.org"), envelope(3))
    listed = list_messages(tmp_path, "Ben@Example.org")
    assert [(each.subject, each.recipient) for each in listed] == [("Número 2", "ben@example.org")]
    assert list_messages(tmp_path, "nobody@example.org") == []


def test_a_line_of_the_list_says_who_what_and_when(tmp_path: Path) -> None:
    deliver(tmp_path, envelope())
    (summary,) = list_messages(tmp_path)
    assert (summary.subject, summary.sender, summary.to, summary.recipient, summary.date) == (
        "Número 1",
        "Columbus Alliance <mail@example.org>",
        "María <maria@example.org>",
        "maria@example.org",
        NOON,
    )


def test_no_folder_is_an_empty_list(tmp_path: Path) -> None:
    assert list_messages(tmp_path / "nothing") == []


def test_other_files_in_the_folder_are_not_messages(tmp_path: Path) -> None:
    deliver(tmp_path)
    (tmp_path / "new" / "1234.M5.host").write_text("Subject: x\n\n")
    assert list_messages(tmp_path) == []


def test_a_message_is_read_with_all_its_parts(tmp_path: Path) -> None:
    (outcome,) = deliver(tmp_path, envelope(text="¡Hola!\n.dot\n", ics=ICS))
    message = read_message(tmp_path, outcome.text)
    assert (message.subject, message.text, message.html) == (
        "Número 1",
        "¡Hola!\n.dot\n",
        "<p>¡Hola!\n.dot\n</p>",
    )
    assert ("Reply-To", "ana@example.org") in message.headers
    (attachment,) = message.attachments
    assert (attachment.filename, attachment.content) == ("vigil.ics", ICS.encode())
    assert attachment.content_type.startswith("text/calendar;")


def test_a_message_may_be_bare(tmp_path: Path) -> None:
    (outcome,) = deliver(
        tmp_path, Envelope(1, "", "maria@example.org", b"Date: soon\r\n\r\nhi\r\n")
    )
    message = read_message(tmp_path, outcome.text)
    assert (message.subject, message.date, message.text, message.html) == ("", None, "hi\n", "")
    assert message.attachments == ()


@pytest.mark.parametrize(
    "name", ["", "0" * 40, "../secret", "/etc/passwd", "0" * 39 + "\n", "A" * 40]
)
def test_a_name_that_is_none_reads_nothing(tmp_path: Path, name: str) -> None:
    deliver(tmp_path)
    (tmp_path / "secret").write_text("Subject: secret\n\n")
    with pytest.raises(NoSuchMessage):
        read_message(tmp_path, name)
