"""The Celery app, and the Flask app that every task runs in.

A web process binds the app it made; a worker or the beat makes one from the environment when it
first needs it.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task
from celery.signals import worker_process_init
from flask import Flask

from app import create_app
from app.foundation import memory

_bound: list[Flask] = []


def bind(app: Flask) -> None:
    """Let tasks run in this Flask app."""
    _bound[:] = [app]


def flask_app() -> Flask:
    if not _bound:
        bind(create_app())
    return _bound[0]


class InAppContext(Task):  # type: ignore[misc]  # Celery has no types
    """A task that runs inside an app context of its own."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with flask_app().app_context():
            return super().__call__(*args, **kwargs)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _settle(**_signal: Any) -> None:
    flask_app()
    memory.settle()


celery = Celery("whereas", task_cls=InAppContext, set_as_current=True)
celery.set_default()  # "current" holds for this thread only, and requests come in many
celery.config_from_object("tasks.settings")
