"""What our pages are measured against: bare Flask with one query of 20 rows and a Jinja page.

It is as large as FLOOR_BYTES says. `/` asks as SQLAlchemy does by itself, in a transaction;
`/autocommit` without one, which is the fastest that SQLAlchemy and psycopg offer; `/stored` asks
nothing and sends the bytes of the last page.
"""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy import Engine, create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
autocommit = create_engine(os.environ["DATABASE_URL"], isolation_level="AUTOCOMMIT")

ROWS = text("SELECT slug, title, venue, city, starts_at, capacity FROM event ORDER BY id LIMIT 20")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><ul>
{% for event in events %}
<li><a href="/events/{{ event.slug }}">{{ event.title }}</a> {{ event.starts_at }}
{{ event.venue }}, {{ event.city }}{% if event.capacity %} {{ event.capacity }} seats{% endif %}
{% endfor %}
</ul><p>FILLING</p></body></html>
"""
FILLING = "All that a page has besides. " * 1000


def _sized(size: int) -> str:
    """The template whose page, with 20 events as long as the first, has about this size."""
    bare = app.jinja_env.from_string(PAGE.replace("FILLING", ""))
    with engine.connect() as connection:
        length = len(bare.render(title="Events", events=connection.execute(ROWS).all()))
    return PAGE.replace("FILLING", FILLING[: max(0, size - length)])


stored: list[str] = []
template = app.jinja_env.from_string(_sized(int(os.environ["FLOOR_BYTES"])))


@app.get("/")
def page() -> str:
    return _page(engine)


@app.get("/autocommit")
def page_without_transaction() -> str:
    return _page(autocommit)


@app.get("/stored")
def stored_page() -> str:
    if not stored:
        stored.append(_page(engine))
    return stored[0]


def _page(source: Engine) -> str:
    with source.connect() as connection:
        events = connection.execute(ROWS).all()
    return template.render(title="Events", events=events)
