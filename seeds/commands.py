"""`flask seed …`: fill the database. Each can be run again and changes nothing then."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.foundation import edge
from seeds import councils, demo, kits, library, model_texts, observances, places, scale

group = AppGroup("seed", help="Fill the database with what it begins with.")


@group.command("reference")
def seed_reference() -> None:
    """ZIP codes, observances, event templates, library, model texts; a new program needs them."""
    click.echo(f"{reference()} rows of reference data are there.")


@group.command("demo")
def seed_demo() -> None:
    """A living world: 12 alliances, 600 people, events, digests."""
    click.echo("The demo world is made." if make_demo() else "The demo world was there already.")


@group.command("scale")
@click.option("--people", type=click.IntRange(1, 5_000_000), required=True)
def seed_scale(people: int) -> None:
    """Any number of invented members, for measuring."""
    reference()
    click.echo(f"{scale.seed(people)} people are there.")


def reference() -> int:
    """Fill places, observances, event templates, library, councils, model texts; how many rows."""
    with edge.step():
        rows = places.seed() + observances.seed() + kits.seed() + library.seed()
        return rows + councils.seed() + model_texts.seed()


def make_demo() -> bool:
    """Make the demo world on its reference data; False if it was there."""
    with edge.step():
        if demo.is_there():
            return False
    reference()
    with edge.step():
        return demo.seed()
