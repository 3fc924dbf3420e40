"""My own record: name, place, address, password, consents, data, and leaving."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, erasure, own_data, passwords, queries, roles, sessions
from app.accounts.blueprint import blueprint
from app.accounts.forms import AddressForm, PasswordForm, SettingsForm
from app.accounts.join_views import count_mail, inbox_page
from app.accounts.policy import require_fresh
from app.foundation import tables
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import see_other
from app.people import actions as people
from app.people import wordings
from app.people.models import Consent, Person, Purpose
from app.people.queries import consents_of

notices(
    settings_saved=_l("Your details are saved."),
    password_set=_l("Your new password is set. Other devices are signed out."),
    account_deleted=_l(
        "Your account and your data are deleted. Thank you for having been with us."
    ),
)
PURPOSES = {
    Purpose.ACCOUNT: _l("Your account"),
    Purpose.DIGEST: _l("Digest"),
    Purpose.EVENTS: _l("Events"),
    Purpose.ANNOUNCEMENTS: _l("News of your alliance"),
}
CONSENTS: Listing[Consent] = Listing(
    name="consents",
    columns=(
        Column("at", _l("When"), lambda row: row.at, sort=Consent.at),
        Column("purpose", _l("About"), lambda row: PURPOSES[row.purpose], sort=Consent.purpose),
        Column("given", _l("What you said"), lambda row: _("Yes") if row.given else _("No")),
        Column("wording", _l("The words you saw"), lambda row: wordings.text_of(row.wording)),
        Column("channel", _l("Where"), lambda row: _channel(row.channel)),
    ),
    sort="at",
    descending=True,
    tie_break=Consent.id,
)
CHANNELS = {
    "confirmed by e-mail": _l("The mail that confirmed your address"),
    "preferences page": _l("Your choices, signed in"),
    "link in a mail": _l("The link in a mail"),
}


def _channel(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


@blueprint.get("/me/settings")
@allow(signed_in)
def settings() -> ResponseReturnValue:
    person = queries.myself()
    form = SettingsForm(obj=person, place=_place_of(person))
    return _settings_page(person, form)


@blueprint.post("/me/settings")
@allow(signed_in)
def save_settings() -> ResponseReturnValue:
    person = queries.myself()
    form = SettingsForm()
    if not form.validate_on_submit():
        return _settings_page(person, form), 422
    person.name = typed(form.name)
    person.discreet = form.discreet.data
    if form.place.place is not None and form.place.data != _place_of(person):
        people.settle(person, form.place.place)
    return see_other("accounts.settings", done="settings-saved")


def _settings_page(person: Person, form: SettingsForm) -> str:
    return render_template(
        "accounts/settings.html",
        form=form,
        person=person,
        has_password=passwords.has_password(person.id),
    )


def _place_of(person: Person) -> str:
    """What the form understands again, also for a ZIP code that we do not know."""
    return " ".join(filter(None, (person.zip, person.city and f"{person.city}, {person.state}")))


@blueprint.get("/me/address")
@allow(signed_in)
def address() -> ResponseReturnValue:
    require_fresh()
    return render_template("accounts/address.html", form=AddressForm(), person=queries.myself())


@blueprint.post("/me/address")
@allow(signed_in)
def change_address() -> ResponseReturnValue:
    require_fresh()
    person, form = queries.myself(), AddressForm()
    if not form.validate_on_submit():
        return render_template("accounts/address.html", form=form, person=person), 422
    count_mail()
    actions.ask_to_move(person, typed(form.email))
    return inbox_page(typed(form.email))


@blueprint.get("/me/password")
@allow(signed_in)
def password() -> ResponseReturnValue:
    require_fresh()
    return render_template("accounts/password.html", form=PasswordForm())


@blueprint.post("/me/password")
@allow(signed_in)
def set_password() -> ResponseReturnValue:
    require_fresh()
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form), 422
    actions.set_password(queries.myself(), typed(form.password), keep=viewer.session_id)
    return see_other("accounts.settings", done="password-set")


@blueprint.get("/me/consents")
@allow(signed_in)
def consents() -> ResponseReturnValue:
    person = queries.myself()
    page = tables.page_of(CONSENTS, consents_of(person.id))
    return render_template("accounts/consents.html", page=page, person=person, purposes=PURPOSES)


@blueprint.get("/me/data", endpoint="own_data")
@allow(signed_in)
def own_data_page() -> ResponseReturnValue:
    return render_template("accounts/own_data.html")


@blueprint.get("/me/data.json")
@allow(signed_in)
def own_data_json() -> ResponseReturnValue:
    require_fresh()
    return Response(
        own_data.as_json(queries.myself()),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@blueprint.get("/me/data.csv")
@allow(signed_in)
def own_data_csv() -> ResponseReturnValue:
    require_fresh()
    rows = list(own_data.as_rows(queries.myself()))
    return tables.csv_response("my-data.csv", ("table", "row", "field", "value"), rows)


@blueprint.get("/me/delete")
@allow(signed_in)
def delete_account() -> ResponseReturnValue:
    require_fresh()
    return render_template("accounts/delete.html", last_administrator=False)


@blueprint.post("/me/delete")
@allow(signed_in)
def erase_account() -> ResponseReturnValue:
    require_fresh()
    try:
        erasure.erase(queries.myself())
    except roles.LastAdministrator:
        return render_template("accounts/delete.html", last_administrator=True), 409
    response = make_response(redirect(url_for("pages.home", done="account-deleted"), 303))
    sessions.take_cookie(response)
    return response
