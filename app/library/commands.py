"""`flask library …`: import debates, and check the library against itself."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.foundation import edge
from app.library import checks, debate_files, debates

group = AppGroup("library", help="What the coalition knows.")
importing = AppGroup("import", help="Read files into the library, each as a whole or not at all.")
group.add_command(importing)


@importing.command("debate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_debate(file: Path) -> None:
    """Read a debate from Markdown with YAML front matter; again brings it up to date."""
    try:
        told = debate_files.read(file.read_bytes())
    except debate_files.BadFile as error:
        raise click.ClickException(f"{file.name}: {error} Nothing was imported.") from error
    with edge.step():
        debates.save(told)
    click.echo(f"{told.title}: {len(told.arguments)} arguments, {len(told.links)} links.")


@group.command("check")
@click.option("--strict", is_flag=True, help="Fail for old dates, too.")
def check(strict: bool) -> None:
    """Report broken links inside the library, points without a source, old dates.

    Ends with status 1 where something is to be mended. A date grows old by itself, so that what
    is only old is told and fails nothing, unless with --strict.
    """
    with edge.reading():
        findings = checks.findings()
    for finding in findings:
        click.echo(f"{finding.where}: {finding.what}" + " (old: check it again)" * finding.old)
    wrong = sum(strict or not finding.old for finding in findings)
    if wrong:
        raise click.ClickException(f"{wrong} to mend.")
    click.echo("Nothing to mend." + f" {len(findings)} to look at again." * bool(findings))
