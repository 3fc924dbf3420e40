"""How pages speak of councils and boards: kinds, seats, meetings, deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from babel.dates import format_time, get_day_names, get_month_names
from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns.body_models import BodyKind, MeetingKind, SeatKind
from app.campaigns.patterns import LAST, Part, Pattern
from app.campaigns.place_models import Division
from app.campaigns.reckoning import Offer, Question, StepKind
from app.foundation import geo

KINDS = {
    BodyKind.CITY_COUNCIL: _l("City or town council"),
    BodyKind.COUNTY_BOARD: _l("County board"),
    BodyKind.SCHOOL_BOARD: _l("School board"),
    BodyKind.LEGISLATURE: _l("State legislature"),
    BodyKind.CONGRESS: _l("House of Congress"),
    BodyKind.EXECUTIVE: _l("Mayor's or governor's office"),
    BodyKind.ORGANIZATION: _l("Assembly of an organization"),
    BodyKind.VOTERS: _l("Voters"),
}

SEATS = {
    SeatKind.DISTRICT: _l("For a district"),
    SeatKind.AT_LARGE: _l("At large"),
    SeatKind.PRESIDING: _l("Presides"),
}

MEETINGS = {
    MeetingKind.REGULAR: _l("Regular meeting"),
    MeetingKind.SPECIAL: _l("Special meeting"),
    MeetingKind.HEARING: _l("Hearing"),
}

STEPS = {
    StepKind.ASK: _l("Ask a sponsor"),
    StepKind.FILE: _l("Hand in the text"),
    StepKind.COMMITTEE: _l("The committee hears it"),
    StepKind.POSTING: _l("The agenda is posted"),
    StepKind.COMMENT: _l("Sign up to speak"),
    StepKind.MEETING: _l("The vote"),
    StepKind.SIGNING: _l("The time to sign ends"),
    StepKind.REQUEST: _l("Ask for the proclamation"),
    StepKind.READY: _l("The proclamation is ready"),
}

QUESTIONS = {
    Question.MEETINGS: _l(
        "On which days are the regular meetings held, and when is there a recess?"
    ),
    Question.FILING: _l(
        "By when must a resolution be with you to come up at a meeting, and who may hand it in?"
    ),
    Question.REFERRAL: _l("Does a committee hear it first? Which one, and when does it meet?"),
    Question.REVIEW: _l(
        "Does anybody have to sign it? How many days are there, and what if nobody signs?"
    ),
    Question.COMMENT: _l("How do people sign up to speak, by when, and for how many minutes?"),
    Question.LEAD: _l("How long ahead must we ask for a proclamation, and in which form?"),
}

REVIEWS = {
    BodyKind.CITY_COUNCIL: _l(
        "Does the mayor have to sign it? How many days are there, and what if nobody signs?"
    ),
    BodyKind.COUNTY_BOARD: _l(
        "Does a county executive have to sign it? How many days are there, and what if nobody "
        "signs?"
    ),
    BodyKind.LEGISLATURE: _l(
        "Does the governor have to sign it? How many days are there, and what if nobody signs?"
    ),
}
"""The question of the review, where the kind of a council tells who signs."""

OFFERS = {
    Offer.PROCLAMATION: _l("Ask for a proclamation instead"),
    Offer.PUBLIC_COMMENT: _l("Speak in public comment"),
    Offer.NEXT_YEAR: _l("Begin now for next year"),
}

ORDINALS = {
    1: _l("first"),
    2: _l("second"),
    3: _l("third"),
    4: _l("fourth"),
    5: _l("fifth"),
    LAST: _l("last"),
}


def asked(question: Question, kind: BodyKind) -> str:
    """A question as the clerk of this kind of council understands it."""
    its_own = REVIEWS.get(kind) if question == Question.REVIEW else None
    return str(its_own or QUESTIONS[question])


def place(division: Division) -> str:
    """`Columbus city, Franklin County, Ohio`."""
    parts = [division.name, division.county, geo.STATES.get(division.state, division.state)]
    return ", ".join(_unsaid(parts))


def _unsaid(parts: Iterable[str]) -> list[str]:
    """The parts that those before them have not said yet."""
    told: list[str] = []
    for part in parts:
        if part and not any(part in each for each in told):
            told.append(part)
    return told


def _joined(parts: Iterable[object]) -> str:
    return str(format_list([str(part) for part in parts], locale=get_locale()))


def meets(pattern: Pattern) -> list[str]:
    """When a council meets, a sentence for each rhythm."""
    return [_rhythm(part) for part in pattern.parts]


def _rhythm(part: Part) -> str:
    names = get_day_names("wide", locale=get_locale())
    days = _joined(names[weekday] for weekday in part.weekdays)
    time_of_day = at(part.at)
    if part.ordinals:
        which = _joined(ORDINALS[number] for number in part.ordinals)
        said = _(
            "On the %(which)s %(days)s of the month at %(time)s",
            which=which,
            days=days,
            time=time_of_day,
        )
    else:
        said = _("Every %(days)s at %(time)s", days=days, time=time_of_day)
    if part.months:
        months = get_month_names("wide", locale=get_locale())
        named = _joined(months[month] for month in part.months)
        return str(_("%(rhythm)s, only in %(months)s", rhythm=said, months=named))
    return str(said)


def at(moment: datetime | time) -> str:
    """The time of day of a wall time."""
    clock_time = moment.time() if isinstance(moment, datetime) else moment
    return format_time(clock_time, "h:mm a", locale=get_locale()).replace("\u202f", " ")


def spans(raws: Iterable[str]) -> str:
    """Days and recesses as people say them."""
    return "; ".join(span(raw) for raw in raws)


def span(raw: str) -> str:
    """A recess: with the year only where it has one."""
    first, _slash, last = raw.partition("/")
    return " \N{EN DASH} ".join(_day(part) for part in ((first, last) if last else (first,)))


def _day(raw: str) -> str:
    day = date.fromisoformat(raw if len(raw) == 10 else f"2028-{raw}")
    months = get_month_names("wide", locale=get_locale())
    named = _("%(month)s %(day)s", month=months[day.month], day=day.day)
    return f"{named}, {day.year}" if len(raw) == 10 else str(named)
