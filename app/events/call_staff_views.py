"""National staff's pages about the days: all that come, and one with every alliance's answer."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.events import call_staff, editions, hubs, words
from app.events.blueprint import blueprint
from app.events.call_forms import DayForm, MaterialsForm
from app.events.models import Edition
from app.foundation.forms import chosen
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.web import find_or_404, see_other

notices(
    day_entered=_l("Saved. Its page is open."),
    day_corrected=_l(
        "Saved. Every alliance that was called gets a mail with this date. Drafts are on it; what "
        "is published stays on its day until its organizers move it."
    ),
    day_called=_l("Every alliance is called; their coordinators get a mail within a minute."),
    day_nudged=_l("They get a mail within a minute."),
    day_none_nudged=_l("Nobody was asked again: each has answered or was asked within a week."),
    day_materials=_l("Saved."),
)


@blueprint.get("/staff/observances")
@allow(staff)
def days() -> ResponseReturnValue:
    return _days_page(DayForm())


@blueprint.post("/staff/observances")
@allow(staff)
def enter_day() -> ResponseReturnValue:
    form = DayForm()
    form.offer(call_staff.movable())
    if not form.validate():
        return _days_page(form), 422
    found = call_staff.enter(str(form.observance.data), chosen(form.on))
    done = "day-entered" if found.called_at is None else "day-corrected"
    return see_other("events.days", done=done)


@blueprint.get("/staff/observances/<key>/<int:year>")
@allow(staff)
def day(key: str, year: int) -> ResponseReturnValue:
    found = _found(key, year)
    return _day_page(found, MaterialsForm(materials=found.materials))


@blueprint.post("/staff/observances/<key>/<int:year>/call")
@allow(staff)
def call_day(key: str, year: int) -> ResponseReturnValue:
    call_staff.call_now(_found(key, year))
    return see_other("events.day", key=key, year=year, done="day-called")


@blueprint.post("/staff/observances/<key>/<int:year>/nudge")
@allow(staff)
def nudge_day(key: str, year: int) -> ResponseReturnValue:
    """All who have not answered, or the alliance that the button names."""
    one = request.form.get("alliance", "")
    alliance_id = int(one) if one.isdecimal() and len(one) < 18 else None
    nudged = call_staff.nudge(_found(key, year), alliance_id)
    done = "day-nudged" if nudged else "day-none-nudged"
    return see_other("events.day", key=key, year=year, done=done)


@blueprint.post("/staff/observances/<key>/<int:year>/materials")
@allow(staff)
def save_materials(key: str, year: int) -> ResponseReturnValue:
    found = _found(key, year)
    form = MaterialsForm()
    if not form.validate():
        return _day_page(found, form), 422
    found.materials = form.materials.data or ""
    return see_other("events.day", key=key, year=year, done="day-materials")


def _found(key: str, year: int) -> Edition:
    return find_or_404(call_staff.edition(key, year))


def _days_page(form: DayForm) -> str:
    found = call_staff.coming()
    form.offer(call_staff.movable())
    return render_template(
        "events/days.html",
        coming=found,
        tallies=call_staff.tallies([each.id for each in found]),
        form=form,
        editions=editions,
    )


def _day_page(found: Edition, form: MaterialsForm) -> str:
    answers = call_staff.answers_to(found.id)
    return render_template(
        "events/day.html",
        edition=found,
        title=editions.title_of(found),
        countdown=editions.countdown(found),
        answers=answers,
        tally=call_staff.tallies([found.id])[found.id],
        may_be_nudged=[answer.id for answer in answers if call_staff.may_be_nudged(answer)],
        reach=hubs.reach(found.id),
        form=form,
        words=words,
    )
