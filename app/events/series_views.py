"""An event that comes again: begin it, see its dates, change its rhythm, end it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.alliances.models import Alliance
from app.alliances.policy import coordinates
from app.events import actions, rhythm, series, words
from app.events.blueprint import blueprint
from app.events.desk_views import alliance_or_404, event_or_404
from app.events.models import Event
from app.events.series_forms import EndForm, RepeatForm, RhythmForm
from app.events.series_models import EventSeries
from app.foundation.pagecontext import notices
from app.foundation.policy import allow
from app.foundation.web import find_or_404, see_other

notices(
    series_begun=_l(
        "Saved. These are the dates of the next months; later ones come by themselves."
    ),
    series_changed=_l("Saved. These are the dates now."),
    series_published=_l("Published. Reminders are scheduled for each date."),
    series_cannot=_l("An event that is over, cancelled or comes again already cannot be repeated."),
)


@blueprint.route("/desk/<alliance>/events/<int:event_id>/repeat", methods=["GET", "POST"])
@allow(coordinates)
def repeat(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = RepeatForm()
    form.offer(event.wall_start.date())
    if not form.validate_on_submit():
        page = render_template(
            "events/repeat.html", alliance=event.alliance, event=event, form=form, words=words
        )
        return page, 422 if form.errors else 200
    try:
        begun = series.begin(event, form.rhythm())
    except series.CannotRepeat:
        return see_other(
            "events.manage", alliance=alliance, event_id=event_id, done="series-cannot"
        )
    return see_other("events.series", alliance=alliance, number=begun.id, done="series-begun")


@blueprint.get("/desk/<alliance>/series/<int:number>", endpoint="series")
@allow(coordinates)
def show_series(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    return _page(ours, _found(ours, number))


@blueprint.post("/desk/<alliance>/series/<int:number>/publish")
@allow(coordinates)
def publish_series(alliance: str, number: int) -> ResponseReturnValue:
    done = "series-published"
    try:
        series.publish_all(_found(alliance_or_404(alliance), number, lock=True))
    except actions.NoWayIn:
        done = "event-no-way-in"
    return see_other("events.series", alliance=alliance, number=number, done=done)


@blueprint.post("/desk/<alliance>/series/<int:number>/rhythm")
@allow(coordinates)
def change_rhythm(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    found = _found(ours, number, lock=True)
    form = RhythmForm()
    form.offer_any()
    if not form.validate():
        return _page(ours, found, rhythm_form=form), 422
    kept = series.change_rhythm(found, form.rhythm(), form.day())
    return _after(ours, found, kept)


@blueprint.post("/desk/<alliance>/series/<int:number>/end")
@allow(coordinates)
def end_series(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    found = _found(ours, number, lock=True)
    form = EndForm()
    if not form.validate():
        return _page(ours, found, end_form=form), 422
    return _after(ours, found, series.end(found, form.day()))


def _after(ours: Alliance, found: EventSeries, kept: Sequence[Event]) -> ResponseReturnValue:
    """The list of dates; names those that stay because people are signed up."""
    if not kept:
        return see_other(
            "events.series", alliance=ours.slug, number=found.id, done="series-changed"
        )
    return _page(ours, found, kept=kept)


def _found(ours: Alliance, number: int, *, lock: bool = False) -> EventSeries:
    return find_or_404(series.of_alliance(ours.id, number, lock=lock))


def _page(
    ours: Alliance,
    found: EventSeries,
    *,
    rhythm_form: RhythmForm | None = None,
    end_form: EndForm | None = None,
    kept: Sequence[Event] = (),
) -> str:
    form = rhythm_form or RhythmForm(formdata=None)
    form.offer_any()
    dates = series.dates(found)
    drafts = sum(each.event.state == "draft" for each in dates)
    return render_template(
        "events/series.html",
        alliance=ours,
        series=found,
        often=rhythm.in_words(found.rule),
        dates=dates,
        drafts=drafts,
        publish=ngettext("Publish %(num)s date", "Publish all %(num)s dates", drafts),
        rhythm_form=form,
        end_form=end_form or EndForm(formdata=None),
        kept=kept,
        words=words,
    )
