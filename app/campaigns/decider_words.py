"""Who decides: members who vote, or one mayor or governor, and how one turns to them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.campaigns import divisions
from app.campaigns.asked_words import OVERRIDE, PROCLAIM, SIGN, VOTE, Wording
from app.campaigns.body_models import Body, BodyKind, Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage

_MEMBERS = {
    BodyKind.CITY_COUNCIL: _l("Write or call your council member"),
    BodyKind.COUNTY_BOARD: _l("Write or call your board member"),
    BodyKind.SCHOOL_BOARD: _l("Write or call your board member"),
    BodyKind.LEGISLATURE: _l("Write or call your legislator"),
    BodyKind.CONGRESS: _l("Write or call your member of Congress"),
    BodyKind.ORGANIZATION: _l("Write or call a member of the assembly"),
}
_OFFICES = {
    "state": (_l("Governor"), _l("Write or call the governor's office")),
    **dict.fromkeys(
        divisions.COUNTIES,
        (_l("County Executive"), _l("Write or call the county executive's office")),
    ),
}
_MAYOR = (_l("Mayor"), _l("Write or call the mayor's office"))


def wording(measure: Measure) -> Wording:
    """What is asked for where a campaign stands now."""
    if measure.stage == Stage.AWAITING_EXECUTIVE:
        return SIGN
    if measure.stage == Stage.VETOED:
        return OVERRIDE
    if not is_one(measure):
        return VOTE
    return PROCLAIM if measure.instrument == Instrument.PROCLAMATION else SIGN


def is_one(measure: Measure) -> bool:
    """Whether one mayor or governor decides, not members who vote."""
    return measure.body.kind == BodyKind.EXECUTIVE


def decided_by_executive(measure: Measure) -> bool:
    """Whether the next word is an executive's: always, or after a vote that waits for a name."""
    return is_one(measure) or measure.stage == Stage.AWAITING_EXECUTIVE


def can_be_asked(measure: Measure) -> bool:
    """Nobody turns to voters one by one, or to a council that has said yes already."""
    return measure.body.kind != BodyKind.VOTERS and measure.stage != Stage.ADOPTED


def meets(measure: Measure) -> bool:
    """Whether a meeting at which people can speak may still come."""
    return can_be_asked(measure) and not decided_by_executive(measure)


def turn_to(measure: Measure) -> str:
    """The words of the way to those who decide."""
    if decided_by_executive(measure):
        return str(_office(measure)[1])
    return str(_MEMBERS.get(measure.body.kind, _MEMBERS[BodyKind.CITY_COUNCIL]))


def executive(measure: Measure) -> str:
    """How an executive is addressed whose name nobody entered."""
    return str(_office(measure)[0])


def passed(body: Body) -> Any:
    """How the press is told of it: a council has passed a text, an executive issued one."""
    if body.kind == BodyKind.EXECUTIVE:
        return _l("The %(council)s has issued “%(title)s” (%(day)s).")
    return _l("%(council)s has passed “%(title)s” (%(day)s%(votes)s).")


def said(sentence: Any, **gaps: str) -> str:
    return str(sentence) % gaps


def _office(measure: Measure) -> tuple[Any, Any]:
    """The title of an executive and the way to their office; a city and county has a mayor."""
    division_id = measure.body.division_id
    if division_id in divisions.CITY_COUNTIES:
        return _MAYOR
    return _OFFICES.get(divisions.shape(division_id).kind, _MAYOR)
