"""Rows on their way in: kept as they came in committed chunks, then judged, all to be seen first.

Killed anywhere, a second start goes on where the first stopped: staged rows are counted, judged
ones have an outcome.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, insert, select, update

from app.foundation import clock, edge, geo, language, text
from app.foundation.db import db, table_of
from app.mail.suppression import suppressed_among
from app.moving import erased, headings, judging, things, writing
from app.moving.alliance_rows import AllianceRows
from app.moving.event_rows import EventRows
from app.moving.judging import Facts, Refused, Sheet
from app.moving.matching import Match, matches
from app.moving.models import ImportKind, ImportRow, ImportRun, ImportState, Outcome
from app.moving.organization_rows import OrganizationRows
from app.moving.reading import Table, with_column
from app.moving.things import Kind

CHUNK = 1000
OPEN = (ImportState.STAGED, ImportState.JUDGING, ImportState.JUDGED)
"""Rows may be looked through, also once more."""
LEASE = timedelta(minutes=5)
KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.ORGANIZATIONS: OrganizationRows(),
    ImportKind.ALLIANCES: AllianceRows(),
    ImportKind.EVENTS: EventRows(),
}
"""How rows are read that tell of anything but people."""
_INSERT = insert(table_of(ImportRow))


class NotNow(Exception):
    """The import is not at the point for this."""


def begin(
    kind: ImportKind,
    content: bytes,
    table: Table,
    *,
    file_name: str,
    by: int | None,
    alliance_id: int | None = None,
) -> ImportRun:
    """The run for a file: the unfinished one of the same file, kind and alliance, or a new one."""
    digest = hashlib.sha256(content).hexdigest()
    unfinished = db.scalars(
        select(ImportRun).where(
            ImportRun.kind == kind,
            ImportRun.file_digest == digest,
            ImportRun.alliance_id == alliance_id,
            ImportRun.state.not_in((ImportState.APPLIED, ImportState.UNDONE)),
        )
    ).first()
    if unfinished is not None:
        return unfinished
    run = ImportRun(
        kind=kind,
        file_name=text.one_line(file_name)[:200],
        file_digest=digest,
        encoding=table.encoding,
        headings=list(table.headings),
        columns=headings.recognised(table.headings, kind),
        language=language.current(),
        alliance_id=alliance_id,
        by_id=by,
        created_at=clock.now(),
    )
    db.add(run)
    db.flush()
    return run


def all_bounced(content: bytes, table: Table) -> tuple[bytes, Table]:
    """A list of addresses whose mail came back, as whoever brings it says: each row says so.

    It is another list than the same file without these words.
    """
    return content + b"bounced", with_column(table, "Bounced", "yes")


def stage(run_id: int, table: Table) -> None:
    """Keep the rows as they came, each chunk in a step of its own, from where it stopped.

    Raises NotNow when another start of the same file keeps them, too.
    """
    staged = _count(run_id)
    rows = itertools.islice(enumerate(table.rows, start=1), staged, None)
    while chunk := list(itertools.islice(rows, CHUNK)):
        with edge.step():
            db.get_one(ImportRun, run_id, with_for_update=True)
            if _last_number(run_id) != chunk[0][0] - 1:
                raise NotNow
            db.execute(_INSERT, [_staged(run_id, number, cells) for number, cells in chunk])
    with edge.step():
        run = db.get_one(ImportRun, run_id)
        if run.state == ImportState.STAGING:
            run.state = ImportState.STAGED
            erased.forget_erased(run, _rows_of(run_id))


def _rows_of(run_id: int) -> Iterator[ImportRow]:
    """All rows, read a chunk at a time and only when they are asked for."""
    query = select(ImportRow).where(ImportRow.run_id == run_id).order_by(ImportRow.number)
    yield from db.scalars(query.execution_options(yield_per=CHUNK))


def _last_number(run_id: int) -> int:
    kept = select(func.max(ImportRow.number)).where(ImportRow.run_id == run_id)
    return db.scalar(kept) or 0


def stage_at_once(run: ImportRun, table: Table) -> None:
    """Keep all rows in the caller's transaction: for a file that was sent in a form."""
    if run.state != ImportState.STAGING:
        return
    rows = enumerate(table.rows, start=1)
    while chunk := list(itertools.islice(rows, CHUNK)):
        db.execute(_INSERT, [_staged(run.id, number, cells) for number, cells in chunk])
    run.state = ImportState.STAGED


def _staged(run_id: int, number: int, cells: Sequence[str]) -> dict[str, object]:
    return {"run_id": run_id, "number": number, "cells": list(cells), "reason": "", "before": []}


def name_columns(run: ImportRun, columns: Mapping[str, int]) -> None:
    """Say which column is what; what was judged by the old names is judged anew."""
    run.columns = dict(columns)
    db.execute(
        update(ImportRow)
        .where(ImportRow.run_id == run.id)
        .values(outcome=None, reason="", twice=False)
    )
    run.state = ImportState.JUDGING


