"""Taking in a whole list at once: pasted, from a file, or from Legistar; first it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import council_queries as queries
from app.campaigns import council_words as words
from app.campaigns import legistar, roster_actions, rosters
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Body
from app.campaigns.council_views import kept, saved
from app.campaigns.roster_actions import Effect
from app.campaigns.rosters import Harvest, UnreadableRoster
from app.campaigns.seat_forms import RosterForm
from app.foundation import clock, fetching
from app.foundation.policy import allow
from app.foundation.web import find_or_404

EFFECTS = {
    Effect.NEW_SEAT: (_l("A new seat"), "ok"),
    Effect.FILLS: (_l("Fills the seat"), "ok"),
    Effect.REPLACES: (_l("Follows somebody"), "due"),
    Effect.CORRECTS: (_l("Corrected"), "ok"),
    Effect.SAME: (_l("As known"), "off"),
    Effect.STAYS: (_l("Sits here already; not moved"), "due"),
    Effect.CLASHES: (_l("Does not fit; left as it is"), "no"),
}
"""What a row would do, and its tone."""
QUERIES = {
    "OfficeRecords": (
        "$filter=OfficeRecordEndDate ge datetime'{day}' or OfficeRecordEndDate eq null"
    ),
    "Persons": "$filter=PersonActiveFlag eq 1",
    "Bodies": "$filter=BodyActiveFlag eq 1",
    "Events": "$filter=EventDate ge datetime'{day}'",
    "Matters": "$orderby=MatterLastModifiedUtc desc&$top=50",
}
"""What is asked of Legistar's web API."""


@blueprint.get("/desk/<alliance>/councils/<council>/list")
@allow(coordinates)
def roster(alliance: str, council: str) -> ResponseReturnValue:
    return _page(kept(alliance, council), RosterForm())


@blueprint.post("/desk/<alliance>/councils/<council>/list")
@allow(coordinates)
def take_roster(alliance: str, council: str) -> ResponseReturnValue:
    """Show what the list says; with `apply`, take it."""
    body, form = kept(alliance, council), RosterForm()
    if not form.validate():
        return _page(body, form), 422
    try:
        raw, harvest = read(form.raw(), body)
    except UnreadableRoster:
        form.add_error("words", _nobody_in(form.raw()))
        return _page(body, form), 422
    if not form.apply.data:
        return _page(body, form, harvest, raw)
    roster_actions.apply(body, harvest, clock.today(body.time_zone))
    return saved(body)


def _nobody_in(raw: str) -> str:
    if not legistar.is_json(raw):
        return str(_("We found nobody in this. Is there a name on each line?"))
    return str(_("This is not a whole list from Legistar. Please save it there once more."))


@blueprint.get("/desk/<alliance>/councils/<council>/list/legistar")
@allow(coordinates)
def fetch_roster(alliance: str, council: str) -> ResponseReturnValue:
    """Ask Legistar; only reading, so that no page waits for it in a transaction that writes."""
    body, form = kept(alliance, council), RosterForm()
    find_or_404(body.legistar_url or None)
    try:
        raw, harvest = read(fetched(body.legistar_url, clock.today(body.time_zone)), body)
    except (fetching.NotFetched, UnreadableRoster):
        form.add_error("words", _("Legistar did not answer. Save its JSON to a file instead."))
        return _page(body, form)
    return _page(body, form, harvest, raw)


def fetched(base: str, today: date) -> str:
    """The answers to all questions as one JSON object; raises NotFetched."""
    answers = []
    for resource, query in QUERIES.items():
        asked = quote(query.format(day=today), safe="$=&'")
        answer = fetching.fetch(f"{base.rstrip('/')}/{resource}?{asked}")
        answers.append(f'"{resource}": {answer}')
    return "{" + ", ".join(answers) + "}"


def read(raw: str, body: Body) -> tuple[str, Harvest]:
    """Whatever kind of list it is, with what of it is read; raises UnreadableRoster."""
    if not legistar.is_json(raw):
        return raw, rosters.read_people(raw)
    raw = legistar.essence(raw)
    harvest = legistar.read(raw, body.name, clock.today(body.time_zone))
    if harvest.is_empty:
        raise UnreadableRoster
    return raw, harvest


def _page(body: Body, form: RosterForm, harvest: Harvest | None = None, raw: str = "") -> str:
    today = clock.today(body.time_zone)
    changes: list[Any] = roster_actions.changes(body, harvest.rows, today) if harvest else []
    seats = len(queries.seats_of(body, today))
    seats += sum(change.effect == Effect.NEW_SEAT for change in changes)
    return render_template(
        "campaigns/roster.html",
        alliance=body.alliance,
        body=body,
        form=form,
        harvest=harvest,
        changes=changes,
        too_many=seats if changes and body.members and seats > body.members else 0,
        sittings=roster_actions.meetings(body, harvest) if harvest else [],
        left_out=[*harvest.left_out, *roster_actions.unplaced(body, harvest)] if harvest else [],
        raw=raw,
        words=words,
        effects=EFFECTS,
    )
