"""How fast the library is searched with 20,000 things in it, and how long it takes to find records
of the same person among 50,000.

Plain calls of the program in this process, on PostgreSQL and on SQLite: searches the median of
many, with the page around one of them; duplicates once, as the background task finds them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from sqlalchemy import func, insert, select, update

from app.alliances import duplicates
from app.foundation import edge
from app.foundation.db import db
from app.library import search
from app.library.reading_models import Entry
from app.people.models import Person
from bench import answers, ground, world
from bench.figures import Figure
from bench.ground import Ground
from tests.library import many
from tests.services import postgres

ITEMS = 20_000
PEOPLE = 50_000
TWICE = 500
TYPED = ("justice", "kenya courts", "number699", "victims just", "zebra")


def measure(prepared: Ground) -> Iterator[Figure]:
    url = postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_library")
    with ground.beside(prepared, url) as large:
        yield from _inside(large, "PostgreSQL", 50)
    file = prepared.run.new_folder("library") / "whereas.sqlite3"
    with ground.beside(prepared, f"sqlite:///{file}") as small:
        yield from _inside(small, "SQLite", 100)


def _inside(filled: Ground, name: str, most: int) -> Iterator[Figure]:
    with filled.app.app_context():
        world.fill(people=PEOPLE)
        with edge.step():
            db.execute(insert(Entry), list(many.entries(ITEMS)))
        world.vacuum() if name == "PostgreSQL" else world.analyze()
        for typed in TYPED:
            with edge.reading():
                taken = answers.milliseconds(partial(search.find, typed))
            told = f"search of {ITEMS:,} things for “{typed}”, {name}"
            yield Figure(told, taken, "ms", goal=f"≤ {most}")
        yield Figure(f"duplicates among {PEOPLE:,}, {name}", _found(), "s", goal="≤ 60")
    page = answers.milliseconds(partial(_found_page, filled, "/library/search?q=kenya+courts"))
    yield Figure(f"search of {ITEMS:,} things, the page, {name}", page, "ms")


def _found() -> float:
    """Seconds until the pairs stand in the database, the ones that we made among them."""
    with edge.step():
        ids = db.scalars(select(Person.id).order_by(Person.id).limit(2 * TWICE)).all()
        for first, second in zip(ids[::2], ids[1::2], strict=True):
            words = select(Person.name, Person.zip).where(Person.id == first).subquery()
            same = {"name": select(words.c.name).scalar_subquery()}
            same["zip"] = select(words.c.zip).scalar_subquery()
            db.execute(update(Person).where(Person.id == second).values(same))
        assert (db.scalar(select(func.count()).select_from(Person)) or 0) >= PEOPLE
    began = time.perf_counter()
    with edge.step():
        found = duplicates.find()
    taken = time.perf_counter() - began
    assert found >= TWICE, f"only {found} pairs were found"
    return taken


def _found_page(filled: Ground, path: str) -> None:
    assert b"<mark>" in answers.get(filled, path), f"{path} found nothing"
