"""Observances that return every year, events with their wall time and zone, and sign-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.events.series_models import EventSeries
from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class Tone(StrEnum):
    """How a page speaks of a day; nobody celebrates a day of mourning."""

    HOPEFUL = "hopeful"
    REFLECTIVE = "reflective"


class EventKind(StrEnum):
    """The kinds of events that alliances hold."""

    PANEL = "panel"
    TEACH_IN = "teach_in"
    RALLY = "rally"
    SCREENING = "film_screening"
    RECEPTION = "reception"
    PICNIC = "picnic"
    WORSHIP = "worship"
    VIGIL = "vigil"
    PRESS_CONFERENCE = "press_conference"
    LOBBY_VISIT = "lobby_visit"
    PROCLAMATION = "proclamation_ceremony"
    COUNCIL_TURNOUT = "council_turnout"
    ORGANIZING = "organizing_meeting"
    TRAINING = "training"
    PHONE_BANK = "phone_bank"


class EventState(StrEnum):
    """A draft is for its organizers; published and cancelled events are public."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class SignUpState(StrEnum):
    """Both `held` and `offered` keep seats until `held_until`.

    Held are those of a visitor who has not pressed the link in the mail yet; offered are those
    for whoever is next in line, to take or to leave.
    """

    HELD = "held"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Part(StrEnum):
    """How somebody takes part in an event that is held at a place, online, or both."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class Way(StrEnum):
    """How a sign-up came about."""

    WEB = "web"
    VOICE = "voice"
    DOOR = "door"


class Said(StrEnum):
    """What somebody said when they were asked once more, by the reminder or on the phone."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    NO_ANSWER = "no_answer"


class Observance(Base):
    """A named day that returns every year; no month and day means it is entered each year."""

    __tablename__ = "observance"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    also_known_as: Mapped[list[str]] = mapped_column(JSON, default=list)
    month: Mapped[int | None]
    day: Mapped[int | None]
    tone: Mapped[Tone] = mapped_column(default=Tone.HOPEFUL)
    source: Mapped[str] = mapped_column(default="")


