"""What the states and purposes of mail are called on pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.mail.models import BounceKind, HoldReason, MailingState, SendState, SuppressionReason
from app.people.models import Purpose

MAIL_ABOUT = {
    Purpose.DIGEST: _l("the digest"),
    Purpose.EVENTS: _l("events"),
    Purpose.ANNOUNCEMENTS: _l("news of your alliance"),
}
PURPOSES = {
    Purpose.ACCOUNT: _l("Account"),
    Purpose.DIGEST: _l("Digest"),
    Purpose.EVENTS: _l("Events"),
    Purpose.ANNOUNCEMENTS: _l("News of an alliance"),
}
MAILING_STATES = {
    MailingState.SCHEDULED: _l("Scheduled"),
    MailingState.SENDING: _l("Going out"),
    MailingState.PAUSED: _l("Paused"),
    MailingState.DONE: _l("Sent"),
    MailingState.CANCELLED: _l("Cancelled"),
}
TONES = {
    MailingState.SENDING: "due",
    MailingState.PAUSED: "due",
    MailingState.DONE: "ok",
    MailingState.CANCELLED: "off",
}
HOLDS = {
    HoldReason.RESTORING: _l("Nothing leaves: a backup is being restored."),
    HoldReason.RESTORED: _l(
        "Nothing leaves: a backup was restored. Look at what waits before you let it leave."
    ),
    HoldReason.STAFF: _l("Nothing leaves: all mail is held."),
}
DOUBTS = {
    SendState.WAITING: _l("Goes again by itself"),
    SendState.SENDING: _l("Going out again"),
    SendState.SENT: _l("Sent again"),
    SendState.SKIPPED: _l("Left as it is"),
    SendState.FAILED: _l("Failed"),
}
SUPPRESSIONS = {
    SuppressionReason.BOUNCED: _l("There is no such address"),
    SuppressionReason.UNREACHABLE: _l("Our mail came back again and again"),
    SuppressionReason.COMPLAINED: _l("They called our mail spam"),
    SuppressionReason.ASKED: _l("They asked us not to write"),
}
BOUNCES = {
    BounceKind.HARD: _l("There is no such address"),
    BounceKind.SOFT: _l("Could not be delivered this time"),
    BounceKind.BLOCKED: _l("We were refused, not the address"),
    BounceKind.COMPLAINT: _l("They called our mail spam"),
}
