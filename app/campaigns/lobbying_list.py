"""The list of lobbying time and cost, and its file for spreadsheets."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.alliances.naming import name_at_desk
from app.campaigns.lobbying import dollars, in_year
from app.campaigns.lobbying_forms import LobbyingFilter
from app.campaigns.visit_models import LobbyingEntry
from app.campaigns.visit_words import LOBBYING_SHORT
from app.foundation.tables import Column, Listing


def _narrow(query: Select[LobbyingEntry], form: Any) -> Select[LobbyingEntry]:
    year = form.year.data or ""
    if year.isdecimal() and year.isascii() and 1 <= int(year) <= 9999:
        query = query.where(in_year(int(year)))
    if form.kind.data:
        query = query.where(LobbyingEntry.kind == form.kind.data)
    return query


LOG: Listing[LobbyingEntry] = Listing(
    name="lobbying",
    columns=(
        Column("what", _l("What was done"), lambda e: e.what, sort=LobbyingEntry.what),
        Column("on", _l("Day"), lambda e: e.on.isoformat(), sort=LobbyingEntry.on),
        Column("kind", _l("Kind"), lambda e: LOBBYING_SHORT[e.kind], sort=LobbyingEntry.kind),
        Column("who", _l("Who"), lambda e: name_at_desk(e.person, e.alliance_id)),
        Column("minutes", _l("Minutes"), lambda e: e.minutes, sort=LobbyingEntry.minutes,
               numeric=True),
        Column("cost", _l("Dollars"), lambda e: dollars(e.cents), sort=LobbyingEntry.cents,
               numeric=True),
        Column("campaign", _l("Campaign"), lambda e: e.measure.title if e.measure else ""),
    ),
    sort="on",
    descending=True,
    tie_break=LobbyingEntry.id.desc(),
    filters=LobbyingFilter,
    apply=_narrow,
)  # fmt: skip
