"""The brief for a meeting, on one page: when, what we ask, what to say, who speaks, the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.alliances.naming import is_hidden
from app.campaigns import decider_words as deciders
from app.campaigns import measure_words as words
from app.campaigns import office_words, picked_points, rule_words, turnouts
from app.campaigns.turnout_models import Speaker, Turnout
from app.foundation import language, pagecontext, text

MOST_POINTS = 4
MOST_NAMES = 16
ABOUT_LENGTH = 500


def values(turnout: Turnout, speaking: Sequence[Speaker]) -> dict[str, Any]:
    """What the printed page says; names of speakers only where they are given."""
    measure = turnout.measure
    council = office_words.council(measure.body)
    points = picked_points.picked(picked_points.LETTERS, measure.id)
    at = pagecontext.clock_time(turnout.at)
    when = ", ".join(filter(None, (pagecontext.long_date(turnout.on), at, turnout.place)))
    return {
        "language": language.current(),
        "title": measure.title,
        "where": words.where(measure) or council,
        "council": council,
        "when": when,
        "ask_heading": _("What we ask"),
        "ask": deciders.said(
            deciders.wording(measure).together, council=council, title=measure.title
        ),
        "about": text.excerpt(text.plain(measure.about), ABOUT_LENGTH),
        "points_heading": _("What to say"),
        "points": [point.words for point in points[:MOST_POINTS]],
        "rules_heading": _("The rules"),
        "rules": rules(turnout),
        "speakers_heading": _("Who speaks"),
        "speakers": [
            own.person.name
            for own in speaking[:MOST_NAMES]
            if not is_hidden(own.person, measure.alliance_id)
        ],
        "record": public_record(),
    }


def rules(turnout: Turnout) -> list[str]:
    """What the clerk wants, in sentences: the council's own rule, then what holds this time."""
    checked = turnouts.clerks_rule(turnout.measure.body_id)
    said = [rule_words.said(checked.value)] if checked is not None else []
    if turnout.sign_up_by:
        day = pagecontext.long_date(turnout.sign_up_by)
        said.append(_("Sign up with the clerk by %(day)s.", day=day))
    if turnout.minutes and turnout.minutes != turnouts.minutes_of(checked):
        said.append(
            ngettext(
                "Each may speak for %(num)s minute.",
                "Each may speak for %(num)s minutes.",
                turnout.minutes,
            )
        )
    if turnout.slots:
        said.append(_("At most %(slots)s may speak.", slots=turnout.slots))
    return said + [line for line in turnout.rules.splitlines() if line.strip()]


def public_record() -> str:
    """What becomes public of somebody who speaks."""
    return str(
        _(
            "What becomes public: whoever speaks is part of the public record. Your name, what "
            "you say and mostly a video stay there, and some clerks ask for your address."
        )
    )
