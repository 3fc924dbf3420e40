"""An alliance's event templates: use a national one, adopt and change it, write one's own."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import kit_lines, kits, words
from app.events.blueprint import blueprint
from app.events.desk_views import alliance_or_404
from app.events.kit_forms import KitForm, defaults_of
from app.events.kit_models import Kit
from app.foundation.pagecontext import notices
from app.foundation.policy import allow
from app.foundation.web import find_or_404, see_other

notices(
    kit_saved=_l("Saved. Events that were begun from it stay as they are."),
    kit_adopted=_l("This is your own copy now. Change what is different with you."),
    kit_kept=_l("Kept. The next event like this begins with it."),
    kit_away=_l("Put away. Nobody begins an event from it until you bring it back."),
    kit_back=_l("It is back."),
    kit_deleted=_l("Deleted. Events that were begun from it stay as they are."),
)


@blueprint.get("/desk/<alliance>/event-templates")
@allow(coordinates)
def kits_of_alliance(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    return render_template(
        "events/kits.html",
        alliance=ours,
        own=kits.of_alliance(ours.id),
        national=[kit for kit in kits.national() if kit.archived_at is None],
        words=words,
    )


@blueprint.get("/desk/<alliance>/event-templates/<int:number>")
@allow(coordinates)
def kit(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    found = kits.own(number, ours.id) or find_or_404(kits.usable(number, ours.id))
    is_own = found.alliance_id == ours.id
    used = kits.used(found) if is_own else 0
    return render_template(
        "events/kit.html",
        alliance=ours,
        kit=found,
        is_own=is_own,
        used=used,
        reminders=kit_lines.of_reminders(found.reminders),
        words=words,
    )


@blueprint.route("/desk/<alliance>/event-templates/new", methods=["GET", "POST"])
@allow(coordinates)
def write_kit(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    form = KitForm()
    if not form.validate_on_submit():
        page = render_template("events/edit_kit.html", alliance=ours, form=form, kit=None)
        return page, 422 if form.errors else 200
    written = kits.write(form.contents(), ours.id)
    return see_other("events.kit", alliance=alliance, number=written.id, done="kit-saved")


@blueprint.post("/desk/<alliance>/event-templates/<int:number>/adopt")
@allow(coordinates)
def adopt_kit(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    copy = kits.adopt(find_or_404(kits.usable(number, ours.id)), ours.id)
    return see_other("events.edit_kit", alliance=alliance, number=copy.id, done="kit-adopted")


@blueprint.route("/desk/<alliance>/event-templates/<int:number>/edit", methods=["GET", "POST"])
@allow(coordinates)
def edit_kit(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    found = find_or_404(kits.own(number, ours.id))
    form = KitForm(**defaults_of(found))
    if not form.validate_on_submit():
        page = render_template("events/edit_kit.html", alliance=ours, form=form, kit=found)
        return page, 422 if form.errors else 200
    kits.change(found, form.contents(found))
    return see_other("events.kit", alliance=alliance, number=number, done="kit-saved")


@blueprint.post("/desk/<alliance>/event-templates/<int:number>/away")
@allow(coordinates)
def put_kit_away(alliance: str, number: int) -> ResponseReturnValue:
    kits.put_away(_own(alliance, number))
    return see_other("events.kit", alliance=alliance, number=number, done="kit-away")


@blueprint.post("/desk/<alliance>/event-templates/<int:number>/back")
@allow(coordinates)
def bring_kit_back(alliance: str, number: int) -> ResponseReturnValue:
    kits.bring_back(_own(alliance, number))
    return see_other("events.kit", alliance=alliance, number=number, done="kit-back")


@blueprint.get("/desk/<alliance>/event-templates/<int:number>/delete")
@allow(coordinates)
def delete_kit(alliance: str, number: int) -> ResponseReturnValue:
    """Say what happens to the events that were begun from it: nothing."""
    found = _own(alliance, number)
    ours = alliance_or_404(alliance)
    return render_template(
        "events/delete_kit.html", alliance=ours, kit=found, used=kits.used(found)
    )


@blueprint.post("/desk/<alliance>/event-templates/<int:number>/delete")
@allow(coordinates)
def do_delete_kit(alliance: str, number: int) -> ResponseReturnValue:
    kits.delete(_own(alliance, number))
    return see_other("events.kits_of_alliance", alliance=alliance, done="kit-deleted")


def _own(alliance: str, number: int) -> Kit:
    return find_or_404(kits.own(number, alliance_or_404(alliance).id))