class Edition(WithId, Base):
    """One year of an observance; all-day, so a date without a time zone.

    Its page is open since `opened_at`; since `called_at` the alliances are asked what they hold.
    `materials` is what staff give them for the day, in Markdown.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("observance_key", "year"),)

    observance_key: Mapped[str] = mapped_column(ForeignKey("observance.key", ondelete="CASCADE"))
    year: Mapped[int]
    on: Mapped[date]
    opened_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    materials: Mapped[str] = mapped_column(default="", server_default="")

    observance: Mapped[Observance] = relationship(lazy="raise_on_sql")


class Event(WithId, Base):
    """Something an alliance holds. Wall time and zone are kept; the instants are derived.

    `revision` counts changes of the facts that people were told (time, place, state); `version`
    counts every save, so that two people who edit at once notice. `past_confirmed` and `past_came`
    are how many had signed up and came, kept when their names are deleted (see forgetting), and
    `past_totals` how many had signed up by so many days before: the first number is the day's own.
    `link_opens_late` shows the online link only an hour before; a private address is told to those
    who have a seat at the place. `series_on` is the day that the rule of its series gave it;
    `series_own` marks one that was changed alone. `reminders` is the event's own plan (see
    reminder_plan).
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("seats_at_place IS NULL OR seats_at_place > 0", name="seats_at_place"),
        CheckConstraint("seats_online IS NULL OR seats_online > 0", name="seats_online"),
        Index(None, "state", "starts_at"),
        Index(None, "alliance_id", "starts_at"),
        Index(None, "latitude", "longitude"),
        UniqueConstraint("series_id", "series_on"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="RESTRICT"))
    edition_id: Mapped[int | None] = mapped_column(
        ForeignKey("edition.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[EventKind]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    state: Mapped[EventState] = mapped_column(default=EventState.DRAFT)
    wall_start: Mapped[datetime] = mapped_column(DateTime())
    time_zone: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=90)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_online: Mapped[bool] = mapped_column(default=False)
    venue: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    zip: Mapped[str | None]
    city: Mapped[str] = mapped_column(default="")
    us_state: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    online_link: Mapped[str] = mapped_column(default="")
    link_opens_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    address_is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    access: Mapped[str] = mapped_column(default="")
    accessibility: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    languages: Mapped[str] = mapped_column(default="", server_default="")
    title_es: Mapped[str] = mapped_column(default="", server_default="")
    description_es: Mapped[str] = mapped_column(default="", server_default="")
    capacity: Mapped[int | None]
    seats_at_place: Mapped[int | None]
    seats_online: Mapped[int | None]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    cancel_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    past_confirmed: Mapped[int | None]
    kit_id: Mapped[int | None] = mapped_column(ForeignKey("kit.id", ondelete="SET NULL"))
    roles: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]", deferred=True, deferred_group="needs"
    )
    materials: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]", deferred=True, deferred_group="needs"
    )
    checklist: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]", deferred=True, deferred_group="needs"
    )
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("event_series.id", ondelete="SET NULL")
    )
    series_on: Mapped[date | None]
    series_own: Mapped[bool] = mapped_column(default=False, server_default=false())
    past_came: Mapped[int | None]
    past_totals: Mapped[list[int]] = mapped_column(
        JSON, default=list, server_default="[]", deferred=True
    )
    reminders: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def shown_venue(self) -> str:
        """The name of the place as everybody may read it."""
        return "" if self.address_is_private else self.venue

    @property
    def parts(self) -> Sequence[Part]:
        """How people can take part; held both ways, they choose."""
        if not self.is_online:
            return (Part.IN_PERSON,)
        return tuple(Part) if self.venue or self.street else (Part.ONLINE,)

    def seats_of(self, part: Part) -> int | None:
        """How many seats a part has, 0 where there is none such; None where nothing limits it."""
        if part not in self.parts:
            return 0
        return self.seats_online if part is Part.ONLINE else self.seats_at_place

    @property
    def limit(self) -> int | None:
        """How many seats there are, in all its parts together; None where nothing limits them."""
        return lowest(self.capacity, in_all(self.seats_of(part) for part in Part))

    def title_in(self, language: str) -> str:
        """The title in a reader's language, where the organizers wrote it."""
        return self.title_es if self.title_es and language == "es" else self.title

    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")
    edition: Mapped[Edition | None] = relationship(lazy="raise_on_sql")
    series: Mapped[EventSeries | None] = relationship(lazy="raise_on_sql")


def lowest(*limits: int | None) -> int | None:
    """The limit that counts; None is no limit."""
    return min((each for each in limits if each is not None), default=None)


def in_all(limits: Iterable[int | None]) -> int | None:
    """The limits of parts together, none where a part has none."""
    each = [*limits]
    return None if None in each else sum(limit for limit in each if limit is not None)


class SignUp(WithId, Base):
    """A party's seats, or their place on the waiting list; `place` orders the list.

    `seats` counts the person and their guests, some of whom may have no name. What somebody
    answered is kept with the words of the question, which may change later.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("seats BETWEEN 1 AND 10", name="seats"),
        Index(None, "event_id", "state"),
        Index(None, "state", "held_until"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[SignUpState]
    place: Mapped[int]
    part: Mapped[Part] = mapped_column(default=Part.IN_PERSON, server_default=Part.IN_PERSON)
    seats: Mapped[int] = mapped_column(default=1, server_default="1")
    takes_fewer: Mapped[bool] = mapped_column(default=False, server_default=false())
    guests: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]", info=PERSONAL
    )
    answers: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, server_default="[]", info=PERSONAL
    )
    no_photo: Mapped[bool] = mapped_column(default=False, server_default=false())
    shares: Mapped[bool] = mapped_column(default=False, server_default=false())
    way: Mapped[Way] = mapped_column(default=Way.WEB, server_default=Way.WEB)
    asked_on: Mapped[date | None]
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    said: Mapped[Said | None]
    said_at: Mapped[datetime | None]
    said_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    offers: Mapped[int] = mapped_column(default=0, server_default="0")
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    event: Mapped[Event] = relationship(lazy="raise_on_sql")

    @property
    def seat(self) -> Part | None:
        """How they take part; None while they have no seat."""
        return self.part if self.state == SignUpState.CONFIRMED else None
