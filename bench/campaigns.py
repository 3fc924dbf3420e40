"""How fast the public register is with many resolutions, and what campaigns must reckon and find.

Whole answers of the program and plain calls of it, in this process, on PostgreSQL and on SQLite:
the median of many. The register is also served by gunicorn beside the bare floor.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial

from sqlalchemy import insert, select

from app.alliances.models import Alliance
from app.campaigns import campaign_plan, division_search, divisions
from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Instrument,
    MeetingPattern,
    RuleKey,
)
from app.campaigns.measure_models import Measure, MeasureSource, SourceKind
from app.campaigns.place_models import Division
from app.campaigns.stages import Stage
from app.foundation import clock, edge, geo
from app.foundation.db import db
from bench import answers, ground, pages, programs, world
from bench.figures import Figure
from bench.ground import Ground
from bench.pages import BARE, Contest, Page
from tests.services import postgres
from tests.statements import count_statements

MEASURES = 20_000
COUNCILS = 400
RUNNING = 1_000
DIVISIONS = 83_000
JULY_17 = date(2027, 7, 17)
FILTERS = (
    ("first page", "/campaigns/"),
    ("one state, passed", "/campaigns/?state=OH&phase=passed"),
    ("words in the title", "/campaigns/?q=justice+day+17"),
    ("one place, a year, a kind", "/campaigns/?q=town+77&year=2020&instrument=resolution"),
    ("words that nothing has", "/campaigns/?q=zebra"),
)
PREFIXES = ("co", "township 4", "Town 8", "springfield, IL", "zzz")


def measure(prepared: Ground) -> Iterator[Figure]:
    url = postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_campaigns")
    with ground.beside(prepared, url) as large:
        yield from _inside(large, "PostgreSQL", 50)
        yield from _served(large)
    file = prepared.run.new_folder("campaigns") / "whereas.sqlite3"
    with ground.beside(prepared, f"sqlite:///{file}") as small:
        yield from _inside(small, "SQLite", 150)


def _inside(large: Ground, name: str, most: int) -> Iterator[Figure]:
    with large.app.app_context():
        _fill()
        _settle(name)
    for told, path in FILTERS:
        taken = answers.milliseconds(partial(answers.get, large, path))
        goal = f"≤ {most}"
        yield Figure(f"register of {MEASURES:,}, {told}, {name}", taken, "ms", goal=goal)
    with count_statements() as statements:
        answers.get(large, "/campaigns/")
    yield Figure(f"register: statements, {name}", len(statements), "", goal="≤ 4")
    with large.app.app_context():
        for prefix in PREFIXES:
            with edge.reading():
                taken = answers.milliseconds(partial(division_search.search, prefix))
            told = f"{DIVISIONS:,} jurisdictions that begin with “{prefix}”, {name}"
            yield Figure(told, taken, "ms", goal="≤ 20")
        yield Figure(f"deadlines of {RUNNING:,} campaigns, {name}", _reckoned(), "s", goal="≤ 10")


def _settle(name: str) -> None:
    """What the database does by itself after so many new rows."""
    world.vacuum() if name == "PostgreSQL" else world.analyze()


def _served(large: Ground) -> Iterator[Figure]:
    """By gunicorn, in turn with the floor."""
    register = Page(f"register of {MEASURES:,}", ["/campaigns/"])
    kept = Page(f"register of {MEASURES:,}, kept", ["/campaigns/"])
    with ExitStack() as stack:

        def served(app: str, name: str, **settings: str) -> programs.Program:
            environment = large.environment | settings
            log = large.logs / f"{name}.log"
            return stack.enter_context(programs.gunicorn(app, environment, log))

        ours = served("wsgi:app", "register")
        keeping = served("wsgi:app", "register_kept", PAGE_SECONDS="2")
        size = len(programs.get(ours.port, register.paths[0])[1])
        floor = served("bench.floor:app", "floor", FLOOR_BYTES=str(size))
        contests = [Contest(ours, register, BARE, "≥ 0.4"), Contest(keeping, kept, BARE)]
        yield from pages.rates(floor, contests)


def _reckoned() -> float:
    """Seconds to put the to-dos of every running campaign on the days of its council's rules."""
    with edge.step():
        councils = db.scalars(select(Body.id)).all()
        began = time.perf_counter()
        campaign_plan.reckon_again(councils)
        return time.perf_counter() - began


