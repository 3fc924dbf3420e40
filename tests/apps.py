"""Applications that tests share, because making one and compiling its templates takes long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import config
import tasks
from app import create_app
from app.foundation.web import Whereas
from tests.databases import Engines

OWN = {"DATABASE_URL", "VAR_DIR", "SMTP_URL"}
"""Settings that differ from test to test and are read only when they are needed."""


class Apps:
    """One application for each set of settings, lent to one test after the other."""

    def __init__(self) -> None:
        self._known: dict[frozenset[tuple[str, str]], Whereas] = {}
        self._engines = Engines()

    @contextmanager
    def lend(self, settings: Mapping[str, str]) -> Iterator[Whereas]:
        """The application on the test's own database; what the test sets in it is forgotten."""
        key = frozenset((name, value) for name, value in settings.items() if name not in OWN)
        if key not in self._known:
            self._known[key] = create_app(settings)
        app = self._known[key]
        before = dict(app.config), dict(app.extensions)
        app.config.update(config.load(settings))
        app.extensions["database"] = self._engines.going_to(app.config["DATABASE_URL"])
        tasks.bind(app)
        yield app
        app.extensions["database"].engine.dispose()
        for kept, now in zip(before, (app.config, app.extensions), strict=True):
            now.clear()
            now.update(kept)
