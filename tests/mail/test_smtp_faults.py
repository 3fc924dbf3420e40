"""What becomes of each mail when the relay refuses, closes, stalls or breaks off, to the byte."""

from __future__ import annotations

import threading

import pytest

from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.wire import Envelope, Fate, Outcome, Stage, TransportDown
from tests.mail.scripted_relay import ScriptedRelay, Talk

QUICK = Limits(timeout=0.3, connect_timeout=1)
LARGE = b"Subject: large\r\n\r\n" + (b"x" * 900 + b"\r\n") * 20_000  # more than buffers hold


def transport(relay: ScriptedRelay, limits: Limits = QUICK) -> SmtpTransport:
    return SmtpTransport(Relay("127.0.0.1", relay.port), limits)


def mail(key: int, data: bytes = b"Subject: hello\r\n\r\nhello\r\n") -> Envelope:
    return Envelope(key, "staff@example.org", f"reader{key}@example.org", data)


def send(relay: ScriptedRelay, *mails: Envelope) -> list[Outcome]:
    with transport(relay) as smtp:
        return list(smtp.send(mails))


def fates(outcomes: list[Outcome]) -> list[tuple[int | str, str]]:
    return [(outcome.key, outcome.fate.value) for outcome in outcomes]


def polite(talk: Talk) -> None:
    """Takes one mail with pipelining and says goodbye."""
    talk.greet("PIPELINING")
    talk.take_mail()
    talk.read("QUIT")
    talk.say("221 bye")


def test_the_body_of_one_mail_and_the_envelope_of_the_next_leave_together() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.read("MAIL")
        talk.read("RCPT")
        talk.read("DATA")
        talk.say("250 first", "250 ok", "250 ok", "354 go on")
        talk.read_body()
        talk.say("250 second")
        talk.read("QUIT")
        talk.say("221 bye")

    with ScriptedRelay(script) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert [(outcome.fate, outcome.text) for outcome in outcomes] == [
        (Fate.SENT, "first"),
        (Fate.SENT, "second"),
    ]


def test_without_pipelining_every_command_waits_for_its_answer() -> None:
    early = []

    def script(talk: Talk) -> None:
        talk.greet()
        for command, answer in (("MAIL", "250 ok"), ("RCPT", "250 ok"), ("DATA", "354 go on")):
            talk.read(command)
            early.append(talk.has_unread(0.05))
            talk.say(answer)
        talk.read_body()
        early.append(talk.has_unread(0.05))
        talk.say("250 ok")
        talk.read("QUIT")
        talk.say("221 bye")

    with ScriptedRelay(script) as relay:
        outcomes = send(relay, mail(1))
    assert (fates(outcomes), early) == ([(1, "sent")], [False] * 4)


def test_a_relay_that_wants_a_body_for_a_refused_recipient_gets_an_empty_one() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope(rcpt="550 5.1.1 nobody here")
        assert talk.read_body() == b".\r\n"
        talk.read("RSET")
        talk.say("554 5.5.1 no recipients", "250 ok")
        talk.take_mail()
        talk.read("QUIT")
        talk.say("221 bye")

    with ScriptedRelay(script) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert outcomes == [
        Outcome(1, Fate.PERMANENT, Stage.RCPT, 550, "5.1.1 nobody here"),
        Outcome(2, Fate.SENT, Stage.BODY, 250, "ok"),
    ]


def test_the_empty_body_is_sent_also_after_the_last_mail() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope(rcpt="450 4.2.1 busy")
        assert talk.read_body() == b".\r\n"
        talk.read("RSET")
        talk.say("554 no recipients", "250 ok")
        talk.read("QUIT")
        talk.say("221 bye")

    with ScriptedRelay(script) as relay:
        assert fates(send(relay, mail(1))) == [(1, "transient")]


def test_421_in_answer_to_a_body_is_a_transient_refusal() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.say("421 4.3.2 shutting down")

    with ScriptedRelay(script, polite) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert outcomes == [
        Outcome(1, Fate.TRANSIENT, Stage.BODY, 421, "4.3.2 shutting down"),
        Outcome(2, Fate.SENT, Stage.BODY, 250, "ok"),
    ]


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
def test_421_in_the_middle_costs_no_mail(extensions: tuple[str, ...]) -> None:
    def script(talk: Talk) -> None:
        talk.greet(*extensions)
        for command, answer in (("MAIL", "250 ok"), ("RCPT", "250 ok"), ("DATA", "354 go on")):
            talk.read(command)
            talk.say(answer)
        talk.read_body()
        talk.say("250 ok")
        talk.read("MAIL")
        talk.say("421 4.7.0 that was enough")

    with ScriptedRelay(script, polite) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert (fates(outcomes), len(relay.bodies)) == ([(1, "sent"), (2, "sent")], 2)


