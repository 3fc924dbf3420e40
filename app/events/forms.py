"""Forms of events: signing up, drafting and changing, cancelling, and the filters of lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import NumberRange

from app.alliances.models import Alliance
from app.events import words
from app.events.actions import Plan
from app.events.editions import title_of
from app.events.models import Edition, Event, EventKind
from app.foundation import clock, geo
from app.foundation.forms import (
    REQUIRED,
    FilterForm,
    Form,
    InputRequired,
    Optional,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    line,
    lines,
    typed,
    wall_time,
)
from app.people.forms import PlaceField, place_field

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "America/Kentucky/Louisville",
    "America/Boise",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Europe/Amsterdam",
    "UTC",
)
"""Where alliances are, and The Hague; an alliance's own zone is added to its form."""

IN_PERSON, ONLINE, BOTH = "in_person", "online", "both"
LONGEST_DAY = 24 * 60
OLDEST_YEAR = 1900
FARTHEST = timedelta(days=5 * 366)
"""How far ahead an event may be: beyond, it is a typo, and calendars cannot say it."""


class EventForm(Form):
    """An event as its organizers edit it; `version` tells when somebody else saved meanwhile."""

    version = HiddenField()
    kind = SelectField(_l("Kind of event"), choices=choices(words.KINDS.items()))
    title = line(_l("Title"), most=120)
    date = line(_l("Date"), most=10, type="date", class_="m")
    time = line(_l("Time"), most=8, type="time", class_="s")
    time_zone = SelectField(_l("Time zone"), description=_l("The clock at the place of the event."))
    minutes = WholeNumber(
        _l("Length in minutes"),
        default=90,
        validators=[
            InputRequired(REQUIRED),
            NumberRange(5, LONGEST_DAY, _l("Between 5 minutes and 24 hours, please.")),
        ],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )
    place = RadioField(
        _l("Where"),
        default=IN_PERSON,
        choices=choices(
            (
                (IN_PERSON, _l("At a place")),
                (ONLINE, _l("Online")),
                (BOTH, _l("At a place and online")),
            )
        ),
    )
    venue = line(_l("Name of the place"), required=False, most=120)
    street = line(_l("Street and number"), required=False, most=120)
    zip: PlaceField = place_field(_l("ZIP code"), required=False)
    online_link = line(
        _l("Link for those who take part online"),
        required=False,
        most=500,
        type="url",
        hint=_l("Only people with a seat see it: on the page when signed in, and in their mail."),
    )
    capacity = WholeNumber(
        _l("Seats"),
        description=_l("Leave it empty if everybody can come."),
        validators=[Optional(), NumberRange(1, 100_000, _l("At least one seat, please."))],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )
    access = lines(
        _l("Access"),
        most=500,
        rows=2,
        hint=_l("Step-free? Sign language? Childcare? Whom to ask?"),
    )
    description = lines(
        _l("Description"),
        hint=_l("You can use Markdown: **bold**, *italic*, lists, and [a link](https://…)."),
    )
    edition = SelectField(_l("Part of"), validators=[Optional()])

    def offer(
        self, alliance: Alliance, editions: Sequence[Edition], event: Event | None = None
    ) -> None:
        """Say which zones and days can be chosen; `event` is the one that is being changed."""
        self.alliance = alliance
        self.event = event
        zones = dict.fromkeys((alliance.time_zone, *ZONES))
        if event is not None:
            zones[event.time_zone] = None
        self.time_zone.choices = choices((zone, _zone_name(zone)) for zone in zones)
        days = {edition.id: title_of(edition) for edition in editions}
        if event is not None and event.edition is not None:
            days[event.edition.id] = title_of(event.edition)
        self.edition.choices = choices([("", _("No special day")), *days.items()])

    def validate_time(self, _field: Any) -> None:
        wall = wall_time(self.date.data or "", self.time.data or "")
        if wall is None or wall.year < OLDEST_YEAR:
            raise ValidationError(_("Please give a day and a time, such as 2027-07-17 and 18:30."))
        if wall.date() > clock.today() + FARTHEST:
            raise ValidationError(_("Please choose a day within the next five years."))
        zone = str(self.time_zone.data)
        if zone not in clock.ZONES:
            return
        try:
            starts = clock.checked_instant(wall, zone)
        except clock.NoSuchTime:
            raise ValidationError(_no_such_time(wall, zone)) from None
        unchanged = self.event is not None and self.event.starts_at == starts
        if starts <= clock.now() and not unchanged:
            raise ValidationError(_("This time has passed. Please choose one that is to come."))
        self.wall_start = wall

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, and what depends on where the event is held."""
        if not super().validate(extra_validators):
            return False
        if self.is_held_at_a_place:
            for field in (self.venue, self.zip):
                if not field.data:
                    self.add_error(field.name, str(REQUIRED))
        elif self.place.data == ONLINE:
            self.zip.place = None
        return not self.errors

    @property
    def is_held_at_a_place(self) -> bool:
        return self.place.data in (IN_PERSON, BOTH)

    def validate_online_link(self, field: Any) -> None:
        if not _is_web_link(field.data):
            raise ValidationError(_("Please give a link that begins with https://"))

    def version_opened(self) -> int:
        """The version that the form was filled with; 0 for anything that is not one."""
        return number_in(self.version.data)

    def plan(self) -> Plan:
        """What the valid form says."""
        at_a_place = self.is_held_at_a_place
        online = self.place.data in (ONLINE, BOTH)
        return Plan(
            kind=EventKind(self.kind.data),
            title=typed(self.title),
            wall_start=self.wall_start,
            time_zone=str(self.time_zone.data),
            minutes=self.minutes.data or 0,
            is_online=online,
            venue=typed(self.venue) if at_a_place else "",
            street=typed(self.street) if at_a_place else "",
            place=self.zip.place if at_a_place else None,
            online_link=typed(self.online_link) if online else "",
            capacity=self.capacity.data,
            access=typed(self.access),
            description=typed(self.description),
            edition_id=int(self.edition.data) if self.edition.data else None,
        )


def number_in(raw: Any) -> int:
    """The number that a hidden field holds; 0 for anything that is not one."""
    text = str(raw or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def shown(field: Any) -> str:
    """What a field holds as people read it: the label of a choice, else the text."""
    labels = {choice.value: str(choice.label) for choice in getattr(field, "choices", None) or ()}
    return labels.get(str(field.data), str(field.data if field.data is not None else ""))


def defaults_of(event: Event) -> dict[str, Any]:
    """The form's fields as an event has them."""
    place = IN_PERSON
    if event.is_online:
        place = ONLINE if words.is_online_only(event) else BOTH
    return {
        "version": str(event.version),
        "kind": event.kind.value,
        "title": event.title,
        "date": event.wall_start.date().isoformat(),
        "time": f"{event.wall_start:%H:%M}",
        "time_zone": event.time_zone,
        "minutes": event.minutes,
        "place": place,
        "venue": event.venue,
        "street": event.street,
        "zip": "" if place == ONLINE else event.zip or "",
        "online_link": event.online_link,
        "capacity": event.capacity,
        "access": event.access,
        "description": event.description,
        "edition": str(event.edition_id or ""),
    }


