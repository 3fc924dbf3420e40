"""How long it takes to find events near a ZIP code among many, and to check somebody in at a door.

Whole answers of the program, in this process and on PostgreSQL: the median of many.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from statistics import median
from typing import Any

from sqlalchemy import cast, func, insert, inspect, literal, literal_column, select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.events import door
from app.events.models import Event, SignUp, SignUpState
from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.geo import Place
from app.people.models import Person
from bench import ground, world
from bench.figures import Figure
from bench.ground import Ground
from bench.load import HOST
from tests.services import postgres

EVENTS = 50_000
GUESTS = 2_000
TIMES = 60
DAYS = 300
SEARCHES = (
    ("25 miles around Columbus", "/events/?near=43215&miles=25"),
    ("100 miles around New York", "/events/?near=10017&miles=100"),
    ("25 miles around Bozeman", "/events/?near=59718&miles=25"),
)


def measure(prepared: Ground) -> Iterator[Figure]:
    url = postgres.recreate(prepared.run.postgres(), f"{prepared.run.prefix}_gatherings")
    with ground.beside(prepared, url) as large, large.app.app_context():
        world.fill(people=GUESTS)
        token, keys = _door()
        _scatter()
        world.analyze()
        yield from _searches(large)
        yield from _check_ins(large, token, keys)


def _searches(large: Ground) -> Iterator[Figure]:
    for name, path in SEARCHES:
        found = _answers(large, "GET", path, TIMES)
        yield Figure(f"{EVENTS:,} events, {name}", found, "ms", goal="≤ 50")


def _check_ins(large: Ground, token: str, keys: list[str]) -> Iterator[Figure]:
    """By the phone's script, and by the form of a phone without one."""
    at_the_door = f"check-in at a door with {GUESTS:,} sign-ups"
    each, path = cycle(keys), f"/door/{token}/said"

    def said() -> dict[str, Any]:
        return {"said": [{"key": next(each), "people": 1, "ago": 0}], "since": _now()}

    found = _answers(large, "POST", path, TIMES, json=said)
    yield Figure(at_the_door, found, "ms", goal="≤ 100")
    found = _answers(
        large, "POST", f"/door/{token}/", TIMES, form=lambda: {"key": next(each), "people": "1"}
    )
    yield Figure(f"{at_the_door}, by the form", found, "ms", goal="≤ 100")


def _now() -> int:
    return int(clock.now().timestamp() * 1000)


def _answers(
    large: Ground,
    method: str,
    path: str,
    times: int,
    *,
    json: Callable[[], Any] | None = None,
    form: Callable[[], dict[str, str]] | None = None,
) -> float:
    """The median of so many answers in milliseconds, after some that fill what is kept."""
    taken = []
    for _ in range(times):
        environ = EnvironBuilder(
            path,
            method=method,
            headers=Headers(
                {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}"}
            ),
            json=json() if json else None,
            data=form() if form else None,
        ).get_environ()
        began = time.perf_counter()
        body, status, _headers = run_wsgi_app(large.app, environ, buffered=True)
        taken.append(1000 * (time.perf_counter() - began))
        assert status[:3] in ("200", "303"), f"{path} answered {status}"
        assert _took(b"".join(body), method), f"{path} did nothing"
    return median(taken[times // 6 :])


def _took(body: bytes, method: str) -> bool:
    """Whether an answer holds events, or says that what it was told is noted."""
    if method == "GET":
        return b'<th scope="row"' in body
    return not body.startswith(b"{") or bool(json.loads(body)["done"])


def _door() -> tuple[str, list[str]]:
    """The door of an event of today to which everybody is coming, and the keys of its list."""
    with edge.step():
        event = world.event_of_today()
        people = db.scalars(select(Person.id).order_by(Person.id).limit(GUESTS)).all()
        facts = {"event_id": event.id, "state": SignUpState.CONFIRMED}
        stamps = dict.fromkeys(("created_at", "confirmed_at"), clock.now())
        rows = [
            facts | stamps | {"person_id": person_id, "place": place}
            for place, person_id in enumerate(people, 1)
        ]
        db.execute(insert(SignUp), rows)
        token = door.token_of(door.new_link(event, None))
        keys = [guest.key for guest in door.guests(event)]
    assert len(keys) == GUESTS
    return token, keys


def _scatter() -> None:
    """Copies of one event all over the country, over the days of most of a year."""
    with edge.step():
        first = db.scalar(select(func.min(Event.id)))
        places = db.scalar(select(func.count()).select_from(Place)) or 0
        for begin in range(0, EVENTS, places):
            _copy_to_places(first or 0, begin, min(places, EVENTS - begin))
        assert (db.scalar(select(func.count()).select_from(Event)) or 0) >= EVENTS


def _copy_to_places(first: int, begin: int, number: int) -> None:
    ranked = select(Place, func.row_number().over(order_by=Place.zip).label("nth")).subquery()
    later = (ranked.c.nth * 7919 % DAYS) * literal_column("interval '1 day'")
    changed = {
        "slug": literal("scattered-") + cast(ranked.c.nth + begin, Event.slug.type),
        "zip": ranked.c.zip,
        "city": ranked.c.city,
        "us_state": ranked.c.state,
        "latitude": ranked.c.latitude,
        "longitude": ranked.c.longitude,
        "wall_start": Event.wall_start + later,
        "starts_at": Event.starts_at + later,
        "ends_at": Event.ends_at + later,
    }
    names = [each.name for each in inspect(Event).columns if each.name != "id"]
    rows = (
        select(*[changed.get(name, getattr(Event, name)) for name in names])
        .select_from(Event)
        .join(ranked, literal(True))
        .where(Event.id == first, ranked.c.nth <= number)
    )
    db.execute(insert(Event).from_select(names, rows))
