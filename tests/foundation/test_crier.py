"""Wake-up calls of requests: made beside the answer, and once for what comes at one moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

from app.foundation.crier import Call, Crier


def until(fits: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not fits():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_calls_are_made_by_another_thread_while_the_caller_goes_on() -> None:
    heard: list[Call] = []
    let_go = Event()

    def publish(task: str, *ids: int) -> None:
        let_go.wait(10)
        heard.append((task, ids))

    crier = Crier(publish)
    crier.cry([("mail.work", ())])
    assert heard == []

    let_go.set()
    until(lambda: heard == [("mail.work", ())])


def test_what_comes_while_one_is_made_is_one_call_more() -> None:
    heard: list[Call] = []
    begun, let_go = Event(), Event()

    def publish(task: str, *ids: int) -> None:
        begun.set()
        let_go.wait(10)
        heard.append((task, ids))

    crier = Crier(publish)
    crier.cry([("mail.work", ())])
    assert begun.wait(10)
    for _ in range(50):
        crier.cry([("mail.work", ()), ("mail.sweep", (7,))])
    let_go.set()

    until(lambda: len(heard) == 3)
    assert heard == [("mail.work", ()), ("mail.work", ()), ("mail.sweep", (7,))]
    time.sleep(0.2)
    assert len(heard) == 3


def test_a_process_that_was_forked_begins_a_thread_of_its_own() -> None:
    heard: list[str] = []
    crier = Crier(heard.append)
    crier.cry([("first", ())])
    until(lambda: heard == ["first"])

    crier._thread = Thread()
    crier.cry([("second", ())])
    until(lambda: len(heard) == 2)
    assert heard == ["first", "second"]
