"""Relays that hold answers, reset, refuse, close, stall or say 421, with pipelining and not."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pytest

from app.mail.models import Mailing
from tests.faults.stage import Stage
from tests.services.smtp import SmtpServer

MANY = 1000
FEW = 120
EVERY = 100
pytestmark = pytest.mark.timeout(300)

Fault = Callable[[SmtpServer], None]


def nth(every: int) -> Callable[[object], bool]:
    """True for each so many-th call."""
    calls = count(1)
    return lambda *_arguments: next(calls) % every == 0


def holds_its_250(relay: SmtpServer) -> None:
    """Takes each hundredth mail and answers after the sender's patience is over."""
    held = nth(EVERY)

    def hold(_received: object) -> bool:
        relay.delay = 3 if held() else 0
        return False

    relay.hang_up = hold


def resets_the_connection(relay: SmtpServer) -> None:
    """Takes each hundredth mail and cuts the line in place of an answer."""
    relay.hang_up = nth(EVERY)


def closes_after_fifty(relay: SmtpServer) -> None:
    relay.close_after = 50


def stalls_for_thirty_seconds(relay: SmtpServer) -> None:
    """Once, in the middle."""
    seen = count(1)

    def stall(_received: object) -> bool:
        relay.delay = 30 if next(seen) == 50 else 0
        return False

    relay.hang_up = stall


def says_421_for_a_while(relay: SmtpServer) -> None:
    """From the fiftieth mail on for five seconds, to whoever comes."""
    until: list[float] = []

    def refuse(command: str, _address: str) -> str | None:
        if command != "MAIL" or len(relay.messages) < 50:
            return None
        if not until:
            until.append(time.monotonic() + 5)
        return "421 4.3.2 Shutting down" if time.monotonic() < until[0] else None

    relay.refuse = refuse


FAULTS: tuple[tuple[Fault, int], ...] = (
    (holds_its_250, MANY // EVERY),
    (resets_the_connection, MANY // EVERY),
    (closes_after_fifty, 0),
    (stalls_for_thirty_seconds, 1),
    (says_421_for_a_while, 0),
)


def send_through(stage: Stage, fault: Fault, people: int) -> Mailing:
    """A mailing through a relay with a fault, to its end."""
    stage.environment |= {"SMTP_TIMEOUT": "2"}
    fault(stage.relay)
    mailing = stage.mailing(people)
    stage.beat()
    stage.worker()
    stage.wait_for_end(240)
    return mailing


@pytest.mark.faults
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
@pytest.mark.parametrize(("fault", "doubts"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_everybody_gets_it_from_a_relay_that(
    stage: Stage, fault: Fault, doubts: int, pipelining: bool
) -> None:
    """Extra copies are those of which the relay kept its answer to itself."""
    stage.relay.pipelining = pipelining
    mailing = send_through(stage, fault, MANY)
    assert stage.states(mailing) == {"sent": MANY}
    assert len(stage.copies()) == MANY
    assert stage.extra() == stage.in_doubt() <= doubts


@pytest.mark.faults
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
def test_a_relay_that_refuses_every_tenth_fails_these_and_no_other(
    stage: Stage, pipelining: bool
) -> None:
    tenth = nth(10)
    stage.relay.pipelining = pipelining

    def refuses_every_tenth(relay: SmtpServer) -> None:
        relay.refuse = lambda command, _address: (
            "554 5.7.1 Not today" if command == "RCPT" and tenth() else None
        )

    mailing = send_through(stage, refuses_every_tenth, MANY)
    assert stage.states(mailing) == {"sent": MANY * 9 // 10, "failed": MANY // 10}
    assert (len(stage.copies()), stage.extra(), stage.in_doubt()) == (MANY * 9 // 10, 0, 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_relay_that_closes_after_fifty_costs_and_doubles_nothing(stage: Stage) -> None:
    stage.relay.pipelining = True
    mailing = send_through(stage, closes_after_fifty, FEW)
    assert stage.states(mailing) == {"sent": FEW}
    assert (len(stage.copies()), stage.extra(), stage.in_doubt()) == (FEW, 0, 0)
