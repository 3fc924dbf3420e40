"""The other servers of the tests do what they are for, and say what is missing."""

from __future__ import annotations

import os
import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import redis

from tests.network import LeftTheMachine
from tests.services import chromium, redis_server, smtp_sink
from tests.services.processes import Unavailable
from tests.services.redis_server import Redis
from tests.services.run import Run
from tests.services.smtp import SmtpServer
from tests.services.smtp_sink import SmtpSink

ANA = "ana@example.org"


def letter(key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "staff@example.org"
    message["To"] = ANA
    message["Message-ID"] = f"<{key}@example.org>"
    message.set_content("Hello")
    return message


@pytest.fixture
def sender(smtp_server: SmtpServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        yield client
        client.close()


def test_the_relay_keeps_envelope_and_bytes(smtp_server: SmtpServer, sender: smtplib.SMTP) -> None:
    sender.send_message(letter("one"), from_addr="bounce@example.org")
    (received,) = smtp_server.to(ANA)
    assert received.sender == "bounce@example.org"
    assert received.raw.endswith(b"\r\n\r\nHello\r\n")
    assert smtp_server.message_ids == ["<one@example.org>"]


def test_the_relay_offers_pipelining_when_told(smtp_server: SmtpServer) -> None:
    offers = []
    for smtp_server.pipelining in (False, True):
        with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
            client.ehlo()
            offers.append(client.has_extn("PIPELINING"))
    assert offers == [False, True]


def test_the_relay_refuses_whom_it_is_told(smtp_server: SmtpServer, sender: smtplib.SMTP) -> None:
    smtp_server.refuse = lambda command, address: "550 5.1.1 gone" if address == ANA else None
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        sender.send_message(letter("one"))
    assert refusal.value.recipients == {ANA: (550, b"5.1.1 gone")}
    assert smtp_server.messages == []


def test_the_relay_hangs_up_after_taking_a_message(
    smtp_server: SmtpServer, sender: smtplib.SMTP
) -> None:
    smtp_server.hang_up = lambda _received: True
    with pytest.raises(smtplib.SMTPServerDisconnected):
        sender.send_message(letter("one"))
    assert smtp_server.message_ids == ["<one@example.org>"]


def test_the_relay_closes_after_so_many_messages(
    smtp_server: SmtpServer, sender: smtplib.SMTP
) -> None:
    smtp_server.close_after = 2
    sender.send_message(letter("one"))
    sender.send_message(letter("two"))
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        sender.send_message(letter("three"))
    assert refusal.value.smtp_code == 421
    assert len(smtp_server.messages) == 2


def test_the_relay_goes_away_and_comes_back(smtp_server: SmtpServer) -> None:
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", smtp_server.port)
    smtp_server.start()
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        assert client.noop()[0] == 250


def test_the_sink_offers_pipelining_and_records(smtp_sink: SmtpSink) -> None:
    smtp_sink.record = True
    smtp_sink.start()
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        client.send_message(letter("one"))
        client.send_message(letter("two"))
        assert client.has_extn("PIPELINING")
    assert smtp_sink.message_ids() == ["<one@example.org>", "<two@example.org>"]


def test_a_missing_sink_is_said(smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.services.smtp_sink.find_binary", lambda: None)
    with pytest.raises(Unavailable, match="needs smtp-sink: install Postfix"):
        smtp_sink.start()


def test_redis_begins_empty_and_is_ours(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("key", "value")


def test_a_killed_redis_keeps_what_production_keeps(run: Run) -> None:
    server = Redis(run.new_folder("killed") / "redis", keep=True)
    server.start()
    with redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        server.kill()
        server.start()
        assert client.get("key") == b"value"
    server.stop()


def test_redis_can_come_from_its_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without Redis: nothing is on PATH."""
    monkeypatch.setenv("PATH", "")
    server = Redis(run.new_folder("packaged") / "redis")
    assert redis_server.find_binary().name == "valkey-server"
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert "valkey_version" in client.info()
    server.stop()


def test_a_missing_browser_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC", ())
    with pytest.raises(Unavailable, match="needs a browser: install Chromium"):
        chromium.path()


def test_the_browser_is_a_program(chromium_path: Path) -> None:
    assert os.access(chromium_path, os.X_OK)


def test_other_hosts_are_out_of_reach() -> None:
    with pytest.raises(LeftTheMachine, match=r"example\.org"):
        socket.create_connection(("example.org", 80))
    with pytest.raises(LeftTheMachine), socket.socket() as client:
        client.connect(("192.0.2.1", 80))


def test_smtp_sink_is_found_with_its_libraries() -> None:
    binary = smtp_sink.find_binary()
    assert binary is not None
    assert smtp_sink.works(binary)
