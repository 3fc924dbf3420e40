"""Mail through real relays: order, bytes, refusals, connections that are kept, renewed and lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import BadAddress, Envelope, Fate, Outcome, Stage, TransportDown
from tests.services.smtp import Received, SmtpServer
from tests.services.smtp_sink import SmtpSink


def transport(port: int, limits: Limits | None = None) -> SmtpTransport:
    return SmtpTransport(Relay("127.0.0.1", port), limits or Limits(timeout=5))


def mail(key: int, body: bytes = b"hello\r\n") -> Envelope:
    head = b"Message-ID: <%d@example.org>\r\nSubject: hello\r\n\r\n" % key
    return Envelope(key, f"bounce+{key}@example.org", f"reader{key}@example.org", head + body)


def fates(outcomes: list[Outcome]) -> list[tuple[int | str, str]]:
    return [(outcome.key, outcome.fate.value) for outcome in outcomes]


def keys(messages: list[Received]) -> list[int]:
    return [int(received.message_id[1:].partition("@")[0]) for received in messages]


@pytest.mark.parametrize("pipelining", [True, False])
def test_all_mail_arrives_once_in_order_and_unchanged(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    smtp_server.pipelining = pipelining
    mails = [mail(key) for key in range(30)]
    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send(mails))
    assert [(outcome.key, outcome.fate, outcome.code) for outcome in outcomes] == [
        (key, Fate.SENT, 250) for key in range(30)
    ]
    assert [(got.sender, got.recipients, got.raw) for got in smtp_server.messages] == [
        (sent.sender, (sent.recipient,), sent.data) for sent in mails
    ]
    assert smtp_server.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_refused_recipient_does_not_touch_its_neighbours(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    answers = {
        ("RCPT", "reader2@example.org"): "550 5.1.1 unknown",
        ("RCPT", "reader3@example.org"): "451 4.7.1 greylisted",
        ("MAIL", "bounce+5@example.org"): "552 5.2.2 sender over quota",
    }
    smtp_server.pipelining = pipelining
    smtp_server.refuse = lambda command, address: answers.get((command, address))
    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(8)))
    refused = [outcome for outcome in outcomes if outcome.fate is not Fate.SENT]
    assert refused == [
        Outcome(2, Fate.PERMANENT, Stage.RCPT, 550, "5.1.1 unknown"),
        Outcome(3, Fate.TRANSIENT, Stage.RCPT, 451, "4.7.1 greylisted"),
        Outcome(5, Fate.PERMANENT, Stage.MAIL, 552, "5.2.2 sender over quota"),
    ]
    assert [outcome.key for outcome in outcomes] == list(range(8))
    assert keys(smtp_server.messages) == [0, 1, 4, 6, 7]
    assert smtp_server.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_mail_that_may_not_leave_any_more_does_not(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    """The relay agreed to take it; it gets another connection, and no body for that mail."""
    smtp_server.pipelining = pipelining
    asked: list[int | str] = []

    def may_leave(key: int | str) -> bool:
        asked.append(key)
        return key != 2

    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send((mail(key) for key in range(5)), may_leave))
    assert fates(outcomes) == [(key, "sent") for key in (0, 1, 3, 4)]
    assert keys(smtp_server.messages) == [0, 1, 3, 4]
    assert asked == [0, 1, 2, 3, 4]
    assert smtp_server.connections == 2


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_refused_body_does_not_touch_its_neighbours(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    answers = iter([None, "554 5.7.1 looks like spam", "452 4.3.1 disk full", None])
    smtp_server.pipelining = pipelining
    smtp_server.refuse = lambda command, _: next(answers) if command == "DATA" else None
    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(4)))
    assert outcomes[1:3] == [
        Outcome(1, Fate.PERMANENT, Stage.BODY, 554, "5.7.1 looks like spam"),
        Outcome(2, Fate.TRANSIENT, Stage.BODY, 452, "4.3.1 disk full"),
    ]
    assert keys(smtp_server.messages) == [0, 3]


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_relay_that_closes_after_three_mails_is_normal(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    smtp_server.pipelining = pipelining
    smtp_server.close_after = 3
    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(10)))
    assert fates(outcomes) == [(key, "sent") for key in range(10)]
    assert keys(smtp_server.messages) == list(range(10))
    assert smtp_server.connections == 4


@pytest.mark.parametrize("pipelining", [True, False])
def test_only_the_mail_whose_answer_was_lost_is_in_doubt(
    smtp_server: SmtpServer, pipelining: bool
) -> None:
    smtp_server.pipelining = pipelining
    smtp_server.hang_up = lambda received: received.message_id == "<4@example.org>"
    with transport(smtp_server.port) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(8)))
    assert fates(outcomes) == [(key, "doubt" if key == 4 else "sent") for key in range(8)]
    assert keys(smtp_server.messages) == list(range(8))


def test_a_stalling_relay_puts_one_mail_in_doubt_and_the_rest_goes_on(
    smtp_server: SmtpServer,
) -> None:
    smtp_server.pipelining = True
    told = []
    with transport(smtp_server.port, Limits(timeout=0.3)) as smtp:
        for outcome in smtp.send(mail(key) for key in range(3)):
            told.append(outcome)
            smtp_server.delay = 0 if outcome.fate is Fate.DOUBT else 1
    assert fates(told) == [(0, "sent"), (1, "doubt"), (2, "sent")]


def test_a_connection_serves_several_batches(smtp_server: SmtpServer) -> None:
    with transport(smtp_server.port) as smtp:
        first = list(smtp.send([mail(1), mail(2)]))
        second = list(smtp.send([mail(3)]))
    assert fates(first + second) == [(1, "sent"), (2, "sent"), (3, "sent")]
    assert smtp_server.connections == 1


def test_a_relay_that_restarted_between_two_batches_is_no_news(smtp_server: SmtpServer) -> None:
    with transport(smtp_server.port) as smtp:
        first = list(smtp.send([mail(1)]))
        smtp_server.stop()
        smtp_server.start()
        second = list(smtp.send([mail(2)]))
    assert fates(first + second) == [(1, "sent"), (2, "sent")]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(("mails", "connections"), [(1, 5), (2, 3), (5, 1)])
def test_a_connection_is_renewed_after_its_share_of_mails(
    smtp_server: SmtpServer, pipelining: bool, mails: int, connections: int
) -> None:
    smtp_server.pipelining = pipelining
    with transport(smtp_server.port, Limits(mails=mails)) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(5)))
    assert fates(outcomes) == [(key, "sent") for key in range(5)]
    assert keys(smtp_server.messages) == list(range(5))
    assert smtp_server.connections == connections


def test_a_connection_is_renewed_after_its_time(smtp_server: SmtpServer) -> None:
    with transport(smtp_server.port, Limits(seconds=0)) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(3)))
    assert (fates(outcomes), smtp_server.connections) == ([(k, "sent") for k in range(3)], 3)


def test_no_mail_makes_no_connection(smtp_server: SmtpServer) -> None:
    with transport(smtp_server.port) as smtp:
        assert list(smtp.send([])) == []
    assert smtp_server.connections == 0


LINES = st.lists(st.sampled_from([b"", b".", b"..", b".hidden", b"text", b". .", b"x" * 80]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(lines=LINES, ended=st.booleans(), pipelining=st.booleans())
def test_dots_at_the_start_of_lines_survive(
    smtp_server: SmtpServer, lines: list[bytes], ended: bool, pipelining: bool
) -> None:
    smtp_server.pipelining = pipelining
    smtp_server.messages.clear()
    body = b"\r\n".join(lines) + (b"\r\n" if ended else b"")
    sent = mail(1, body)
    with transport(smtp_server.port) as smtp:
        assert fates(list(smtp.send([sent]))) == [(1, "sent")]
    whole = sent.data if sent.data.endswith(b"\r\n") else sent.data + b"\r\n"
    assert [received.raw for received in smtp_server.messages] == [whole]


def test_a_message_may_begin_with_a_dot(smtp_server: SmtpServer) -> None:
    odd = Envelope(1, "", "reader@example.org", b".odd\r\n")
    with transport(smtp_server.port) as smtp:
        assert fates(list(smtp.send([odd]))) == [(1, "sent")]
    assert [(got.sender, got.raw) for got in smtp_server.messages] == [("<>", b".odd\r\n")]


def test_postfix_records_every_mail_that_was_pipelined(smtp_sink: SmtpSink) -> None:
    smtp_sink.record = True
    smtp_sink.start()
    with transport(smtp_sink.port) as smtp:
        outcomes = list(smtp.send(mail(key, b"x" * 70 + b"\r\n") for key in range(300)))
    assert fates(outcomes) == [(key, "sent") for key in range(300)]
    assert smtp_sink.message_ids() == [f"<{key}@example.org>" for key in range(300)]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(("option", "fate"), [("-f", Fate.PERMANENT), ("-r", Fate.TRANSIENT)])
def test_postfix_may_refuse_at_every_step(
    smtp_sink: SmtpSink, option: str, command: str, fate: Fate
) -> None:
    smtp_sink.options = [option, command]
    smtp_sink.start()
    with transport(smtp_sink.port) as smtp:
        outcomes = list(smtp.send(mail(key) for key in range(3)))
    stage = Stage.BODY if command == "." else Stage(command.lower())
    assert [(outcome.key, outcome.fate, outcome.stage) for outcome in outcomes] == [
        (key, fate, stage) for key in range(3)
    ]


def test_postfix_that_hangs_up_after_every_body_puts_every_mail_in_doubt(
    smtp_sink: SmtpSink,
) -> None:
    smtp_sink.options = ["-q", "."]
    smtp_sink.start()
    told = []
    with transport(smtp_sink.port) as smtp, pytest.raises(TransportDown):
        told.extend(smtp.send(mail(key) for key in range(8)))
    assert fates(told) == [(key, "doubt") for key in range(Limits().barren)]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no-at-sign",
        "reader@example.org>\r\nRCPT TO:<other@example.org",
        "two words@example.org",
        "reader@exämple.org",
        "nul\0@example.org",
    ],
)
def test_an_address_that_would_break_a_command_makes_no_envelope(address: str) -> None:
    with pytest.raises(BadAddress):
        Envelope(1, "staff@example.org", address, b"")
    if address:
        with pytest.raises(BadAddress):
            Envelope(1, address, "reader@example.org", b"")
