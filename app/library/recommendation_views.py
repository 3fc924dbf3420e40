"""Recommendations by set and by whom they address, and what an alliance can do about one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404
from app.library import indexing, partial, queries, registry, words
from app.library.blueprint import blueprint
from app.library.models import Actor, Recommendation


@blueprint.get("/library/recommendations/")
@allow(anyone)
def recommendations() -> ResponseReturnValue:
    """All that address one actor as fully as a set; by actor, where one stands often, briefly."""
    raw = request.args.get("actor", "")
    actor = Actor(raw) if raw in list(Actor) else None
    by_actor = actor is None and request.args.get("by") == "actor"
    rows = queries.recommendations(actor)
    return render_template(
        "library/recommendations.html",
        actors=_by_actor(rows) if by_actor else (),
        groups=() if by_actor else _of_actor(rows, actor) if actor else _by_set(rows),
        by_actor=by_actor,
        actor=actor,
        items=_items(rows),
        words=words,
        slug=indexing.slug,
    )


@blueprint.get("/library/recommendations/<code>")
@allow(anyone)
def recommendation(code: str) -> ResponseReturnValue:
    found = find_or_404(queries.recommendation(code))
    asks = queries.asks_of(found.id)
    return render_template(
        "library/recommendation.html",
        recommendation=found,
        asks=asks,
        pursuits=registry.pursuits([ask.id for ask, _points in asks]),
        partial=partial,
        slug=code,
        words=words,
    )


Group = tuple[str, str, Sequence[Recommendation]]


def _by_set(rows: Sequence[Recommendation]) -> list[Group]:
    """Sets in their order: title, source, and what they recommend."""
    groups: dict[str, list[Recommendation]] = {}
    for row in rows:
        if row.parent_id is None:
            groups.setdefault(row.set_key, []).append(row)
    return [(each[0].set.title, each[0].set.source.title, each) for each in groups.values()]


def _of_actor(rows: Sequence[Recommendation], actor: Actor) -> list[Group]:
    addressed = [row for row in rows if row.parent_id is None]
    return [(str(words.ACTORS[actor]), "", addressed)] if addressed else []


def _by_actor(rows: Sequence[Recommendation]) -> list[tuple[Actor, Sequence[Recommendation]]]:
    """Everybody who is addressed, the most often first."""
    groups: dict[Actor, list[Recommendation]] = {}
    for row in rows:
        for addressed in row.actors:
            groups.setdefault(addressed.actor, []).append(row)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def _items(rows: Sequence[Recommendation]) -> dict[int, list[Recommendation]]:
    items: dict[int, list[Recommendation]] = {}
    for row in rows:
        if row.parent_id is not None:
            items.setdefault(row.parent_id, []).append(row)
    return items
