"""How pages and mails call the kinds and states of events, and say their day, time and place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.events import questions
from app.events.call_models import AnswerState
from app.events.co_host_models import CoHostState
from app.events.kit_models import Kit
from app.events.listed import Listed
from app.events.models import Event, EventKind, EventState, Part, Said, SignUp, SignUpState
from app.events.own_letters import MISSED, THANKS
from app.events.shift_models import Shift
from app.events.shifts import Filled
from app.foundation import clock, language, pagecontext

KINDS = {
    EventKind.PANEL: _l("Panel"),
    EventKind.TEACH_IN: _l("Teach-in"),
    EventKind.RALLY: _l("Rally"),
    EventKind.SCREENING: _l("Film screening"),
    EventKind.RECEPTION: _l("Reception"),
    EventKind.PICNIC: _l("Picnic"),
    EventKind.WORSHIP: _l("Worship service"),
    EventKind.VIGIL: _l("Vigil"),
    EventKind.PRESS_CONFERENCE: _l("Press conference"),
    EventKind.LOBBY_VISIT: _l("Visit to an official"),
    EventKind.PROCLAMATION: _l("Proclamation ceremony"),
    EventKind.COUNCIL_TURNOUT: _l("Council meeting"),
    EventKind.ORGANIZING: _l("Organizing meeting"),
    EventKind.TRAINING: _l("Training"),
    EventKind.PHONE_BANK: _l("Phone or postcard evening"),
}

STATES = {
    EventState.DRAFT: (_l("Draft"), ""),
    EventState.PUBLISHED: (_l("Published"), "ok"),
    EventState.CANCELLED: (_l("Cancelled"), "no"),
}
"""A state in words and the tone of its tag."""

SIGN_UPS = {
    SignUpState.HELD: (_l("Has not confirmed yet"), "due"),
    SignUpState.OFFERED: (_l("Has been offered a seat"), "due"),
    SignUpState.CONFIRMED: (_l("Is coming"), "ok"),
    SignUpState.WAITING: (_l("On the waiting list"), "due"),
    SignUpState.CANCELLED: (_l("Cancelled"), "off"),
}

LETTERS = {
    THANKS: _l("Thanks to those who came"),
    MISSED: _l("A word to those who were not seen"),
}
"""The letters after an event that may have own words."""

AFTERWARDS = {
    SignUpState.HELD: (_l("Did not confirm"), "off"),
    SignUpState.OFFERED: (_l("Was offered a seat"), "off"),
    SignUpState.CONFIRMED: (_l("Had a seat"), "ok"),
    SignUpState.WAITING: (_l("Was on the waiting list"), "off"),
    SignUpState.CANCELLED: (_l("Cancelled"), "off"),
}
"""The same once the event is over."""

CAME = {
    True: (_l("Was there"), "ok"),
    False: (_l("Was not seen at the door"), "off"),
}
"""What the door says of those who had a seat, where somebody kept it."""

ANSWERS = {
    AnswerState.CALLED: (_l("Waits for your answer"), "due"),
    AnswerState.ACCEPTED: (_l("You take part"), "ok"),
    AnswerState.DECLINED: (_l("Not this year"), "off"),
}
"""What an alliance said to the call of a day, to itself."""

ANSWERS_SEEN = {
    AnswerState.CALLED: (_l("No answer yet"), "due"),
    AnswerState.ACCEPTED: (_l("Takes part"), "ok"),
    AnswerState.DECLINED: (_l("Not this year"), "off"),
}
"""The same to staff."""

SAID = {
    Said.COMING: (_l("Is coming"), "ok"),
    Said.NOT_COMING: (_l("Is not coming"), "off"),
    Said.NO_ANSWER: (_l("No answer"), "due"),
}
CO_HOSTS = {
    CoHostState.INVITED: (_l("Has not answered yet"), "due"),
    CoHostState.ACCEPTED: (_l("Holds it with us"), "ok"),
    CoHostState.REFUSED: (_l("Said no"), "off"),
}


def standing(own: SignUp, event: Event, came: Collection[int] | None) -> tuple[object, str]:
    """Where a sign-up stands, or where it stood of an event that is over.

    `came` are the sign-ups that the door let in, None where nobody kept it. It does not see who
    takes part online.
    """
    if event.ends_at > clock.now():
        return SIGN_UPS[own.state]
    if came is not None and own.state == SignUpState.CONFIRMED:
        seen = own.id in came
        return CAME[seen] if seen or own.part is Part.IN_PERSON else AFTERWARDS[own.state]
    return AFTERWARDS[own.state]


FEW = 5
"""Below this number others than the organizers are only told that a few are coming."""


def when(event: Event) -> str:
    """Saturday, July 17, 2027, 2:00 PM to 3:30 PM PDT."""
    day = pagecontext.long_date(event.wall_start.date())
    return f"{day}, {hours(event)}"


def short_when(event: Listed) -> str:
    """Sat, Jul 17, 2027, 2:00 PM PDT."""
    day = pagecontext.day_as(event.wall_start.date(), _day_pattern(language.current()))
    return f"{day}, {pagecontext.local_time(event.starts_at, event.time_zone)}"


@lru_cache
def _day_pattern(_language: str) -> str:
    """Kept for each language, because long lists say it in each row."""
    return str(_("EEE, MMM d, yyyy"))


def hours(event: Event) -> str:
    """2:00 PM to 3:30 PM PDT; the zone is said twice only where the clocks change in between."""
    start = pagecontext.local_time(event.starts_at, event.time_zone)
    end = pagecontext.local_time(event.ends_at, event.time_zone)
    zone = f" {event.starts_at.astimezone(ZoneInfo(event.time_zone)).tzname()}"
    if end.endswith(zone):
        start = start.removesuffix(zone)
    return f"{start} – {end}"  # noqa: RUF001  a dash between two times


def is_online_only(event: Listed) -> bool:
    """Without venue and street; its town is then only where its alliance is."""
    return event.is_online and not event.venue and not event.street


def is_hybrid(event: Event) -> bool:
    """Held at a place and online."""
    return event.is_online and not is_online_only(event)


def place(event: Event, *, told: bool = False) -> str:
    """Main Library, 96 S Grant Ave, Columbus, OH 43215; or that it is online.

    A private address is told only to those who have a seat there, others read the town.
    """
    if is_online_only(event):
        return str(_("Online"))
    where = _address(event, told=told)
    return str(_("%(where)s, and online", where=where)) if event.is_online else where


def _address(event: Event, *, told: bool) -> str:
    if event.address_is_private and not told:
        near = ", ".join(part for part in (event.city, event.us_state) if part)
        if event.is_online:
            return str(_("%(town)s (you get the address if you sign up to come there)", town=near))
        return str(_("%(town)s (you get the address when you sign up)", town=near))
    return ", ".join(part for part in (event.venue, event.street, town(event)) if part)


def short_place(event: Listed) -> str:
    """Main Library, Columbus."""
    if is_online_only(event):
        return str(_("Online"))
    return ", ".join(part for part in (event.shown_venue, event.city) if part)


def town(event: Event) -> str:
    """Columbus, OH 43215."""
    state = f"{event.us_state} {event.zip or ''}".strip()
    return ", ".join(part for part in (event.city, state if event.city else "") if part)


LINK_OPENS = timedelta(hours=1)
"""So long before the start a link is shown that the organizers keep back."""


def link_is_open(event: Event) -> bool:
    """Whether those who have a seat see the online link by now."""
    return not event.link_opens_late or clock.now() >= event.starts_at - LINK_OPENS


def coming(number: int, *, exact: bool) -> str:
    """How many people are coming; below five only the organizers are told the number."""
    if number == 0:
        return str(_("Nobody has signed up yet.") if exact else _("Be the first to sign up."))
    if number < FEW and not exact:
        return str(_("A few people are coming."))
    return str(ngettext("%(num)s person is coming.", "%(num)s people are coming.", number))


def shutting(event: Event, at: datetime) -> str:
    """Until when the door is open: midnight, which belongs to two days, is the end of one."""
    last = at.astimezone(ZoneInfo(event.time_zone))
    if last.time() == time():
        return str(_("the end of that day"))
    return f"{pagecontext.long_date(last.date())}, {pagecontext.local_time(at, event.time_zone)}"


def how_soon(event: Event) -> str:
    """Today, tomorrow, or on a day, seen from the event's own clock at this moment."""
    day = event.wall_start.date()
    today = clock.today(event.time_zone)
    if day == today:
        return str(_("Today"))
    if day == today + timedelta(days=1):
        return str(_("Tomorrow"))
    return pagecontext.day_as(day, _("EEEE, MMMM d"))


