"""A caller that leaves `send` half-way, or whose source fails, knows what became of each mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import Envelope, Fate
from tests.mail.scripted_relay import ScriptedRelay, Talk
from tests.services.smtp import SmtpServer


def transport(port: int) -> SmtpTransport:
    return SmtpTransport(Relay("127.0.0.1", port), Limits(timeout=5))


def mail(key: int) -> Envelope:
    data = b"Subject: hello\r\n\r\nhello\r\n"
    return Envelope(key, "staff@example.org", f"reader{key}@example.org", data)


def test_an_error_of_the_source_waits_until_earlier_mail_is_settled(
    smtp_server: SmtpServer,
) -> None:
    def source() -> Iterator[Envelope]:
        yield mail(1)
        yield mail(2)
        raise LookupError("the third cannot be made")

    smtp_server.pipelining = True
    told = []
    with transport(smtp_server.port) as smtp:
        with pytest.raises(LookupError, match="the third"):
            told.extend(smtp.send(source()))
        assert smtp.in_flight == ()
        assert [outcome.fate for outcome in smtp.send([mail(4)])] == [Fate.SENT]
    assert [outcome.key for outcome in told] == [1, 2]
    assert [got.recipients[0] for got in smtp_server.messages] == [
        mail(k).recipient for k in (1, 2, 4)
    ]


def test_a_caller_that_stops_listening_leaves_the_open_mail_unsent() -> None:
    left = []

    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_mail()
        for command in ("MAIL", "RCPT", "DATA"):
            talk.read(command)
        talk.say("250 ok", "250 ok", "354 go on")
        left.append(talk.wait_for_end())

    with ScriptedRelay(script) as relay, transport(relay.port) as smtp:
        outcomes = smtp.send([mail(1), mail(2), mail(3)])
        assert isinstance(outcomes, Iterator)
        assert next(outcomes).fate is Fate.SENT
        outcomes.close()
        assert smtp.in_flight == ()
    assert left == [b""]  # neither a body nor a lone dot, which would send an empty mail


class Stopped(BaseException):
    """As a worker is stopped: not an Exception."""


def test_a_caller_thrown_out_half_way_can_see_what_was_on_the_wire() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_mail()
        talk.stall()

    def source() -> Iterator[Envelope]:
        yield mail(1)
        yield mail(2)
        raise Stopped

    with ScriptedRelay(script) as relay, transport(relay.port) as smtp:
        with pytest.raises(Stopped):
            list(smtp.send(source()))
        assert smtp.in_flight == (1,)
