"""Prometheus figures of mail. Labels are few: large providers by name, everybody else as one."""

from __future__ import annotations

from collections import Counter

from prometheus_client import CollectorRegistry, Gauge

from app.foundation import clock
from app.mail import overview, providers

RELAY = "relay"
LONGEST_REASON = 3


def register(registry: CollectorRegistry) -> None:
    """Add how mail moves, who puts us off, and what failed and why."""
    flow = overview.flow()
    _set(registry, "whereas_mail_sent_last_minute", "Mails that left in a minute", flow.last_minute)
    _set(registry, "whereas_mail_sent_last_hour", "Mails that left in an hour", flow.last_hour)
    _set(registry, "whereas_mail_waiting", "Mails that could go now", flow.waiting)
    _set(registry, "whereas_mail_waiting_for_later", "Mails that wait for later", flow.later)
    age = (clock.now() - flow.oldest).total_seconds() if flow.oldest else 0.0
    _set(registry, "whereas_mail_oldest_seconds", "Age of the oldest due mail", age)
    _resting(registry, flow)
    _lately(registry)
    _failures(registry)
    warm_up = overview.warming_up()
    if warm_up is not None:
        _set(registry, "whereas_warm_up_day", "Day of the new sender", warm_up.nth_day)
        _set(registry, "whereas_warm_up_used", "Mails to many today", warm_up.used)
        _set(registry, "whereas_warm_up_allowance", "Mails to many a day", warm_up.allowance)


def _resting(registry: CollectorRegistry, flow: overview.Flow) -> None:
    gauge = Gauge(
        "whereas_mail_resting", "Receivers that put us off", ["provider"], registry=registry
    )
    names = (rest.provider and providers.label(rest.provider) for rest in flow.resting)
    for name, number in Counter(name or RELAY for name in names).items():
        gauge.labels(name).set(number)


def _lately(registry: CollectorRegistry) -> None:
    labels = ["provider", "fate"]
    gauge = Gauge("whereas_mail_lately", "Mails in the last hour", labels, registry=registry)
    for name, sent, failed, off, _limit in overview.by_provider():
        for fate, number in (("sent", sent), ("failed", failed), ("put_off", off)):
            gauge.labels(name, fate).set(number)


def _failures(registry: CollectorRegistry) -> None:
    """By the server's code, which are few; its words are on the page of staff."""
    gauge = Gauge("whereas_mail_failures", "Mails failed in 30 days", ["code"], registry=registry)
    found: Counter[str] = Counter()
    for words, number in overview.failures():
        code = words[:LONGEST_REASON]
        found[code if code.isdecimal() and len(code) == LONGEST_REASON else "none"] += number
    for code, number in found.items():
        gauge.labels(code).set(number)


def _set(registry: CollectorRegistry, name: str, meaning: str, value: float) -> None:
    Gauge(name, meaning, registry=registry).set(value)