def _fill() -> None:
    """Places, councils with rules, resolutions of ten years, and campaigns that run."""
    world.fill(people=2_000)
    with edge.step():
        places = list(_divisions())
        db.execute(insert(Division), places)
        councils = _councils([place for place in places if place["kind"] == "place"])
        db.execute(insert(Measure), list(_measures(councils)))
        official = SourceKind.OFFICIAL_COPY
        known = [
            {"measure_id": number, "kind": official, "title": "Copy", "url": ""}
            for number in db.scalars(select(Measure.id))
        ]
        db.execute(insert(MeasureSource), known)
    with edge.step():
        for measure in db.scalars(select(Measure).where(Measure.stage == Stage.DRAFTING)):
            campaign_plan.begin(measure)


def _divisions() -> Iterator[dict[str, object]]:
    states = list(geo.STATES)
    for number in range(DIVISIONS):
        kind = "place" if number % 2 else "county"
        state = states[number % len(states)]
        name = f"{'Town' if number % 2 else 'Township'} {number}"
        yield {
            "id": f"ocd-division/country:us/state:{state.lower()}/{kind}:n_{number}",
            "name": name,
            "sought": divisions.sought(name),
            "state": state,
            "county": "",
            "kind": kind,
            "rank": 1 if number % 2 else 2,
            "verified": True,
        }


def _councils(places: list[dict[str, object]]) -> list[tuple[int, str, str]]:
    """Councils with rules and a rhythm; number, place, and state of each."""
    made = []
    alliance_id = _alliance()
    for place in places[:COUNCILS]:
        body = Body(
            slug=f"council-{len(made)}",
            name=f"{place['name']} Council",
            division_id=place["id"],
            alliance_id=alliance_id,
            kind=BodyKind.CITY_COUNCIL,
            time_zone="America/New_York",
            members=7,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        db.add(body)
        db.flush()
        made.append((body.id, str(place["name"]), str(place["state"])))
        db.add(_rule(body.id, RuleKey.AGENDA_POSTING, {"hours": 72, "weekends": True}))
        db.add(_rule(body.id, RuleKey.FILING, {"days": 14, "counting": "working"}))
        db.add(MeetingPattern(body_id=body.id, rule="second and fourth Monday 17:00"))
    db.flush()
    return made


def _alliance() -> int:
    return db.scalars(select(Alliance.id).order_by(Alliance.id).limit(1)).one()


def _rule(body_id: int, key: RuleKey, value: dict[str, object]) -> BodyRule:
    return BodyRule(body_id=body_id, key=key, value=value, checked_on=clock.today())


def _measures(councils: list[tuple[int, str, str]]) -> Iterator[dict[str, object]]:
    now = clock.now()
    alliance_id = _alliance()
    for number in range(MEASURES):
        body_id, place, state = councils[number % len(councils)]
        runs = number < RUNNING
        title = f"World Day for International Justice, Justice Day {number}"
        yield {
            "slug": f"measure-{number}",
            "alliance_id": alliance_id if runs else None,
            "body_id": body_id,
            "title": title,
            "instrument": list(Instrument)[number % 4],
            "session": str(number),
            "stage": Stage.DRAFTING if runs else Stage.FINAL,
            "year": JULY_17.year if runs else 2016 + number % 11,
            "place": place,
            "us_state": state,
            "sought": f"{title} {place}".lower(),
            "target_on": JULY_17 if runs else None,
            "verified": not runs,
            "counted": not runs,
            "extras": {},
            "created_at": now,
            "updated_at": now,
            "published_at": now - timedelta(minutes=number),
        }
