"""Prometheus figures, counted from rows, so that every process gives the same ones."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from app.foundation import queue
from app.foundation.db import db
from app.mail.models import Delivery, Message, Suppression
from app.pages import mail_figures, operations
from app.people.models import Person


def written() -> bytes:
    """All figures in Prometheus' own format, version 0.0.4."""
    registry = CollectorRegistry()
    _by_state(registry, "whereas_messages", "Single mails by state", Message.state)
    _by_state(registry, "whereas_deliveries", "Copies of mailings by state", Delivery.state)
    _by_state(registry, "whereas_people", "People by standing", Person.standing)
    doubt = Gauge("whereas_mail_in_doubt", "Mails that may have arrived twice", registry=registry)
    doubt.set(_count(Delivery.in_doubt) + _count(Message.in_doubt))
    suppressed = Gauge("whereas_suppressed", "Addresses we never e-mail", registry=registry)
    suppressed.set(db.scalar(select(func.count()).select_from(Suppression)) or 0)
    mail_figures.register(registry)
    since = queue.last_beat(operations.SWEEP)
    sweep = Gauge("whereas_sweep_age_seconds", "Time since the last sweep", registry=registry)
    sweep.set(float("nan") if since is None else since.total_seconds())
    return generate_latest(registry)


def _by_state(registry: CollectorRegistry, name: str, meaning: str, column: object) -> None:
    gauge = Gauge(name, meaning, ["state"], registry=registry)
    for state, number in db.execute(select(column, func.count()).group_by(column)):  # type: ignore[call-overload]
        gauge.labels(state.value).set(number)


def _count(flag: object) -> int:
    return db.scalar(select(func.count()).where(flag)) or 0  # type: ignore[arg-type]
