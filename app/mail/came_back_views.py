"""What mail servers refused and what people called spam, for staff to look at."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation import clock, tables
from app.foundation.pagecontext import local_date
from app.foundation.policy import allow, staff
from app.foundation.tables import Column, Listing
from app.mail import queries, words
from app.mail.blueprint import blueprint
from app.mail.forms import CameBackFilters
from app.mail.models import Bounce


def _of_this_kind(query: Any, form: CameBackFilters) -> Any:
    return query.where(Bounce.kind == form.what.data) if form.what.data else query


CAME_BACK: Listing[Bounce] = Listing(
    name="came-back",
    columns=(
        Column("address", _l("Address"), lambda row: row.masked, Bounce.masked),
        Column("what", _l("What happened"), lambda row: str(words.BOUNCES[row.kind]), Bounce.kind),
        Column("words", _l("What the server said"), lambda row: row.words),
        Column("at", _l("When"), lambda row: local_date(row.at, clock.HOME_ZONE), Bounce.at),
    ),
    sort="at",
    descending=True,
    tie_break=Bounce.id,
    filters=CameBackFilters,
    apply=_of_this_kind,
)


@blueprint.get("/staff/mail/came-back")
@allow(staff)
def came_back() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return tables.csv_of(CAME_BACK, queries.bounces())
    page = tables.page_of(CAME_BACK, queries.bounces(), export=True)
    return render_template("mail/came_back.html", page=page)