def judge(run_id: int) -> None:
    """Give each row its outcome, each chunk in a step of its own, from where it stopped.

    Raises NotNow for an import that is being made, or was.
    """
    with edge.step():
        run = db.get_one(ImportRun, run_id, with_for_update=True)
        if run.state not in OPEN:
            raise NotNow
        run.state = ImportState.JUDGING
        run.lease_until = clock.now() + LEASE
    more = _count(run_id, ImportRow.outcome.is_(None)) > 0
    seen = _keys_seen(run_id) if more else set()
    while more:
        with edge.step():
            more = _judge_chunk(db.get_one(ImportRun, run_id, with_for_update=True), seen)
    with edge.step():
        run = db.get_one(ImportRun, run_id, with_for_update=True)
        if run.state in OPEN:
            run.state, run.lease_until = ImportState.JUDGED, None


def _judge_chunk(run: ImportRun, seen: set[str]) -> bool:
    rows = db.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run.id, ImportRow.outcome.is_(None))
        .order_by(ImportRow.number)
        .limit(CHUNK)
    ).all()
    erased.forget_erased(run, rows)
    db.flush()
    with language.speaking(run.language), db.no_autoflush:
        if run.kind in KINDS:
            things.judge(KINDS[run.kind], rows, sheet_of(run, rows), seen)
        elif run.kind == ImportKind.PEOPLE:
            _judge_people(run, rows, seen)
        else:
            _judge_addresses(run, rows, seen)
        writing.judged(rows)
    run.lease_until = clock.now() + LEASE
    db.flush()
    return len(rows) == CHUNK


def facts_of(run: ImportRun, rows: Sequence[ImportRow]) -> Iterator[tuple[ImportRow, Facts | str]]:
    """What each row tells, or the sentence that refuses it."""
    sheet = sheet_of(run, rows)
    for row in rows:
        try:
            yield row, judging.person(row.cells, sheet)
        except Refused as refused:
            yield row, str(refused)


def sheet_of(run: ImportRun, rows: Sequence[ImportRow]) -> Sheet:
    return Sheet(run.columns, run.headings, _places(run, rows), things.alliances_by_name())


def _judge_people(run: ImportRun, rows: Sequence[ImportRow], seen: set[str]) -> None:
    alliances = things.alliances_by_name()
    told = list(facts_of(run, rows))
    found = matches([facts for _row, facts in told if isinstance(facts, Facts)])
    for row, facts in told:
        if isinstance(facts, str):
            _refuse(row, facts)
        elif facts.key in seen:
            row.reason, row.twice = judging.twice(), True
            stops = facts.unsubscribed or facts.stop is not None  # which counts wherever it stands
            row.outcome = Outcome.CHANGED if stops else Outcome.SAME
        else:
            seen.add(facts.key)
            _weigh(row, facts, found.get(facts.key), alliances.get(facts.alliance, run.alliance_id))
            if facts.alliance and facts.alliance not in alliances:
                called = row.cells[run.columns["alliance"]]
                row.reason = " ".join(filter(None, (row.reason, judging.without_alliance(called))))


def _weigh(row: ImportRow, facts: Facts, match: Match | None, alliance_id: int | None) -> None:
    row.reason, row.opted_in = facts.note, facts.opted_in
    if match is None:
        row.outcome = Outcome.NEW
        return
    row.person_id = match.person_id
    changes = match.changes(facts, alliance_id)
    row.outcome = Outcome.CHANGED if changes else Outcome.SAME


def _judge_addresses(run: ImportRun, rows: Sequence[ImportRow], seen: set[str]) -> None:
    sheet = sheet_of(run, rows)
    emails = {}
    for row in rows:
        try:
            emails[row.id], _reason = judging.address(row.cells, sheet)
        except Refused as refused:
            _refuse(row, str(refused))
    known = suppressed_among(emails.values())
    for row in rows:
        email = emails.get(row.id)
        if email is not None:
            row.twice = email in seen
            row.outcome = Outcome.SAME if email in known or row.twice else Outcome.NEW
            seen.add(email)


def _refuse(row: ImportRow, sentence: str) -> None:
    row.outcome, row.reason = Outcome.REFUSED, sentence


def _keys_seen(run_id: int) -> set[str]:
    """The keys of what was judged before a stop; none where it is the first start."""
    with edge.step():
        run = db.get_one(ImportRun, run_id)
        judged = db.scalars(
            select(ImportRow).where(
                ImportRow.run_id == run_id,
                ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED, Outcome.SAME)),
            )
        ).all()
        if run.kind in KINDS:
            return things.keys(KINDS[run.kind], judged, sheet_of(run, judged))
        if run.kind == ImportKind.PEOPLE:
            return {f.key for _row, f in facts_of(run, judged) if isinstance(f, Facts)}
        sheet = sheet_of(run, judged)
        return {judging.address(row.cells, sheet)[0] for row in judged if row.cells}


def _places(run: ImportRun, rows: Sequence[ImportRow]) -> Mapping[str, geo.Place]:
    place = run.columns.get("zip")
    if place is None:
        return {}
    codes = set()
    for row in rows:
        try:
            codes.add(judging.zip_of(row.cells[place] if row.cells else ""))
        except Refused:
            continue
    found = db.scalars(select(geo.Place).where(geo.Place.zip.in_(codes)))
    return {each.zip: each for each in found}


def _count(run_id: int, *those: ColumnElement[bool]) -> int:
    with edge.reading():
        rows = select(func.count()).select_from(ImportRow).where(ImportRow.run_id == run_id, *those)
        return db.scalar(rows) or 0
