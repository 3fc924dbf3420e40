"""The national event templates, which staff keep for everybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.events import kits, words
from app.events.blueprint import blueprint
from app.events.kit_forms import KitForm, defaults_of
from app.events.kit_models import Kit
from app.foundation.policy import allow, staff
from app.foundation.web import find_or_404, see_other


@blueprint.get("/staff/event-templates")
@allow(staff)
def national_kits() -> ResponseReturnValue:
    return render_template("events/national_kits.html", kits=kits.national(), words=words)


@blueprint.route("/staff/event-templates/new", methods=["GET", "POST"])
@allow(staff)
def write_national_kit() -> ResponseReturnValue:
    form = KitForm()
    if not form.validate_on_submit():
        page = render_template("events/edit_kit.html", alliance=None, form=form, kit=None)
        return page, 422 if form.errors else 200
    kits.write(form.contents(), None)
    return see_other("events.national_kits", done="kit-saved")


@blueprint.route("/staff/event-templates/<int:number>", methods=["GET", "POST"])
@allow(staff)
def edit_national_kit(number: int) -> ResponseReturnValue:
    found = _national(number)
    form = KitForm(**defaults_of(found))
    if not form.validate_on_submit():
        page = render_template("events/edit_kit.html", alliance=None, form=form, kit=found)
        return page, 422 if form.errors else 200
    kits.change(found, form.contents(found))
    return see_other("events.national_kits", done="kit-saved")


@blueprint.post("/staff/event-templates/<int:number>/away")
@allow(staff)
def put_national_kit_away(number: int) -> ResponseReturnValue:
    kits.put_away(_national(number))
    return see_other("events.national_kits", done="kit-away")


@blueprint.post("/staff/event-templates/<int:number>/back")
@allow(staff)
def bring_national_kit_back(number: int) -> ResponseReturnValue:
    kits.bring_back(_national(number))
    return see_other("events.national_kits", done="kit-back")


def _national(number: int) -> Kit:
    return find_or_404(kits.own(number, None))
