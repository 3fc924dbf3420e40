"""Rows that tell of past events and who was there: one row for an event, or one for each guest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts import personal
from app.alliances.models import Alliance
from app.events import forgetting, past
from app.events.models import Event, EventKind, EventState, SignUp
from app.events.past import PastEvent
from app.events.report_models import ReportBack
from app.events.words import KINDS
from app.foundation import clock, text
from app.foundation.db import db, table_of
from app.moving import judging, things
from app.moving.judging import Refused, Sheet
from app.moving.models import ImportRow, ImportRun, Outcome
from app.moving.things import Undone, Weighed
from app.people.models import Address, Person, Standing

EVENING = (18, 0)
MADE, NAMED = "event", "sign-up"
NO = frozenset({"no", "n", "0", "false", "absent", "no show", "did not attend"})
Which = tuple[int, date, str]


@dataclass(frozen=True)
class EventRow:
    """What a row tells: an event of an alliance, and a guest of it if it names one."""

    alliance_id: int
    told: PastEvent
    email: str
    name: str
    came: bool

    @property
    def event(self) -> Which:
        return self.alliance_id, self.told.wall_start.date(), text.folded(self.told.title)

    @property
    def key(self) -> str:
        return f"{self.event}|{self.email}|{text.folded(self.name)}"

    @property
    def has_guest(self) -> bool:
        return bool(self.email or self.name)


@dataclass
class Guests:
    """Guests of an event that are counted without a name."""

    signed_up: int = 0
    came: int = 0


class EventRows:
    """Past events with numbers, and seats of people whom we know."""

    def told(self, cells: Sequence[str], sheet: Sheet) -> EventRow:
        things.check_length(cells)
        name = text.folded(sheet.cell(cells, "alliance"))
        if name not in sheet.alliances:
            raise Refused(judging.no_alliance(name) if name else _("There is no alliance."))
        day = things.day_of(sheet.cell(cells, "date"))
        if day >= clock.today():
            raise Refused(_("Only events that are over can be brought; plan others at the desk."))
        has_guest = bool(sheet.cell(cells, "email") or sheet.cell(cells, "name"))
        came = sheet.cell(cells, "came") or (sheet.cell(cells, "attended") if has_guest else "")
        return EventRow(
            sheet.alliances[name],
            _event(cells, sheet, day, with_numbers=not has_guest),
            judging.email_of(sheet.cell(cells, "email")),
            text.one_line(sheet.cell(cells, "name"))[: judging.LONGEST_NAME],
            text.folded(came) not in NO,
        )

    def weigh(self, told: Sequence[EventRow]) -> Mapping[str, Weighed]:
        known, people, seats = _known(told), _people(told), _seats(told)
        weighed = {}
        for row in told:
            event = known.get(row.event)
            person_id = people.get((row.email, text.folded(row.name)), people.get((row.email, "")))
            unnamed = row.has_guest and (person_id is None or _is_old(row, event))
            if event is None:
                outcome = Outcome.NEW
            elif not row.has_guest or unnamed or (event.id, person_id) in seats:
                outcome = Outcome.SAME
            else:
                outcome = Outcome.CHANGED
            number = event.id if event else None
            weighed[row.key] = Weighed(outcome, number, _unnamed(event) if unnamed else "")
        return weighed

    def apply(self, run: ImportRun, told: Sequence[tuple[ImportRow, EventRow]]) -> None:
        rows = [facts for _row, facts in told]
        known, people = _known(rows), _people(rows)
        ours = _made_by(run, {event.id for event in known.values()})
        guests: dict[Which, Guests] = defaultdict(Guests)
        for row, facts in told:
            event = known.get(facts.event)
            if event is None:
                alliance = db.get_one(Alliance, facts.alliance_id)
                event = past.record(alliance, facts.told, run.by_id)
                known[facts.event], row.before = event, [MADE]
                ours.add(event.id)
            row.made_id = event.id
            if facts.has_guest:
                person_id = people.get((facts.email, text.folded(facts.name)))
                person_id = person_id or people.get((facts.email, ""))
                if person_id is not None and not past.names_are_gone(event):
                    past.attend(event, person_id, came=facts.came)
                    row.before, row.person_id = [*row.before, NAMED], person_id
                elif event.id in ours:
                    guests[facts.event].signed_up += 1
                    guests[facts.event].came += facts.came
        for which, counted in guests.items():
            past.count(known[which], counted.signed_up, counted.came, run.by_id)

    def undo(self, run: ImportRun, sheet: Sheet) -> Undone:
        rows = things.rows_with_marks(run)
        for row in rows:
            if NAMED in row.before and row.person_id is not None:
                theirs = SignUp.event_id == row.made_id, SignUp.person_id == row.person_id
                db.execute(delete(SignUp).where(*theirs))
        made = {row.made_id for row in rows if MADE in row.before}
        reports = ReportBack.event_id.in_(made), ReportBack.version == 1, ReportBack.story == ""
        db.execute(delete(ReportBack).where(*reports))
        table = table_of(Event)
        idle = personal.nobody_refers_to(table, but=())
        gone = db.execute(delete(table).where(table.c.id.in_(made), idle).returning(table.c.id))
        number = len(gone.all())
        return Undone(number, len(made) - number)


def _event(cells: Sequence[str], sheet: Sheet, day: date, *, with_numbers: bool) -> PastEvent:
    at = things.time_of(sheet.cell(cells, "time")) or EVENING
    return PastEvent(
        title=things.name_of(sheet, cells, "title"),
        kind=things.choice_of(sheet.cell(cells, "kind"), KINDS, EventKind.ORGANIZING),
        wall_start=datetime.combine(day, time(*at)),
        minutes=things.number_of(sheet.cell(cells, "minutes"), 24 * 60) or 90,
        venue=text.one_line(sheet.cell(cells, "venue"))[:200],
        description=things.text_of(sheet, cells),
        signed_up=things.number_of(sheet.cell(cells, "signed_up")) if with_numbers else None,
        attended=things.number_of(sheet.cell(cells, "attended")) if with_numbers else None,
    )


def _known(told: Sequence[EventRow]) -> dict[Which, Event]:
    """The events of these alliances on these days."""
    if not told:
        return {}
    days = [row.told.wall_start.date() for row in told]
    first, last = (datetime.combine(day, time()) for day in (min(days), max(days)))
    events = db.scalars(
        select(Event).where(
            Event.alliance_id.in_({row.alliance_id for row in told}),
            Event.state == EventState.PUBLISHED,
            Event.wall_start >= first,
            Event.wall_start < datetime.combine(last, time.max),
        )
    )
    return {(e.alliance_id, e.wall_start.date(), text.folded(e.title)): e for e in events}


def _people(told: Sequence[EventRow]) -> Mapping[tuple[str, str], int]:
    """Whom these addresses belong to, by address and name; the first of an address without."""
    rows = db.execute(
        select(Address.email, Person.name, Person.id)
        .join(Person, Person.address_id == Address.id)
        .where(
            Address.email.in_({row.email for row in told if row.email}),
            Person.standing != Standing.ERASED,
        )
        .order_by(Person.id.desc())
    )
    found: dict[tuple[str, str], int] = {}
    for email, name, number in rows:
        if email is None:
            continue
        found[email, text.folded(name)] = number
        found[email, ""] = number
    return found


def _seats(told: Sequence[EventRow]) -> set[tuple[int, int | None]]:
    numbers = {event.id for event in _known(told).values()}
    rows = db.execute(select(SignUp.event_id, SignUp.person_id).where(SignUp.event_id.in_(numbers)))
    return {(row[0], row[1]) for row in rows}


def _is_old(row: EventRow, event: Event | None) -> bool:
    if event is not None:
        return past.names_are_gone(event)
    return clock.today() - row.told.wall_start.date() > forgetting.KEPT


def _unnamed(event: Event | None) -> str:
    if event is not None:
        return str(_("We have this event with its numbers, and nobody here has this address."))
    return str(
        _("Counted without a name: nobody here has this address, or it is over 90 days ago.")
    )


def _made_by(run: ImportRun, numbers: set[int]) -> set[int]:
    """Which of these events this import made: only there it counts guests without names."""
    rows = db.execute(
        select(ImportRow.made_id, ImportRow.before).where(
            ImportRow.run_id == run.id, ImportRow.made_id.in_(numbers)
        )
    )
    return {number for number, before in rows if number is not None and MADE in before}
