"""The public register: its list, filters, and the file for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.alliances.naming import name_at_desk
from app.campaigns import measure_words as words
from app.campaigns import stages
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Phase
from app.foundation import geo, links
from app.foundation.forms import FilterForm, Optional, SelectField, choices, line
from app.foundation.tables import Column, Listing, like


class RegisterFilter(FilterForm):
    """The filters of the register."""

    q = line(_l("Words"), required=False, most=80)
    state = SelectField(
        _l("State"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *geo.state_choices()]),
    )
    phase = SelectField(
        _l("Where it stands"),
        validators=[Optional()],
        choices=choices([("", _l("All")), ("passed", _l("Passed")), *words.PHASES.items()]),
    )
    year = line(_l("Year"), required=False, most=4, inputmode="numeric")
    instrument = SelectField(
        _l("Kind"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *words.INSTRUMENTS.items()]),
    )


def _narrow(query: Select[Measure], form: Any) -> Select[Measure]:
    if form.q.data:
        query = query.where(Measure.sought.like(like(form.q.data), escape="\\"))
    if form.state.data:
        query = query.where(Measure.us_state == form.state.data)
    if form.phase.data == "passed":
        query = query.where(Measure.counted)
    elif form.phase.data:
        query = query.where(Measure.stage.in_(stages.stages_of(Phase(form.phase.data))))
    if (form.year.data or "").isdecimal():
        query = query.where(Measure.year == int(form.year.data))
    if form.instrument.data:
        query = query.where(Measure.instrument == form.instrument.data)
    return query


def _tag(measure: Measure) -> str:
    return words.tag(measure)[0]


def _sources(measure: Measure) -> str:
    """Title and link of each, once where they are the same."""
    parts = (dict.fromkeys((each.title, each.url)) for each in measure.sources)
    return "; ".join(" ".join(filter(None, each)) for each in parts)


_COLUMNS: Sequence[Column[Measure]] = (
    Column("place", _l("Place"), words.where, sort=Measure.place),
    Column("title", _l("Title"), lambda m: m.title),
    Column("kind", _l("Kind"), lambda m: words.INSTRUMENTS[m.instrument]),
    Column("year", _l("Year"), lambda m: m.year, sort=Measure.year, numeric=True),
    Column("stage", _l("Where it stands"), _tag),
)

REGISTER: Listing[Measure] = Listing(
    name="resolutions",
    columns=_COLUMNS,
    sort="year",
    descending=True,
    tie_break=Measure.id.desc(),
    filters=RegisterFilter,
    apply=_narrow,
    size=12,
)

WIDGET = replace(REGISTER, size=5, then=(Measure.stage_on.desc(),))
"""The newest of it, small enough to embed."""

FILE: Listing[Measure] = Listing(
    name="resolutions",
    columns=(
        *_COLUMNS,
        Column("council", _l("Council or board"), lambda m: m.body.name),
        Column("number", _l("File number"), lambda m: m.file_number),
        Column("session", _l("Session"), lambda m: m.session),
        Column("day", _l("Since"), lambda m: m.stage_on),
        Column("verified", _l("Official copy on file"), lambda m: "1" if m.verified else ""),
        Column("sources", _l("Sources"), _sources),
        Column("page", _l("Page"), lambda m: links.absolute("campaigns.campaign", slug=m.slug)),
    ),
    sort="year",
    descending=True,
    tie_break=Measure.id.desc(),
    filters=RegisterFilter,
    apply=_narrow,
)


class DeskFilter(FilterForm):
    """The filters of an alliance's own list."""

    q = line(_l("Words"), required=False, most=80)


def _narrow_desk(query: Select[Measure], form: Any) -> Select[Measure]:
    if form.q.data:
        query = query.where(Measure.sought.like(like(form.q.data), escape="\\"))
    return query


DESK: Listing[Measure] = Listing(
    name="campaigns",
    columns=(
        Column("title", _l("Campaign"), lambda m: m.title, sort=Measure.title),
        Column("year", _l("Year"), lambda m: m.year, sort=Measure.year, numeric=True),
        Column("stage", _l("Where it stands"), _tag),
        Column("next", _l("Next step"), words.next_step),
        Column("due", _l("Due"), lambda m: m.next_due_on, sort=Measure.next_due_on),
        Column("owner", _l("Who"), lambda m: name_at_desk(m.owner, m.alliance_id)),
    ),
    sort="year",
    descending=True,
    tie_break=Measure.id.desc(),
    filters=DeskFilter,
    apply=_narrow_desk,
    size=30,
)
