"""Which two texts a page compares: versions, what was adopted, the model that it was begun from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext as _

from app.campaigns import clauses, texts
from app.campaigns.clauses import Clause, Compared
from app.campaigns.text_models import TextVersion

MODEL = "model"


@dataclass(frozen=True)
class Side:
    """One of the texts that can be chosen."""

    key: str
    name: str
    title: str
    parts: Sequence[Clause]


@dataclass(frozen=True)
class Comparison:
    """Two texts beside each other, and what else can be chosen."""

    sides: Sequence[Side]
    old: Side
    new: Side

    @property
    def rows(self) -> Sequence[Compared]:
        return clauses.compare(self.old.parts, self.new.parts)

    @property
    def retitled(self) -> bool:
        return self.old.title != self.new.title


def of_versions(versions: Sequence[TextVersion]) -> list[Side]:
    return [
        Side(str(each.number), _name(each), each.title, texts.parts_of(each)) for each in versions
    ]


def chosen_or_404(sides: Sequence[Side]) -> Comparison:
    """The two that the address names; else the newest and the one after it in the list."""
    if len(sides) < 2:
        abort(404)
    by_key = {side.key: side for side in sides}
    new = by_key.get(request.args.get("new", sides[0].key))
    before = next((side for side in sides[1:] if side is not new), sides[0])
    old = by_key.get(request.args.get("old", before.key))
    if old is None or new is None:
        abort(404)
    return Comparison(sides, old, new)


def _name(version: TextVersion) -> str:
    if version.adopted:
        return str(_("Version %(number)s · adopted", number=version.number))
    return str(_("Version %(number)s", number=version.number))
