"""`flask people import FILE` and its like: as on the page of staff, for large files and scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.foundation import edge
from app.foundation.db import db
from app.moving import applying, headings, reading, reports, staging
from app.moving.erased import ABOUT_PEOPLE
from app.moving.models import TAKEN, ImportKind, ImportRun, ImportState
from app.moving.reading import NotATable
from app.moving.reports import Report

group = AppGroup("people", help="People who come from elsewhere.")
alliances_group = AppGroup("alliances", help="Alliances that were there before this site.")
organizations_group = AppGroup("organizations", help="Organizations that we know already.")
events_group = AppGroup("events", help="Events of the past, with who was there.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ANOTHER = "Another start of this import was faster. What it does is on the page of staff."
REPORT = click.Path(path_type=Path)


@dataclass(frozen=True)
class Asked:
    """What every import is told: `named` are its columns by hand, each FIELD=HEADING; all mail to
    a list that is `bounced` came back."""

    file: Path
    act: str | None
    report_file: Path | None
    named: Sequence[str]
    bounced: bool = False


def _says_who_was_faster(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def run(*args: Any, **values: Any) -> None:
        try:
            command(*args, **values)
        except edge.Conflict as error:
            raise click.ClickException(ANOTHER) from error

    return run


def _takes_a_file(command: Callable[..., None]) -> Callable[..., None]:
    """What every import asks, and what it says when another one was faster."""

    @_says_who_was_faster
    @wraps(command)
    def run(
        file: Path, act: str | None, report_file: Path | None, named: Sequence[str], **more: Any
    ) -> None:
        command(Asked(file, act, report_file, named), **more)

    for each in (
        click.option(
            "--column",
            "named",
            multiple=True,
            metavar="FIELD=HEADING",
            help="What a column is whose heading is not known; as often as needed.",
        ),
        click.option("--report", "report_file", type=REPORT, help="Write JSON there."),
        click.option("--apply", "act", flag_value="apply", help="Do it, all or nothing."),
        click.option("--preview", "act", flag_value="preview", help="Say what would happen."),
        click.argument("file", type=FILE),
    ):
        run = each(run)
    return run


@group.command("import")
@_takes_a_file
@click.option("--do-not-email", is_flag=True, help="FILE lists addresses never to write to.")
@click.option("--bounced", is_flag=True, help="FILE lists addresses whose mail came back.")
@click.option("--no-lists", is_flag=True, help="There is no list of addresses not to write to.")
def import_people(asked: Asked, do_not_email: bool, bounced: bool, no_lists: bool) -> None:
    """Read FILE (CSV), judge each row, and apply it if asked to.

    Stopped in the middle, the same command goes on. Nobody is subscribed by it.
    """
    kind = ImportKind.DO_NOT_EMAIL if do_not_email or bounced else ImportKind.PEOPLE
    run_id = _looked_at(replace(asked, bounced=bounced), kind)
    if asked.act == "apply":
        _apply(run_id, no_lists=no_lists)
        click.echo("Nobody was subscribed: carry consent over, or ask, on the page of staff.")


@alliances_group.command("import")
@_takes_a_file
def import_alliances(asked: Asked) -> None:
    """Read FILE (CSV): a name, a ZIP code or town with state, a description."""
    _import(asked, ImportKind.ALLIANCES)


@organizations_group.command("import")
@_takes_a_file
def import_organizations(asked: Asked) -> None:
    """Read FILE (CSV): a name, kind, website, place, and the alliances it is part of."""
    _import(asked, ImportKind.ORGANIZATIONS)


@events_group.command("import")
@_takes_a_file
def import_events(asked: Asked) -> None:
    """Read FILE (CSV): alliance, title and day, with numbers or with one row for each guest."""
    _import(asked, ImportKind.EVENTS)


def _import(asked: Asked, kind: ImportKind) -> None:
    run_id = _looked_at(asked, kind)
    if asked.act == "apply":
        _apply(run_id, no_lists=True)


def _looked_at(asked: Asked, kind: ImportKind) -> int:
    if asked.act is None:
        raise click.UsageError("Say --preview or --apply.")
    run_id = _judged(asked, kind)
    with edge.step():
        run = db.get_one(ImportRun, run_id)
        found = reports.report(run)
        _tell_columns(run)
    _tell(found, kind)
    if asked.report_file is not None:
        found.write(asked.report_file)
    return run_id


def _judged(asked: Asked, kind: ImportKind) -> int:
    run_id = _staged(asked, kind)
    with edge.step():
        _name_columns(db.get_one(ImportRun, run_id, with_for_update=True), asked.named)
    try:
        staging.judge(run_id)
    except staging.NotNow as error:
        raise click.ClickException(ANOTHER) from error
    return run_id


def _staged(asked: Asked, kind: ImportKind) -> int:
    try:
        content = asked.file.read_bytes()
        table = reading.read(content)
        if asked.bounced:
            content, table = staging.all_bounced(content, table)
        with edge.step():
            run = staging.begin(kind, content, table, file_name=asked.file.name, by=None)
            run_id, state = run.id, run.state
        if state == ImportState.STAGING:
            staging.stage(run_id, table)
    except NotATable as error:
        raise click.ClickException(str(error)) from error
    except staging.NotNow as error:
        raise click.ClickException(ANOTHER) from error
    return run_id


def _name_columns(run: ImportRun, named: Sequence[str]) -> None:
    """Take what is said of the columns; what was judged to its end before is judged anew."""
    columns = run.columns | dict(_columns_named(run, named))
    missing = [
        f"{sentence} Say --column {f}=HEADING."
        for f, sentence in headings.lacking(columns, run.kind)
    ]
    if missing:
        heads = ", ".join(run.headings)
        raise click.ClickException(f"{' '.join(missing)} The headings are: {heads}.")
    if run.state == ImportState.JUDGED or (named and run.state in staging.OPEN):
        staging.name_columns(run, columns)


def _columns_named(run: ImportRun, named: Sequence[str]) -> Iterator[tuple[str, int]]:
    places = {heading.casefold(): place for place, heading in enumerate(run.headings)}
    fields = headings.OF_KIND[run.kind]
    for each in named:
        field, _equals, heading = each.partition("=")
        if field not in fields:
            raise click.UsageError(f"--column: {field} is none of: {', '.join(fields)}.")
        place = places.get(heading.strip().casefold())
        if place is None:
            raise click.UsageError(f"--column: no column has the heading {heading}.")
        yield field, place


def _apply(run_id: int, *, no_lists: bool) -> None:
    try:
        with edge.step():
            run = db.get_one(ImportRun, run_id, with_for_update=True)
            run.lists_first = no_lists or applying.has_lists()
            applying.apply(run)
            done = reports.counts(run)
    except staging.NotNow as error:
        raise click.ClickException(ANOTHER) from error
    except applying.ListsFirst as error:
        raise click.ClickException(
            "First import the list of addresses not to write to (--do-not-email), "
            "or say --no-lists."
        ) from error
    new, changed = (done.get(outcome, 0) for outcome in TAKEN)
    click.echo(f"Applied: {new} new, {changed} changed.")


def _tell_columns(run: ImportRun) -> None:
    """What each column was taken for, since a heading that is not known is no fault of a file."""
    read = (f"{field} from “{run.headings[place]}”" for field, place in run.columns.items())
    click.echo(f"Read: {', '.join(read)}.")
    if passed := reports.passed_over(run):
        click.echo(f"Passed over: {', '.join(passed)}. --column FIELD=HEADING says what one is.")
    if run.kind in ABOUT_PEOPLE and "email" not in run.columns:
        click.echo("No column is named as the e-mail address: see --column.")


def _tell(found: Report, kind: ImportKind) -> None:
    people = "people" if kind == ImportKind.PEOPLE else "distinct"
    click.echo(
        f"{found.rows} rows, {found.valid} valid, {found.people} {people}: "
        f"{found.new} new, {found.changed} changed, {len(found.refused)} refused."
    )
    for refusal in found.refused[:20]:
        click.echo(f"  row {refusal.row}: {refusal.reason}")
    if len(found.refused) > 20:
        click.echo(f"  … and {len(found.refused) - 20} more; --report FILE.json has them all.")
