"""Applications that tests share, because making one and compiling its templates takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import config
import tasks
from app import create_app
from app.foundation.web import Whereas
from tests.databases import Engines

Make = Callable[[Mapping[str, str]], Whereas]
MADE_WITH = ("WHEREAS_ENV", "LOG_LEVEL", "PAGE_SECONDS", "TRUSTED_PROXIES")
"""Settings that an application reads when it is made; it reads the others when it needs them."""


class Apps:
    """One application for each set of such settings, lent to one test after the other.

    A test that borrows a second one at the same time gets another one, with engines of its own.
    A module whose tests need more pages makes its own `Apps` with something that adds them.
    """

    def __init__(self, make: Make = create_app) -> None:
        self._make = make
        self._idle: list[_Shelf] = []

    @contextmanager
    def lend(self, settings: Mapping[str, str]) -> Iterator[Whereas]:
        """The application on the test's own database; what the test sets in it is forgotten."""
        shelf = self._idle.pop() if self._idle else _Shelf(self._make)
        try:
            with shelf.lend(settings) as app:
                yield app
        finally:
            self._idle.append(shelf)


class _Shelf:
    """Applications of which one is lent at a time."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._known: dict[tuple[Any, ...], Whereas] = {}
        self._engines = Engines()

    @contextmanager
    def lend(self, settings: Mapping[str, str]) -> Iterator[Whereas]:
        loaded = config.load(settings)
        key = tuple(loaded[name] for name in MADE_WITH)
        if key not in self._known:
            self._known[key] = self._make(settings)
        app = self._known[key]
        before = dict(app.config), dict(app.extensions)
        app.config.update(loaded)
        app.extensions["database"] = self._engines.going_to(app.config["DATABASE_URL"])
        tasks.bind(app)
        try:
            yield app
        finally:
            self._engines.rest()
            for kept, now in zip(before, (app.config, app.extensions), strict=True):
                now.clear()
                now.update(kept)