def test_a_connection_closed_before_the_answer_to_a_body_puts_that_mail_in_doubt() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()

    with ScriptedRelay(script, polite) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert fates(outcomes) == [(1, "doubt"), (2, "sent")]
    assert len(relay.bodies) == 2  # the doubtful one was not sent again


def test_a_connection_closed_within_a_body_leaves_no_doubt() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_some(1000)
        talk.reset()

    with ScriptedRelay(script, polite) as relay:
        outcomes = send(relay, mail(1, LARGE))
    assert (fates(outcomes), len(relay.bodies)) == ([(1, "sent")], 1)


def test_a_relay_that_stalls_after_a_body_puts_it_in_doubt() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.stall()

    with ScriptedRelay(script, polite) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert outcomes[0] == Outcome(1, Fate.DOUBT, Stage.BODY, 0, "timed out")
    assert fates(outcomes[1:]) == [(2, "sent")]


def test_a_relay_that_stalls_within_a_body_leaves_no_doubt() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        release.wait(5)

    release = threading.Event()
    told = []
    with ScriptedRelay(script) as relay, transport(relay) as smtp:
        with pytest.raises(TransportDown):  # nobody listens any more when it tries again
            told.extend(smtp.send([mail(1, LARGE)]))
        release.set()
    assert (told, relay.bodies) == ([], [])


def test_a_mail_that_breaks_every_connection_does_not_hold_up_the_others() -> None:
    def poisoned(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.read("MAIL")

    with ScriptedRelay(poisoned, poisoned, polite) as relay:
        outcomes = send(relay, mail(1), mail(2))
    assert outcomes[0] == Outcome(
        1, Fate.TRANSIENT, Stage.CONNECTION, 0, "the relay closed the connection"
    )
    assert fates(outcomes[1:]) == [(2, "sent")]


def test_a_relay_that_closes_every_connection_is_down() -> None:
    def closing(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.read("MAIL")
        talk.say("421 4.7.0 go away")

    told = []
    down = pytest.raises(TransportDown, match=r"takes no mail: 421 4\.7\.0 go away")
    with ScriptedRelay(*[closing] * QUICK.barren) as relay, transport(relay) as smtp, down:
        told.extend(smtp.send(mail(key) for key in range(100)))
    assert fates(told) == [(0, "transient"), (1, "transient")]


def test_nobody_listening_is_down_and_nothing_has_an_outcome() -> None:
    with ScriptedRelay() as relay:
        pass
    with transport(relay) as smtp, pytest.raises(TransportDown, match="refused"):
        list(smtp.send([mail(1)]))
    assert smtp.in_flight == ()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [("554 5.7.1 not you", "554 5.7.1 not you"), ("what", "not SMTP"), ("421 later", "421 later")],
)
def test_a_relay_that_turns_us_away_is_down_in_its_own_words(greeting: str, words: str) -> None:
    with ScriptedRelay(lambda talk: talk.say(greeting)) as relay, transport(relay) as smtp:
        outcomes = smtp.send([mail(1)])
        with pytest.raises(TransportDown, match=words):
            next(outcomes)


def test_noise_instead_of_replies_counts_as_a_lost_connection() -> None:
    def noisy(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.say("HTTP/1.1 400 Bad Request")

    with ScriptedRelay(noisy) as relay:
        assert send(relay, mail(1)) == [Outcome(1, Fate.DOUBT, Stage.BODY, 0, "that is not SMTP")]


def test_a_long_reply_is_kept_whole() -> None:
    def script(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.say("550-5.7.1 We do not like", "550-5.7.1 this mail", "550 5.7.1 at all")
        talk.read("QUIT")
        talk.say("221 bye")

    with ScriptedRelay(script) as relay:
        outcomes = send(relay, mail(1))
    words = "5.7.1 We do not like 5.7.1 this mail 5.7.1 at all"
    assert outcomes == [Outcome(1, Fate.PERMANENT, Stage.BODY, 550, words)]


def test_a_relay_that_closes_after_its_last_answer_changes_nothing() -> None:
    def refusing(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope(rcpt="550 5.1.1 nobody here", data="503 no recipients")

    def closing(talk: Talk) -> None:
        talk.greet("PIPELINING")
        talk.take_envelope()
        talk.read_body()
        talk.say("421 4.3.2 shutting down")

    with ScriptedRelay(refusing, closing) as relay:
        assert fates(send(relay, mail(1))) == [(1, "permanent")]
        assert fates(send(relay, mail(2))) == [(2, "transient")]
