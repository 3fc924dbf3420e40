"""How pages speak of the rules of councils: names, fields, choices, and a sentence for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.campaigns.body_models import RuleKey
from app.campaigns.counting import Counting
from app.campaigns.rules import (
    Attestation,
    Comment,
    Lead,
    Of,
    Posting,
    Referral,
    Review,
    Share,
    Silence,
    Sponsors,
    TextLimits,
    Value,
    Votes,
)

RULES = {
    RuleKey.FILING: (_l("Handing in"), _l("How long before the meeting the clerk wants the text.")),
    RuleKey.AGENDA_POSTING: (
        _l("Posting the agenda"),
        _l("How many hours before a regular meeting the agenda must be public."),
    ),
    RuleKey.REFERRAL: (
        _l("Committee"),
        _l("Whether a committee hears it first, and how long before the meeting it reports."),
    ),
    RuleKey.PUBLIC_COMMENT: (
        _l("Speaking"),
        _l("By when speakers sign up; 0 hours means at the meeting itself."),
    ),
    RuleKey.EXECUTIVE_REVIEW: (
        _l("Signature"),
        _l("How many days a mayor or governor has after the vote; 0 if nobody has to sign."),
    ),
    RuleKey.PROCLAMATION: (
        _l("Proclamations"),
        _l("How long ahead a proclamation must be asked for."),
    ),
    RuleKey.VOTES: (_l("Votes needed"), _l("What it takes to pass a resolution.")),
    RuleKey.SPONSORS: (_l("Sponsors"), _l("How many members must bring it in.")),
    RuleKey.TEXT_LIMITS: (_l("Length of the text"), _l("Leave empty what is not limited.")),
    RuleKey.ASKING: (
        _l("Asking a sponsor"),
        _l("How long before handing in a sponsor wants the text."),
    ),
    RuleKey.SPECIAL_NOTICE: (
        _l("Special meetings"),
        _l("How many hours before a special meeting it must be announced."),
    ),
    RuleKey.ATTESTATION: (_l("Official copy"), _l("Who signs what was passed.")),
}
"""A rule's name and what it says, in the order of a page."""

FIELDS = {
    "hours": _l("Hours before"),
    "weekends": _l("Hours on weekends and holidays count"),
    "days": _l("Days"),
    "counting": _l("Which days count"),
    "needed": _l("A committee hears it first"),
    "committee": _l("Which committee"),
    "minutes": _l("Minutes for each speaker"),
    "silence": _l("If nobody signs or refuses"),
    "override": _l("Votes to pass it in spite of a veto"),
    "override_days": _l("Days for that vote"),
    "least": _l("How many"),
    "who": _l("Who"),
    "share": _l("Share of the votes"),
    "of": _l("Of whom"),
    "quorum": _l("How many must be there"),
    "most_clauses": _l("Most paragraphs"),
    "most_characters": _l("Most characters"),
}

CHOICES: dict[type[Any], dict[Any, Any]] = {
    Counting: {
        Counting.CALENDAR: _l("All days"),
        Counting.WORKING: _l("Working days"),
        Counting.NO_SUNDAYS: _l("All days but Sundays"),
    },
    Silence: {
        Silence.APPROVES: _l("It stands"),
        Silence.KILLS: _l("It is dead"),
    },
    Share: {
        Share.MAJORITY: _l("More than half"),
        Share.THREE_FIFTHS: _l("Three fifths"),
        Share.TWO_THIRDS: _l("Two thirds"),
        Share.THREE_QUARTERS: _l("Three quarters"),
        Share.ALL: _l("All"),
    },
    Of: {Of.PRESENT: _l("Of those who are there"), Of.MEMBERS: _l("Of all members")},
}


def _posting(value: Posting) -> str:
    hours = ngettext(
        "%(num)s hour before the meeting", "%(num)s hours before the meeting", value.hours
    )
    return str(hours if value.weekends else _("%(hours)s, weekends not counted", hours=hours))


def _days(days: int, counting: Counting) -> str:
    if counting == Counting.WORKING:
        return str(ngettext("%(num)s working day", "%(num)s working days", days))
    said = ngettext("%(num)s day", "%(num)s days", days)
    if counting == Counting.NO_SUNDAYS:
        return str(_("%(days)s, Sundays not counted", days=said))
    return str(said)


def _referral(value: Referral) -> str:
    if not value.needed:
        return str(_("Goes straight to the council"))
    days = _days(value.days, Counting.CALENDAR)
    if value.committee:
        return str(
            _(
                "The %(committee)s hears it first and reports at least %(days)s ahead",
                committee=value.committee,
                days=days,
            )
        )
    return str(_("A committee hears it first and reports at least %(days)s ahead", days=days))


def _comment(value: Comment) -> str:
    if value.hours:
        said = ngettext(
            "Speakers sign up %(num)s hour before the meeting",
            "Speakers sign up %(num)s hours before the meeting",
            value.hours,
        )
    else:
        said = _("Speakers sign up at the meeting")
    if value.minutes:
        minutes = ngettext("%(num)s minute each", "%(num)s minutes each", value.minutes)
        return f"{said}; {minutes}"
    return str(said)


def _review(value: Review) -> str:
    if not value.days:
        return str(_("Nobody has to sign it"))
    days = _days(value.days, value.counting)
    if value.silence == Silence.APPROVES:
        return str(_("%(days)s to sign or refuse; without a word it stands", days=days))
    return str(_("%(days)s to sign; without a signature it is dead", days=days))


def _votes(value: Votes) -> str:
    said = f"{CHOICES[Share][value.share]}, {str(CHOICES[Of][value.of]).lower()}"
    if value.quorum:
        needed = ngettext("%(num)s must be there", "%(num)s must be there", value.quorum)
        return f"{said}; {needed}"
    return said


def _sponsors(value: Sponsors) -> str:
    said = ngettext("%(num)s sponsor", "%(num)s sponsors", value.least)
    return f"{said}; {value.who}" if value.who else str(said)


def _limits(value: TextLimits) -> str:
    parts: list[str] = []
    if value.most_clauses:
        parts.append(
            ngettext("At most %(num)s paragraph", "At most %(num)s paragraphs", value.most_clauses)
        )
    if value.most_characters:
        parts.append(
            ngettext(
                "at most %(num)s character", "at most %(num)s characters", value.most_characters
            )
        )
    return "; ".join(parts) if parts else str(_("Not limited"))


SENTENCES: dict[type[Any], Callable[[Any], str]] = {
    Posting: _posting,
    Lead: lambda value: _days(value.days, value.counting),
    Referral: _referral,
    Comment: _comment,
    Review: _review,
    Votes: _votes,
    Sponsors: _sponsors,
    TextLimits: _limits,
    Attestation: lambda value: str(value.who),
}


def said(value: Value) -> str:
    """A rule in a sentence."""
    return SENTENCES[type(value)](value)
