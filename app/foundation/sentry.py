"""Faults told to a Sentry, where one is set: which lines failed, and nothing of anybody.

What an exception says, and what a statement or a request holds, may name people; it stays here.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, g, has_request_context, request

from app.foundation.later import later

_init = later("sentry_sdk:init")
_logging = later("sentry_sdk.integrations.logging:LoggingIntegration")
OF_EVENT = ("event_id", "timestamp", "level", "platform", "logger", "environment")
OF_FRAME = ("filename", "module", "function", "lineno", "in_app")


def init_app(app: Flask) -> None:
    """Tell what is logged as an error to the Sentry of SENTRY_DSN."""
    if app.config["SENTRY_DSN"]:
        _init(
            dsn=app.config["SENTRY_DSN"],
            environment=app.config["WHEREAS_ENV"],
            default_integrations=False,
            integrations=[_logging(level=None, event_level=logging.ERROR)],
            include_local_variables=False,
            auto_session_tracking=False,
            before_send=_of_nobody,
        )


def _of_nobody(event: dict[str, Any], _hint: object) -> dict[str, Any]:
    """What may leave of an event: a list of what is known to be harmless."""
    told = {name: event[name] for name in OF_EVENT if name in event}
    told["message"] = event.get("logentry", {}).get("message", "")  # before its values are put in
    faults = event.get("exception", {}).get("values", [])
    told["exception"] = {"values": [_fault(each) for each in faults]}
    if has_request_context():
        rule = f"{request.method} {request.url_rule}"
        told["tags"] = {"rule": rule, "request_id": str(g.get("request_id", ""))}
    return told


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    frames = (fault.get("stacktrace") or {}).get("frames", [])
    return {
        "type": fault.get("type"),
        "module": fault.get("module"),
        "stacktrace": {"frames": [{name: each.get(name) for name in OF_FRAME} for each in frames]},
    }
