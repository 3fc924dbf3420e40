"""For those who run the program: is it alive, is it ready, and what do the rows say."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from kombu import Connection
from kombu.exceptions import KombuError
from sqlalchemy.exc import DBAPIError

from app.foundation import db as database
from app.foundation import queue
from app.foundation.later import later
from app.foundation.policy import allow, anyone
from app.pages.blueprint import blueprint

SWEEP = "sweep"
_figures = later("app.pages.figures:written")


@blueprint.get("/healthz")
@allow(anyone)
def healthz() -> ResponseReturnValue:
    return Response("alive\n", mimetype="text/plain")


@blueprint.get("/readyz")
@allow(anyone)
def readyz() -> ResponseReturnValue:
    """200 when the database answers; the broker and the sweep are reported, not required."""
    try:
        database.answers()
        since = queue.last_beat(SWEEP)
    except DBAPIError:
        return jsonify(database=False), 503
    return jsonify(
        database=True,
        broker=_broker_answers(),
        seconds_since_sweep=None if since is None else round(since.total_seconds()),
    )


@blueprint.get("/metrics")
@allow(anyone)
def metrics() -> ResponseReturnValue:
    """Prometheus figures, counted from rows, so that every process gives the same ones."""
    return Response(_figures(), mimetype="text/plain; version=0.0.4")


def _broker_answers() -> bool:
    url = current_app.config["REDIS_URL"]
    if not url:
        return True
    options = {"socket_timeout": 1, "socket_connect_timeout": 1}
    try:
        with Connection(url, transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except (OSError, KombuError):
        return False
    return True
