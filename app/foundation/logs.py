"""Structured logs to stderr: one line for each event, with the request's id."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, g, has_app_context, has_request_context, request
from flask.wrappers import Response

_requests = logging.getLogger("whereas.request")
_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
_render = structlog.processors.LogfmtRenderer(
    key_order=["timestamp", "level", "event", "request_id"], bool_as_flag=False
)


def init_app(app: Flask) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                _stamp,
                _add_request_id,
                structlog.processors.format_exc_info,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, logging.StreamHandler)]
    root.addHandler(handler)
    root.setLevel(app.config["LOG_LEVEL"])
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    app.logger.handlers = []
    app.before_request(_start_watch)
    app.after_request(_log_request)


def _add_request_id(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if has_app_context() and "request_id" in g:
        event["request_id"] = g.request_id
    return event


def _start_watch() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    if has_request_context() and not request.path.startswith("/static/"):
        took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        note_answer(request.method, str(request.url_rule), response.status_code, took)
    return response


def note_answer(method: str, rule: str, status: int, milliseconds: float) -> None:
    """One line for each answer; it names the rule, since addresses may hold secrets.

    It is written here and not handed through the handlers: that took twice as long, on each page.
    """
    if _requests.isEnabledFor(logging.INFO):
        said = {"level": "info", "event": f"{method} {rule} {status} {milliseconds:.0f}ms"}
        line = _render(None, "info", _add_request_id(None, "info", _stamp(None, "info", said)))
        sys.stderr.write(f"{line}\n")
