"""The organizers' desk: the list of their events, drafting one and changing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.alliances import queries as alliances
from app.alliances.models import Alliance
from app.alliances.policy import coordinates
from app.events import actions, co_hosts, kits, listings, queries, rhythm, series, words
from app.events.blueprint import blueprint
from app.events.forms import EventForm, defaults_of, shown
from app.events.kit_models import Kit
from app.events.models import Event, EventState
from app.events.series import Scope
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other

IN_A_WEEK = timedelta(days=7)
notices(
    event_drafted=_l("Saved. Only organizers see this event until you publish it."),
    event_without_template=_l(
        "Saved as a draft. The event template was put away or deleted, so its questions, "
        "reminders and to-dos are not here."
    ),
    event_saved=_l("Saved."),
    event_moved=_l("Saved. Everybody who signed up is being told by mail."),
    event_names=_l("That you opened these names is noted."),
    event_published=_l("Published. Reminders are scheduled."),
    event_cancelled=_l("The event is cancelled. Everybody who signed up is being told by mail."),
    event_discarded=_l("The draft is gone."),
    event_over=_l("This event's time has passed."),
    event_no_way_in=_l("Please add the link for those who take part online, then publish."),
)


@blueprint.get("/desk/<alliance>/events")
@allow(coordinates)
def desk(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    page = page_of(listings.DESK, listings.of_alliance(ours.id))
    counts = queries.counts([event.id for event in page.rows])
    return render_template(
        "events/desk.html",
        alliance=ours,
        page=page,
        counts=counts,
        asked=co_hosts.to_answer(ours.id),
        words=words,
    )


@blueprint.route("/desk/<alliance>/events/new", methods=["GET", "POST"])
@allow(coordinates)
def draft(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    form = EventForm(**_blank(ours))
    form.offer(ours, queries.open_editions())
    if not form.is_submitted():
        return _form_page(ours, form)
    if not form.validate():
        return _form_page(ours, form), 422
    event = actions.draft(ours, form.plan(), viewer.person_id)
    done = "event-drafted"
    if (kit := _kit(ours)) is not None:
        kits.pour(kit, event)
    elif "template" in request.args:
        done = "event-without-template"
    return see_other("events.manage", alliance=alliance, event_id=event.id, done=done)


@blueprint.route("/desk/<alliance>/events/<int:event_id>/edit", methods=["GET", "POST"])
@allow(coordinates)
def edit(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    if event.state == EventState.CANCELLED:
        return see_other("events.manage", alliance=alliance, event_id=event_id)
    form = EventForm(**defaults_of(event))
    form.offer(event.alliance, queries.open_editions(), event)
    if not form.is_submitted():
        return _form_page(event.alliance, form, event)
    if not form.validate():
        return _form_page(event.alliance, form, event), 422
    return _save(event, form)


def _save(event: Event, form: EventForm) -> ResponseReturnValue:
    told = event.revision
    try:
        series.save(event, form.plan(), _scope(event), version=form.version_opened())
    except actions.StaleVersion:
        return _both_versions(event, form), 409
    except actions.TooFewSeats as refusal:
        form.add_error("capacity", _too_few(refusal.taken))
        return _form_page(event.alliance, form, event), 422
    except series.OtherDay:
        said = _(
            "Only a single date can be put on another day. For another weekday of all of them, "
            "choose “Another rhythm” on the page of its dates."
        )
        form.add_error("date", said)
        return _form_page(event.alliance, form, event), 422
    except actions.AlreadyCancelled:
        pass  # its page says so
    done = "event-saved" if event.revision == told else "event-moved"
    return see_other("events.manage", alliance=event.alliance.slug, event_id=event.id, done=done)


def _scope(event: Event) -> Scope:
    """For which dates of its series a change is; an event that stands alone has one."""
    wanted = request.form.get("scope", "")
    return Scope(wanted) if event.series_id and wanted in list(Scope) else Scope.THIS


def _both_versions(event: Event, form: EventForm) -> str:
    """Somebody else saved meanwhile: both versions, and the form with what was typed here."""
    theirs = EventForm(formdata=None, **defaults_of(event))
    theirs.offer(event.alliance, queries.open_editions(), event)
    differences = [
        (field.label.text, shown(theirs[field.name]), shown(field))
        for field in form
        if field.name != "version" and shown(field) != shown(theirs[field.name])
    ]
    form.version.data = str(event.version)
    return _form_page(event.alliance, form, event, differences=differences)


def _form_page(ours: Alliance, form: EventForm, event: Event | None = None, **more: Any) -> str:
    told = 0
    if event is not None and event.state == EventState.PUBLISHED:
        counts = queries.count(event.id)
        told = counts.confirmed + counts.waiting
    their_series = series.of_event(event) if event else None
    return render_template(
        "events/edit.html",
        alliance=ours,
        form=form,
        event=event,
        told=told,
        words=words,
        repeats=rhythm.in_words(their_series.rule) if their_series else "",
        dates=series.dates(their_series) if their_series else (),
        scope=request.form.get("scope", Scope.THIS),
        **more,
    )


def _blank(ours: Alliance) -> dict[str, Any]:
    """What a new form proposes: the alliance's own clock and place, an evening next week."""
    day = clock.today(ours.time_zone) + IN_A_WEEK
    return {
        "date": day.isoformat(),
        "time": "18:30",
        "time_zone": ours.time_zone,
        "zip": ours.zip,
        "edition": request.args.get("part_of", ""),
        **_of_kit(_kit(ours)),
    }


def _kit(ours: Alliance) -> Kit | None:
    """The event template that the address names."""
    number = request.args.get("template", "")
    return kits.usable(int(number), ours.id) if number.isdecimal() and len(number) < 18 else None


def _of_kit(kit: Kit | None) -> dict[str, Any]:
    """What an event template fills in."""
    if kit is None:
        return {}
    return {
        "kind": kit.kind.value,
        "title": kit.title,
        "minutes": kit.minutes,
        "description": kit.description,
    }


def _too_few(taken: int) -> str:
    sentence = ngettext(
        "%(num)s seat is taken already, so there cannot be fewer.",
        "%(num)s seats are taken already, so there cannot be fewer.",
        taken,
    )
    return str(sentence)


def alliance_or_404(slug: str) -> Alliance:
    return find_or_404(alliances.by_slug(slug))


def event_or_404(alliance: str, event_id: int) -> Event:
    """An event of this alliance; another's does not exist here."""
    return find_or_404(queries.of_alliance(alliance, event_id))
