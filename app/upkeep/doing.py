"""How the site does now, in sentences: background work, mail, what it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from app.foundation import clock, queue
from app.foundation.findings import Finding, fail, ok, warn
from app.mail import holding, overview, tallies
from app.upkeep.certificates import certificate
from app.upkeep.surroundings import backups, broker, disk, span

SILENT = timedelta(minutes=2)
"""A sweep that is later than this does not run."""
WAITS_LONG = timedelta(minutes=15)
REFUSED_OFTEN = 0.05
"""A share of refused mails that large mailbox providers answer by refusing the rest."""


def running() -> Iterator[Finding]:
    """How the site does now."""
    yield _sweep()
    yield from _mail()
    if current_app.config["REDIS_URL"]:
        yield broker()
    yield disk()
    yield backups()
    if current_app.config["SECURE"]:
        yield certificate()


def _sweep() -> Finding:
    about = _("Background work")
    since = queue.last_beat("sweep")
    if since is None:
        return fail(about, _("It never ran: no worker or no beat runs."))
    if since > SILENT:
        sentence = _("It last ran %(age)s ago: is a worker running, and the beat?", age=span(since))
        return fail(about, sentence)
    return ok(about, _("It ran a moment ago."))


def _mail() -> Iterator[Finding]:
    about = _("Mail")
    if holding.current() is not None:
        yield warn(about, _("All mail is held."))
    flow = overview.flow()
    waits = clock.now() - flow.oldest if flow.oldest else timedelta()
    if waits > WAITS_LONG:
        yield fail(about, _("The oldest mail that could go waits for %(age)s.", age=span(waits)))
    else:
        yield ok(about, _("%(number)s mails left in the last hour.", number=flow.last_hour))
    yield from _refused(flow.last_hour)
    for rest in flow.resting:
        if not rest.provider:
            yield fail(_("Mail server"), _("It was away: %(words)s", words=rest.words))


def _refused(left: int) -> Iterator[Finding]:
    refused = tallies.refused_in_an_hour()
    if refused:
        often = refused >= REFUSED_OFTEN * (left + refused)
        sentence = _(
            "In the last hour %(number)s were refused for good: the page Mail says why.",
            number=refused,
        )
        yield (fail if often else warn)(_("Refused mail"), sentence)
