"""Making an import real, in one transaction.

Whoever is new may not be written to: nobody asked them yet. Whoever is here keeps what they have;
an import adds what is missing, never subscribes anybody, and never gives a role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from app.accounts.audit import audit
from app.alliances.models import Membership, MembershipState
from app.foundation import clock, language, queue
from app.foundation.among import among
from app.foundation.db import db, is_postgresql, new_numbers, table_of, upsert
from app.mail.suppression import suppress
from app.moving import erased, judging, mails, staging, things, writing
from app.moving.judging import Facts
from app.moving.matching import Match, matches
from app.moving.models import ImportKind, ImportRow, ImportRun, ImportState, Outcome
from app.moving.staging import NotNow
from app.people import actions as people
from app.people.actions import Agreement
from app.people.models import (
    BULK,
    Address,
    Person,
    Purpose,
    Standing,
    Unsubscription,
)

CHUNK = 1000
ONE_AT_A_TIME = 7_117_001
HOW = "import"
ZONE = "time zone was "


class ListsFirst(Exception):
    """People may be imported when the lists of those not to be e-mailed are in."""


def begin(run: ImportRun) -> None:
    """Let a worker import what was judged. Raises NotNow, ListsFirst."""
    if run.state != ImportState.JUDGED:
        raise NotNow
    if run.alliance_id is not None and run.approval_asked_at is None:
        raise NotNow  # its coordinator is not done with it
    _refuse_without_lists(run)
    run.state, run.lease_until = ImportState.APPLYING, None
    queue.after_commit("moving.apply", run.id)


def apply(run: ImportRun) -> None:
    """Write everything that was judged new or changed. Raises NotNow, ListsFirst.

    One at a time: two files may tell of the same people, who are new only once.
    """
    db.flush()
    if is_postgresql():
        db.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))  # SQLite has one writer
    db.refresh(run, with_for_update=True)
    if run.state not in (ImportState.JUDGED, ImportState.APPLYING):
        raise NotNow
    _refuse_without_lists(run)
    with language.speaking(run.language):
        _apply_all(run)
    run.state, run.applied_at, run.lease_until = ImportState.APPLIED, clock.now(), None
    audit("moving", "import applied", run.id)
    mails.answered(run)


def _apply_all(run: ImportRun) -> None:
    for rows in _chunks(run):
        erased.forget_erased(run, rows)
        if run.kind in staging.KINDS:
            things.apply(staging.KINDS[run.kind], run, rows, staging.sheet_of(run, rows))
        elif run.kind == ImportKind.PEOPLE:
            _apply_people(run, rows)
        else:
            _apply_addresses(run, rows)


def _refuse_without_lists(run: ImportRun) -> None:
    if run.kind == ImportKind.PEOPLE and not run.lists_first:
        raise ListsFirst


def has_lists() -> bool:
    """Whether a list of addresses not to be e-mailed was imported."""
    return (
        db.scalars(
            select(ImportRun.id).where(
                ImportRun.kind == ImportKind.DO_NOT_EMAIL, ImportRun.state == ImportState.APPLIED
            )
        ).first()
        is not None
    )


def _chunks(run: ImportRun) -> Any:
    last = 0
    while True:
        rows = db.scalars(
            select(ImportRow)
            .where(
                ImportRow.run_id == run.id,
                ImportRow.number > last,
                ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED)),
            )
            .order_by(ImportRow.number)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        last = rows[-1].number
        yield rows
        db.flush()
        for row in rows:
            db.expunge(row)  # so that memory does not grow with the file


def _apply_addresses(run: ImportRun, rows: Sequence[ImportRow]) -> None:
    sheet = staging.sheet_of(run, rows)
    for row in rows:
        if not row.cells:
            continue  # its owner is erased, and the address is on the list
        email, reason = judging.address(row.cells, sheet)
        suppress(email, reason)


def _apply_people(run: ImportRun, rows: Sequence[ImportRow]) -> None:
    alliances = things.alliances_by_name()
    told = [(row, facts) for row, facts in staging.facts_of(run, rows) if isinstance(facts, Facts)]
    found = matches([facts for _row, facts in told])
    new = [(row, facts) for row, facts in told if facts.key not in found and not row.twice]
    numbers = _make_people([facts for _row, facts in new])
    writing.made([row for row, _facts in new], numbers)
    for row, _facts in new:
        if row.outcome != Outcome.NEW:
            row.outcome = Outcome.NEW
    made = {facts.key: row.person_id for row, facts in new}
    for row, facts in told:
        match = found.get(facts.key)
        alliance_id = alliances.get(facts.alliance, run.alliance_id)
        if match is not None:
            _add_to(row, facts, match, alliance_id)
        elif row.twice:
            row.person_id = made.get(facts.key)
        if facts.stop is not None and facts.email:
            suppress(facts.email, facts.stop)
    _join(run, told, found, alliances)
    _ask_for_nothing(numbers)
    _keep_wishes(told)


def _make_people(told: Sequence[Facts]) -> Sequence[int]:
    """New people, whose addresses nobody confirmed; their numbers, in this order."""
    if not told:
        return ()
    addresses = _addresses({facts.email for facts in told if facts.email})
    now = clock.now()
    numbers = new_numbers(table_of(Person), len(told))
    rows = [
        {"id": number} | _person(facts, addresses.get(facts.email), now)
        for number, facts in zip(numbers, told, strict=True)
    ]
    db.execute(insert(table_of(Person)), rows)
    return numbers


def _person(facts: Facts, address_id: int | None, now: Any) -> dict[str, Any]:
    place = facts.place
    where = {} if place is None else {"time_zone": place.time_zone}
    return {
        "name": facts.name,
        "address_id": address_id,
        "phone": facts.phone or None,
        "language": facts.language,
        "standing": Standing.ACTIVE,
        "created_at": now,
        "confirmed_at": None,
        "zip": place.zip if place else None,
        "city": place.city if place else None,
        "state": place.state if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "time_zone": clock.HOME_ZONE,
        **where,
    }


def _addresses(emails: set[str]) -> Mapping[str, int]:
    """The numbers of these addresses, made where they are new, and not confirmed."""
    if emails:
        new = upsert(Address).on_conflict_do_nothing(index_elements=[Address.email])
        now = clock.now()
        rows = [
            {"email": email, "digest": people.address_digest(email), "created_at": now}
            for email in sorted(emails)
        ]
        db.execute(new, rows)
    found = db.execute(select(Address.email, Address.id).where(among(Address.email, emails)))
    return {str(email): number for email, number in found}


def _add_to(row: ImportRow, facts: Facts, match: Match, alliance_id: int | None) -> None:
    """Fill what somebody lacks; `before` keeps what an undo must put back."""
    changes = match.changes(facts, alliance_id)
    row.person_id = match.person_id
    row.outcome = Outcome.CHANGED if changes else Outcome.SAME
    values: dict[str, Any] = {}
    if "phone" in changes:
        values["phone"] = facts.phone
    if "place" in changes and facts.place is not None:
        place = facts.place
        values |= {name: getattr(place, name) for name in ("zip", "city", "state", "time_zone")}
        values |= {"latitude": place.latitude, "longitude": place.longitude}
    if values:
        row.before = [*sorted(values), f"{ZONE}{match.time_zone}"]
        db.execute(update(Person).where(Person.id == match.person_id).values(values))


def _join(
    run: ImportRun,
    told: Sequence[tuple[ImportRow, Facts]],
    found: Mapping[str, Match],
    alliances: Mapping[str, int],
) -> None:
    now = clock.now()
    joined = [
        {
            "alliance_id": alliance_id,
            "person_id": row.person_id,
            "state": MembershipState.ACTIVE,
            "how": f"{HOW} {run.id}",
            "since": now,
        }
        for row, facts in told
        if (alliance_id := alliances.get(facts.alliance, run.alliance_id)) is not None
        and (facts.key not in found or alliance_id not in found[facts.key].alliances)
    ]
    if joined:
        db.execute(upsert(table_of(Membership)).on_conflict_do_nothing(), joined)


def _ask_for_nothing(numbers: Sequence[int]) -> None:
    """Whoever is new has agreed to no mail to many."""
    now, table = clock.now(), table_of(Unsubscription)
    for purpose in BULK:
        if purpose != Purpose.EVENTS:
            values = literal(purpose, table.c.purpose.type), literal(now, table.c.at.type)
            new = select(Person.id, *values).where(among(Person.id, numbers))
            db.execute(insert(table).from_select(["person_id", "purpose", "at"], new))


def _keep_wishes(told: Sequence[tuple[ImportRow, Facts]]) -> None:
    """Who unsubscribed elsewhere is unsubscribed here."""
    for row, facts in told:
        if facts.unsubscribed and row.person_id is not None:
            for purpose in BULK:
                people.unsubscribe(row.person_id, Agreement(purpose, "", f"{HOW}: unsubscribed"))