def seats_left(number: int) -> str:
    return str(ngettext("%(num)s seat is left.", "%(num)s seats are left.", number))


def until(own: SignUp) -> str:
    """Until when an offered seat is kept, by the event's clock: Friday, July 16, 6:30 PM PDT."""
    if own.held_until is None:
        return ""
    zone = own.event.time_zone
    day = pagecontext.day_as(own.held_until.astimezone(ZoneInfo(zone)).date(), _("EEEE, MMMM d"))
    return f"{day}, {pagecontext.local_time(own.held_until, zone)}"


def kept_for_you(seats: int) -> str:
    return str(
        ngettext(
            "A seat is free, and you are next in line for it. We keep it for you until you take it "
            "or the time below is over.",
            "%(num)s seats are free, and you and your guests are next in line for them. We keep "
            "them for you until you take them or the time below is over.",
            seats,
        )
    )


def shift_hours(event: Event, shift: Shift) -> str:
    """5:30 PM to 6:30 PM, by the event's clock."""
    opens = event.starts_at + timedelta(minutes=shift.opens)
    ends = opens + timedelta(minutes=shift.minutes)
    zone = ZoneInfo(event.time_zone)
    hours = (format_time(at.astimezone(zone).time(), "short", rebase=False) for at in (opens, ends))
    return " – ".join(hours)  # noqa: RUF001  a dash between two times


def shift_choice(event: Event, filled: Filled) -> str:
    """Set up chairs, 5:30 PM to 6:30 PM (2 places left)."""
    left = ngettext("%(num)s place left", "%(num)s places left", filled.left)
    return f"{shift_title(filled.shift)}, {shift_hours(event, filled.shift)} ({left})"


def shift_title(shift: Shift) -> str:
    return in_language(shift.title, shift.title_es)


def title(event: Listed) -> str:
    """The title in the reader's language, where the organizers wrote it."""
    return in_language(event.title, event.title_es)


def description(event: Event) -> str:
    return in_language(event.description, event.description_es)


def in_language(english: str, spanish: str) -> str:
    return spanish if spanish and language.current() == "es" else english


def asked(thing: Event | Kit) -> Sequence[str]:
    """What the sign-up form of an event, or of those begun from an event template, asks."""
    return [in_language(each.label, each.label_es) for each in questions.read(thing.questions)]
