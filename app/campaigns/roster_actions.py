"""Taking a list into a council: what would change, for the preview, and the change itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.campaigns import council_actions, deadlines, seat_actions
from app.campaigns import council_queries as queries
from app.campaigns.body_models import Body, Committee, Seat, SeatKind, SeatTerm
from app.campaigns.rosters import SEAT, Harvest, Row, Session, district_in
from app.campaigns.seat_actions import Official
from app.foundation.text import folded

NUMBER = re.compile(r"\s+\d+$")


class Effect(StrEnum):
    """What a row does to the council."""

    NEW_SEAT = "new_seat"
    FILLS = "fills"
    REPLACES = "replaces"
    CORRECTS = "corrects"
    SAME = "same"
    STAYS = "stays"
    CLASHES = "clashes"


@dataclass(frozen=True)
class Change:
    """One row and what it does; `holder` is who sits there now, `leaves` the term in the seat
    from which the list moves somebody; `namesakes` where a name does not tell who it is."""

    row: Row
    effect: Effect
    seat: Seat | None = None
    holder: SeatTerm | None = None
    leaves: SeatTerm | None = None
    namesakes: bool = False


def changes(body: Body, rows: Sequence[Row], today: date) -> list[Change]:
    """What taking these rows would do; who has no seat in the list is only known better."""
    seats = _Seats(queries.seats_of(body, today), rows)
    return [change for row in rows if (change := _of(row, seats, today))]


def _of(row: Row, seats: _Seats, today: date) -> Change | None:
    """What a row does, if anything; of namesakes only one whose seat it names is known to be
    theirs, and a second row for a seat like the first is left for people to sort out."""
    own, namesakes, again = seats.own(row), seats.are_namesakes(row), seats.is_again(row)
    if namesakes and own is None and (again or not row.seat):
        sits = folded(row.name) in seats.by_name
        return Change(row, Effect.CLASHES, namesakes=True) if row.seat or sits else None
    row, held = seats.of(row, own)
    if held is None and not row.seat:
        return None
    return replace(_moved(_change(row, held, today), own, today), namesakes=namesakes)


class _Seats:
    """The seats of a council, of which each goes to one row: nobody who is still listed loses
    theirs because the others were numbered anew."""

    def __init__(self, held: Sequence[queries.Held], rows: Sequence[Row]) -> None:
        self.by_name: dict[str, list[queries.Held]] = {}
        for each in held:
            if each.holder:
                self.by_name.setdefault(folded(each.holder.name), []).append(each)
        listed = Counter(folded(row.name) for row in rows)
        self._namesakes = {name for name, number in listed.items() if number > 1}
        self._namesakes |= {name for name, sits in self.by_name.items() if len(sits) > 1}
        self._seen: set[tuple[str, str, str | None]] = set()
        self.by_label = {folded(each.seat.label): each for each in held}
        self.by_district = {
            district: each for each in held if (district := district_in(each.seat.label))
        }
        self.free = [each for each in held if not self._is_listed(each, listed)]
        self.labels = set(self.by_label)

    def are_namesakes(self, row: Row) -> bool:
        """Whether the list or the council has more than one of this name."""
        return folded(row.name) in self._namesakes

    def own(self, row: Row) -> queries.Held | None:
        """The seat that somebody has."""
        sits = self.by_name.get(folded(row.name), [])
        if self.are_namesakes(row):
            district = district_in(row.seat)
            sits = [
                each
                for each in sits
                if folded(each.seat.label) == folded(row.seat)
                or district == district_in(each.seat.label) != ""
            ]
        return next(iter(sits), None)

    def is_again(self, row: Row) -> bool:
        """Whether an earlier row had this name and such a seat."""
        said = folded(row.name), _as_listed(row.seat), row.external_id
        again = said in self._seen
        self._seen.add(said)
        return again

    def of(self, row: Row, own: queries.Held | None) -> tuple[Row, queries.Held | None]:
        """Where a row belongs, and the row with the name that a new seat may have."""
        if not row.seat:
            return row, own
        held = self.by_label.get(folded(row.seat)) or self.by_district.get(district_in(row.seat))
        if row.kind != SeatKind.DISTRICT:
            held = own or self._free(row)
        if own and "" in (district_in(row.seat), district_in(own.seat.label)):
            held = held or own
        if held is None:
            row = self._told_apart(row)
        elif held in self.free:
            self.free.remove(held)
        return row, held

    def _free(self, row: Row) -> queries.Held | None:
        """The seat of this name, else one of the same kind that only has another number."""
        named = [each for each in self.free if folded(each.seat.label) == folded(row.seat)]
        alike = [each for each in self.free if _base(each.seat.label) == _base(row.seat)]
        return next(iter(named + alike), None)

    def _told_apart(self, row: Row) -> Row:
        label, number = row.seat, 1
        while folded(label) in self.labels:
            number += 1
            label = f"{NUMBER.sub('', row.seat)} {number}"
        self.labels.add(folded(label))
        return replace(row, seat=label)

    def _is_listed(self, held: queries.Held, listed: Collection[str]) -> bool:
        return held.holder is not None and folded(held.holder.name) in listed


def _base(label: str) -> str:
    return folded(NUMBER.sub("", label))


def _as_listed(label: str) -> str:
    """`ward 1` for `Ward 1` and for what a second line of it was numbered, `Ward 1 2`."""
    found = SEAT.search(label)
    return folded(found[0]) if found and found["kind"] else _base(label)


def _change(row: Row, held: queries.Held | None, today: date) -> Change:
    if held is None:
        return Change(row, Effect.NEW_SEAT)
    if held.holder is None:
        clash = any(_meet(term, row, today) for term in held.terms)
        return Change(row, Effect.CLASHES if clash else Effect.FILLS, held.seat)
    if folded(held.holder.name) == folded(row.name):
        same = _official(row, held.holder, today) == _known(held.holder)
        return Change(row, Effect.SAME if same else Effect.CORRECTS, held.seat, held.holder)
    begins = row.since or today
    if held.holder.since and begins <= held.holder.since:
        return Change(row, Effect.CLASHES, held.seat, held.holder)
    return Change(row, Effect.REPLACES, held.seat, held.holder)


def _moved(change: Change, own: queries.Held | None, today: date) -> Change:
    """What becomes of the seat that somebody has already, where the list names another one."""
    row = change.row
    if own is None or own.holder is None:
        return change
    if own.seat is change.seat:
        named = not row.seat or _base(row.seat) == _base(own.seat.label)
        alike = named or district_in(row.seat) == district_in(own.seat.label) != ""
        stays = change.effect == Effect.SAME and not alike
        return replace(change, effect=Effect.STAYS) if stays else change
    if change.effect not in (Effect.NEW_SEAT, Effect.FILLS, Effect.REPLACES):
        return change
    if own.holder.since and (row.since or today) <= own.holder.since:
        return replace(change, effect=Effect.CLASHES, holder=own.holder)
    return replace(change, leaves=own.holder)


def _meet(term: SeatTerm, row: Row, today: date) -> bool:
    begins, ends = row.since or today, row.until or date.max
    return (term.since or date.min) <= ends and begins <= (term.until or date.max)


def apply(body: Body, harvest: Harvest, today: date) -> int:
    """Take all that can be taken; how many changes that were. Clashes stay as they are."""
    done = 0
    for change in changes(body, harvest.rows, today):
        done += _apply(body, change, today)
    names = {folded(each.name) for each in queries.committees_of(body)}
    for name in harvest.committees:
        if folded(name) not in names:
            council_actions.add_committee(body, name)
            done += 1
    done += _meetings(body, harvest)
    deadlines.changed(body)
    return done


def _apply(body: Body, change: Change, today: date) -> bool:
    if change.effect in (Effect.SAME, Effect.STAYS, Effect.CLASHES):
        return False
    row, seat = change.row, change.seat
    if seat is None:
        seat = seat_actions.add_seat(body, row.seat, row.kind)
    term = change.holder if change.effect == Effect.CORRECTS else None
    if change.effect == Effect.REPLACES and change.holder:
        change.holder.until = (row.since or today) - timedelta(days=1)
    if change.leaves:
        change.leaves.until = (row.since or today) - timedelta(days=1)
    try:
        saved = seat_actions.save_term(seat, _official(row, term, today), term)
    except (seat_actions.TermsOverlap, seat_actions.EndsBeforeItBegins):
        return False
    saved.external_id = row.external_id or saved.external_id
    return True


def _official(row: Row, known: SeatTerm | None, today: date) -> Official:
    """What the row says; where it is silent, what was known before."""
    return Official(
        name=row.name,
        since=row.since or (known.since if known else today),
        until=row.until or (known.until if known else None),
        party=row.party or (known.party if known else ""),
        email=row.email or (known.email if known else ""),
        phone=row.phone or (known.phone if known else ""),
        website=row.website or (known.website if known else ""),
    )


def _known(term: SeatTerm) -> Official:
    return Official(**{name: getattr(term, name) for name in Official.__dataclass_fields__})


def meetings(body: Body, harvest: Harvest) -> list[Session]:
    """The meetings that would be taken: of the council, and of committees known or in the list."""
    known = {folded(each.name) for each in queries.committees_of(body)}
    known |= {folded(name) for name in harvest.committees}
    return [
        each for each in harvest.meetings if not each.committee or folded(each.committee) in known
    ]


def unplaced(body: Body, harvest: Harvest) -> list[str]:
    """The meetings that are not taken, since nobody knows their committee."""
    taken = meetings(body, harvest)
    return [f"{m.wall_start.date()} {m.committee}" for m in harvest.meetings if m not in taken]


def _meetings(body: Body, harvest: Harvest) -> int:
    committees = {folded(each.name): each for each in queries.committees_of(body)}
    return sum(
        _meeting(body, committees.get(folded(session.committee)), session)
        for session in meetings(body, harvest)
    )


def _meeting(body: Body, committee: Committee | None, session: Session) -> bool:
    """Whether it was new."""
    try:
        meeting = council_actions.add_meeting(
            body,
            committee,
            session.wall_start,
            place=session.place,
            agenda_url=session.agenda_url,
        )
    except council_actions.MeetingThere:
        if session.cancelled:
            council_actions.cancel_day(body, committee, session.wall_start)
        return False
    meeting.cancelled, meeting.external_id = session.cancelled, session.external_id
    return True
