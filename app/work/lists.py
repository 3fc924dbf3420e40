"""The list of an alliance's to-dos: columns, filter, order; what is open comes first."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func

from app.foundation.tables import Column, Listing
from app.people.models import Person
from app.work import registry, words
from app.work.forms import ToDoFilter
from app.work.models import ToDo, ToDoState


def _narrow(query: Select[Any], form: ToDoFilter) -> Select[Any]:
    return query.where(ToDo.state == form.state.data) if form.state.data else query


TO_DOS: Listing[ToDo] = Listing(
    name="to-dos",
    columns=[
        Column("title", _l("To do"), registry.title_of),
        Column("due", _l("Due"), lambda each: each.due_on, sort=ToDo.due_on),
        Column("owner", _l("Who does it"), words.owner_of, sort=func.lower(Person.name)),
        Column("state", _l("State"), lambda each: str(words.STATES[each.state][0])),
    ],
    before=[ToDo.state != ToDoState.OPEN],
    sort="due",
    tie_break=ToDo.id,
    filters=ToDoFilter,
    apply=_narrow,
)
