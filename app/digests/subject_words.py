"""What pages say of the readers who wait until a test of subject lines is decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.digests import audience, subjects
from app.digests.models import SubjectTest
from app.foundation import clock, pagecontext
from app.mail.models import Mailing


def why_the_rest_waits(mailing: Mailing) -> str:
    """Why most copies of an issue wait, and until when; empty if no test keeps them back."""
    test = subjects.of(mailing.subject_id)
    if test is None:
        return ""
    if test.winner is None and test.held_at is not None:
        return str(_("Many readers of the subject-line test unsubscribed: the rest waits for you."))
    if subjects.decided_from(test, mailing) <= clock.now():
        return "" if test.winner is not None else str(_("The best subject is decided just now."))
    return _until(test, mailing)


def moment(at: datetime, zone: str) -> str:
    """Saturday, November 21, 2026, 2:00 PM EST."""
    return f"{pagecontext.local_date(at, zone)}, {pagecontext.local_time(at, zone)}"


def _until(test: SubjectTest, mailing: Mailing) -> str:
    if test.winner is None:
        why = _("The rest waits until the best subject is known.")
    else:
        why = _("The best subject is known; the rest waits for its time.")
    return f"{why} {_when(test, mailing)}"


def _when(test: SubjectTest, mailing: Mailing) -> str:
    on = audience.chosen_day(mailing)
    if on is not None:
        day = on + timedelta(days=1)
        words = _(
            "It leaves on %(day)s, at the hour that each reader chose.",
            day=pagecontext.long_date(day),
        )
    else:
        at = subjects.decided_from(test, mailing)
        words = _("It leaves from %(moment)s.", moment=moment(at, clock.HOME_ZONE))
    return str(words)