class CancelForm(Form):
    """Why an event does not take place."""

    reason = lines(
        _l("What shall people read?"),
        required=True,
        most=1000,
        rows=4,
        hint=_l("For example: The library is closed that day. We will find a new date."),
    )


class EventFilter(FilterForm):
    """The filters of the public list."""

    q = line(_l("Words"), required=False, most=80)
    state = SelectField(
        _l("State"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *geo.state_choices()]),
    )
    kind = SelectField(
        _l("Kind"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *words.KINDS.items()]),
    )
    alliance = line(_l("Alliance"), required=False, most=80)
    near = line(_l("Near ZIP"), required=False, most=5)
    miles = SelectField(
        _l("Within"),
        validators=[Optional()],
        choices=choices(
            (number, _l("%(number)s miles", number=number)) for number in (50, 25, 100)
        ),
    )

    def validate_near(self, field: Any) -> None:
        try:
            geo.place(field.data)
        except (geo.WrongZip, geo.UnknownZip):
            raise ValidationError(_("We do not know this ZIP code.")) from None


class DeskFilter(FilterForm):
    """The filters of an alliance's own list."""

    q = line(_l("Words"), required=False, most=80)
    state = SelectField(
        _l("Status"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *((key, said[0]) for key, said in words.STATES.items())]),
    )


class SignUpFilter(FilterForm):
    """The filters of the list of who signed up."""

    q = line(_l("Name"), required=False, most=80)
    state = SelectField(
        _l("Status"),
        validators=[Optional()],
        choices=choices(
            [("", _l("All")), *((key, said[0]) for key, said in words.SIGN_UPS.items())]
        ),
    )


class PastSignUpFilter(SignUpFilter):
    """The same of an event that is over."""

    state = SelectField(
        _l("Status"),
        validators=[Optional()],
        choices=choices(
            [("", _l("All")), *((key, said[0]) for key, said in words.AFTERWARDS.items())]
        ),
    )


def _is_web_link(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
    except ValueError:
        return False
    odd = set(raw) & set(" <>\"'`\\")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not odd


def _zone_name(zone: str) -> str:
    """America/New York with its hour right now, which people recognize."""
    now = clock.now().astimezone(ZoneInfo(zone))
    hour = format_time(now.time(), "short", rebase=False)
    return str(_("%(zone)s (now %(time)s)", zone=zone.replace("_", " "), time=hour))


def _no_such_time(wall: datetime, zone: str) -> str:
    sentence = _(
        "On %(day)s the clocks in %(zone)s jump over %(time)s. Please choose another time.",
        day=format_date(wall.date(), "long"),
        zone=zone.replace("_", " "),
        time=format_time(wall.time(), "short", rebase=False),
    )
    return str(sentence)
