"""How the site does now, in sentences: background work, mail, what it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from app.foundation import clock, queue, standstill
from app.foundation.findings import Finding, fail, ok, warn
from app.mail import holding, overview, tallies
from app.mail.overview import Resting
from app.upkeep.certificates import certificate
from app.upkeep.surroundings import backups, broker, disk, span

SILENT = timedelta(minutes=2)
"""A sweep that is later than this does not run."""
WAITS_LONG = timedelta(minutes=15)
NAMED = 5
"""So many are named in one sentence."""
REFUSED_OFTEN = 0.05
"""A share of refused mails that large mailbox providers answer by refusing the rest."""


def running() -> Iterator[Finding]:
    """How the site does now."""
    yield _sweep()
    yield from _standing_still()
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


def _standing_still() -> Iterator[Finding]:
    """Imports and mailings that should go on; held mail stands still as it should."""
    names = standstill.names(clock.now() - WAITS_LONG)
    if names and holding.current() is None:
        sentence = _("Nobody goes on with this: %(names)s.", names=", ".join(names[:NAMED]))
        yield fail(_("Stands still"), sentence)


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
    yield from _resting(flow.resting)


def _resting(resting: Sequence[Resting]) -> Iterator[Finding]:
    """The relay at once, receivers when they have put us off for long: that they do is usual.

    Whom nobody tried again for long after a rest has no mail that waits.
    """
    long, now = [], clock.now()
    for rest in resting:
        if not rest.provider:
            yield fail(_("Mail server"), _("It was away: %(words)s", words=rest.words))
        elif now - rest.since > WAITS_LONG > now - rest.until:
            long.append(rest.provider)
    if long:
        sentence = _(
            "For more than %(age)s these receivers put us off: %(names)s. The page Mail says why.",
            age=span(WAITS_LONG),
            names=", ".join(long[:NAMED]),
        )
        yield warn(_("Mail put off"), sentence)


def _refused(left: int) -> Iterator[Finding]:
    refused = tallies.refused_in_an_hour()
    if refused:
        often = refused >= REFUSED_OFTEN * (left + refused)
        sentence = _(
            "In the last hour %(number)s were refused for good: the page Mail says why.",
            number=refused,
        )
        yield (fail if often else warn)(_("Refused mail"), sentence)
