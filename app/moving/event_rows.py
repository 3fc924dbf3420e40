"""Rows that tell of past events and who was there: one row for an event, or one for each guest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy import delete

from app.accounts import personal
from app.alliances.models import Alliance
from app.events import forgetting, past
from app.events.models import Event, EventKind, SignUp
from app.events.past import PastEvent
from app.events.report_models import ReportBack
from app.events.words import KINDS
from app.foundation import clock, text
from app.foundation.db import db, table_of
from app.moving import amounts, entries, event_finding, judging, things
from app.moving.event_finding import MADE, EventRow, Guests, Which
from app.moving.judging import Refused, Sheet
from app.moving.models import ImportRow, ImportRun, Outcome
from app.moving.things import Undone, Weighed

EVENING = (18, 0)
NAMED = "sign-up"
ALSO = {
    **dict.fromkeys(("meeting", "house party", "house meeting"), EventKind.ORGANIZING),
    **dict.fromkeys(
        ("lecture", "talk", "discussion", "debate", "panel discussion"), EventKind.PANEL
    ),
    **dict.fromkeys(("film", "movie", "movie night"), EventKind.SCREENING),
    **dict.fromkeys(("march", "protest", "demonstration"), EventKind.RALLY),
    **dict.fromkeys(("workshop", "seminar"), EventKind.TRAINING),
    **dict.fromkeys(("service", "prayer service"), EventKind.WORSHIP),
    **dict.fromkeys(("phone bank", "postcards", "postcard party"), EventKind.PHONE_BANK),
}
"""What lists of elsewhere call the kinds."""
NO = frozenset({"no", "n", "0", "false", "absent", "no show", "did not attend"})


class EventRows:
    """Past events with numbers, and seats of people whom we know."""

    def told(self, cells: Sequence[str], sheet: Sheet) -> EventRow:
        entries.check_length(cells)
        called = sheet.cell(cells, "alliance")
        name = text.folded(called)
        if name not in sheet.alliances:
            raise Refused(judging.no_alliance(called) if name else _("There is no alliance."))
        day = amounts.day_of(sheet.cell(cells, "date"))
        if day >= clock.today():
            raise Refused(_("Only events that are over can be brought; plan others at the desk."))
        has_guest = bool(sheet.cell(cells, "email") or sheet.cell(cells, "name"))
        came = sheet.cell(cells, "came") or (sheet.cell(cells, "attended") if has_guest else "")
        raw = sheet.cell(cells, "kind")
        kind, note = entries.kind_of(raw, KINDS, EventKind.ORGANIZING, ALSO)
        return EventRow(
            sheet.alliances[name],
            _event(cells, sheet, (day, kind), with_numbers=not has_guest),
            judging.email_of(sheet.cell(cells, "email")),
            text.one_line(sheet.cell(cells, "name"))[: judging.LONGEST_NAME],
            text.folded(came) not in NO,
            note,
        )

    def weigh(self, told: Sequence[EventRow]) -> Mapping[str, Weighed]:
        known, people, seats = (
            event_finding.known(told),
            event_finding.people(told),
            event_finding.seats(told),
        )
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
            notes = (row.note if event is None else "", _unnamed(event) if unnamed else "")
            weighed[row.key] = Weighed(outcome, number, " ".join(filter(None, notes)))
        return weighed

    def apply(self, run: ImportRun, told: Sequence[tuple[ImportRow, EventRow]]) -> None:
        rows = [facts for _row, facts in told]
        known, people = event_finding.known(rows), event_finding.people(rows)
        ours = event_finding.made_by(run, {event.id for event in known.values()})
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
        return things.undone(made, gone.all())


def _event(
    cells: Sequence[str], sheet: Sheet, known: tuple[date, EventKind], *, with_numbers: bool
) -> PastEvent:
    day, kind = known
    at = amounts.time_of(sheet.cell(cells, "time")) or EVENING
    return PastEvent(
        title=entries.name_of(sheet, cells, "title"),
        kind=kind,
        wall_start=datetime.combine(day, time(*at)),
        minutes=amounts.number_of(sheet.cell(cells, "minutes"), 24 * 60) or 90,
        venue=text.one_line(sheet.cell(cells, "venue"))[:200],
        description=entries.text_of(sheet, cells),
        signed_up=amounts.number_of(sheet.cell(cells, "signed_up")) if with_numbers else None,
        attended=amounts.number_of(sheet.cell(cells, "attended")) if with_numbers else None,
    )


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
