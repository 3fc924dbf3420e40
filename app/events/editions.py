"""Each year of an observance: opened thirteen months ahead, and how its page speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.events.models import Edition, Event, Observance
from app.foundation import clock
from app.foundation.db import db, upsert

AHEAD = timedelta(days=396)
"""Thirteen months: an alliance may begin to prepare right after the day before."""
NEAR = timedelta(days=7)
"""So far from its day an event that is held once more still belongs to an edition."""


@dataclass(frozen=True)
class Day:
    """An observance in people's words: its name and what it is about."""

    name: Any
    about: Any


DAYS = {
    "justice-day": Day(
        _l("International Justice Day"),
        _l(
            "On July 17, 1998, the treaty of the International Criminal Court was adopted in Rome. "
            "Each year on this day people in many places stand up for justice for the gravest "
            "crimes."
        ),
    ),
    "rome-statute-day": Day(
        _l("Rome Statute Day"),
        _l("On July 1, 2002, the treaty of the International Criminal Court took effect."),
    ),
    "genocide-victims-day": Day(
        _l("Genocide Victims Day"),
        _l(
            "We remember the people who were murdered in genocides, and ask what each of us can do "
            "so that it does not happen again."
        ),
    ),
    "human-rights-day": Day(
        _l("Human Rights Day"),
        _l("On December 10, 1948, the nations declared the rights that every person has."),
    ),
    "holocaust-remembrance-day": Day(
        _l("Holocaust Remembrance Day"),
        _l("We remember the victims of the Holocaust, on the day Auschwitz was liberated."),
    ),
    "right-to-truth-day": Day(
        _l("Right to the Truth Day"),
        _l(
            "Families of victims have a right to know what happened. We think of those who still "
            "wait for an answer, and of those who died seeking one."
        ),
    ),
    "rwanda-reflection-day": Day(
        _l("Day of Reflection on the Genocide in Rwanda"),
        _l("We remember the victims of the 1994 genocide against the Tutsi in Rwanda."),
    ),
    "sexual-violence-in-conflict-day": Day(
        _l("Day against Sexual Violence in Conflict"),
        _l("We stand with the survivors of sexual violence in war, and call it the crime it is."),
    ),
    "torture-victims-day": Day(
        _l("Torture Victims Day"),
        _l("We stand with those who were tortured, and with everybody who helps them to heal."),
    ),
    "srebrenica-day": Day(
        _l("Srebrenica Remembrance Day"),
        _l("We remember the men and boys who were murdered at Srebrenica in July 1995."),
    ),
    "enforced-disappearances-day": Day(
        _l("Day of the Disappeared"),
        _l("We think of people who were taken away in secret, and of those who search for them."),
    ),
    "yom-hashoah": Day(
        _l("Yom HaShoah"),
        _l("We remember the six million Jews who were murdered in the Holocaust."),
    ),
    "assembly-of-states-parties": Day(
        _l("Assembly of States Parties"),
        _l("Once a year the countries that belong to the International Criminal Court meet."),
    ),
}
"""By key; a day that staff add later speaks with the words of its row."""


def name_of(observance: Observance) -> str:
    """What people call the day, in the page's language."""
    return called(observance.key, observance.short_name)


def called(key: str, short_name: str) -> str:
    """The same from the columns alone."""
    day = DAYS.get(key)
    return str(day.name) if day else short_name


def of_same_observance(edition_id: int | None, on: date) -> int | None:
    """The open edition near a day that is of the same observance as another, if there is one."""
    key = select(Edition.observance_key).where(Edition.id == edition_id).scalar_subquery()
    return db.scalars(
        select(Edition.id).where(
            Edition.observance_key == key,
            Edition.opened_at.is_not(None),
            Edition.on.between(on - NEAR, on + NEAR),
        )
    ).first()


def day_like(edition: Edition, like: Event) -> date:
    """As far from the day of an edition as an event was from its own."""
    return edition.on + _apart(like)


def next_day_like(like: Event) -> date | None:
    """The same for the next open edition of its observance, if it is part of one."""
    if like.edition is None:
        return None
    coming = db.scalars(
        select(Edition)
        .where(
            Edition.observance_key == like.edition.observance_key,
            Edition.opened_at.is_not(None),
            Edition.on > max(like.edition.on, clock.today() - _apart(like)),
        )
        .order_by(Edition.on)
    ).first()
    return day_like(coming, like) if coming else None


def _apart(event: Event) -> timedelta:
    return event.wall_start.date() - event.edition.on if event.edition else timedelta()


def title_of(edition: Edition) -> str:
    """International Justice Day 2027."""
    return f"{name_of(edition.observance)} {edition.year}"


def other_names(observance: Observance) -> Sequence[str]:
    """Its official name and what else it is called; these stand in English everywhere."""
    names = dict.fromkeys((observance.name, *observance.also_known_as))
    return [name for name in names if name != name_of(observance)]


def about(observance: Observance) -> str:
    day = DAYS.get(observance.key)
    return str(day.about) if day else ""


def countdown(edition: Edition) -> str:
    """How far the day is, in days."""
    days = (edition.on - clock.today()).days
    if days < 0:
        return str(_("This day is over."))
    if days == 0:
        return str(_("Today"))
    return str(_("Tomorrow") if days == 1 else _("In %(days)s days", days=days))


def open_coming() -> int:
    """Open the fixed days of the coming thirteen months; how many were new."""
    known = {
        (key, year): opened
        for key, year, opened in db.execute(
            select(Edition.observance_key, Edition.year, Edition.opened_at).where(
                Edition.on >= clock.today()
            )
        )
    }
    missing = [coming for coming in _coming() if known.get((coming[0].key, coming[1].year)) is None]
    for observance, on in missing:
        _open(observance, on)
    return len(missing)


def _coming() -> Iterator[tuple[Observance, date]]:
    """The fixed days that fall into the coming thirteen months."""
    today = clock.today()
    fixed = select(Observance).where(Observance.month.is_not(None), Observance.day.is_not(None))
    for observance in db.scalars(fixed).all():
        for year in range(today.year, today.year + 3):
            on = date(year, observance.month or 1, observance.day or 1)
            if today <= on <= today + AHEAD:
                yield observance, on


def _open(observance: Observance, on: date) -> None:
    """Make the row, or open it if it was entered before; two at once make one."""
    db.execute(
        upsert(Edition)
        .values(observance_key=observance.key, year=on.year, on=on, opened_at=clock.now())
        .on_conflict_do_nothing(index_elements=[Edition.observance_key, Edition.year])
    )
    db.execute(
        update(Edition)
        .where(
            Edition.observance_key == observance.key,
            Edition.year == on.year,
            Edition.opened_at.is_(None),
        )
        .values(opened_at=clock.now())
    )
