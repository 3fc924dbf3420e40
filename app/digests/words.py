"""How pages call what the code names shortly: states, readers, reasons."""

from __future__ import annotations

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.digests.audience import LeftOut
from app.digests.models import Issue, Series, SeriesName
from app.digests.queries import needs_second_person
from app.foundation import pagecontext
from app.mail.models import Mailing, MailingState
from app.people.models import DigestEvery

STATES = {
    MailingState.SCHEDULED: (_l("Scheduled"), "due"),
    MailingState.SENDING: (_l("Sending"), "ok"),
    MailingState.PAUSED: (_l("Paused"), "due"),
    MailingState.DONE: (_l("Sent"), "ok"),
    MailingState.CANCELLED: (_l("Cancelled"), "no"),
}
"""A state in words and the tone of its tag."""

LEFT_OUT = {
    LeftOut.UNCONFIRMED: _l("have not confirmed their address yet"),
    LeftOut.OTHER_RHYTHM: _l("chose another rhythm"),
    LeftOut.NO_ADDRESS: _l("have no e-mail address"),
    LeftOut.DO_NOT_EMAIL: _l("cannot be reached or asked not to be e-mailed"),
    LeftOut.UNSUBSCRIBED: _l("do not want digests"),
}

EVERY = {
    DigestEvery.MONTHLY: _l("chose monthly"),
    DigestEvery.WEEKLY: _l("chose weekly"),
}

SERIES = {
    SeriesName.WEEKLY: _l("Weekly digest"),
    SeriesName.MONTHLY: _l("Monthly digest"),
    SeriesName.WELCOME: _l("Welcome of new members"),
}


def day_of(series: Series) -> str:
    """On which day a series goes out."""
    if series.name == SeriesName.WEEKLY:
        days = get_day_names("wide", locale=get_locale())
        return str(_("Every %(day)s", day=days[series.day]))
    return str(_("On day %(number)s of each month", number=series.day))


def state(mailing: Mailing | None) -> tuple[str, str]:
    """A state in words and the tone of its tag."""
    if mailing is None:
        return str(_("Draft")), ""
    if needs_second_person(mailing):
        return str(_("Waits for a second person")), "due"
    word, tone = STATES[mailing.state]
    return str(word), tone


def when(issue: Issue, mailing: Mailing | None) -> str:
    """The day on which an issue goes out or went out; empty for a draft."""
    if mailing is None:
        return ""
    day = issue.scheduled_on or (mailing.started_at or mailing.due_at).date()
    return pagecontext.short_date(day)
