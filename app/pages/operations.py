"""For those who run the program: is it alive, is it ready, and what do the rows say."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from kombu import Connection
from kombu.exceptions import KombuError
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.foundation import db as database
from app.foundation import queue
from app.foundation.db import db
from app.foundation.policy import allow, anyone
from app.mail.models import Delivery, Message, Suppression
from app.pages import mail_figures
from app.pages.blueprint import blueprint
from app.people.models import Person

SWEEP = "sweep"


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
    registry = CollectorRegistry()
    _by_state(registry, "whereas_messages", "Single mails by state", Message.state)
    _by_state(registry, "whereas_deliveries", "Copies of mailings by state", Delivery.state)
    _by_state(registry, "whereas_people", "People by standing", Person.standing)
    doubt = Gauge("whereas_mail_in_doubt", "Mails that may have arrived twice", registry=registry)
    doubt.set(_count(Delivery.in_doubt) + _count(Message.in_doubt))
    suppressed = Gauge("whereas_suppressed", "Addresses we never e-mail", registry=registry)
    suppressed.set(db.scalar(select(func.count()).select_from(Suppression)) or 0)
    mail_figures.register(registry)
    since = queue.last_beat(SWEEP)
    sweep = Gauge("whereas_sweep_age_seconds", "Time since the last sweep", registry=registry)
    sweep.set(float("nan") if since is None else since.total_seconds())
    return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


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


def _by_state(registry: CollectorRegistry, name: str, meaning: str, column: object) -> None:
    gauge = Gauge(name, meaning, ["state"], registry=registry)
    for state, number in db.execute(select(column, func.count()).group_by(column)):  # type: ignore[call-overload]
        gauge.labels(state.value).set(number)


def _count(flag: object) -> int:
    return db.scalar(select(func.count()).where(flag)) or 0  # type: ignore[arg-type]
