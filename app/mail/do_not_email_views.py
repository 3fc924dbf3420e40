"""Whom we do not e-mail: staff look, look up and add, and never take away."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation import clock, tables, text
from app.foundation.forms import typed
from app.foundation.pagecontext import local_date, notices
from app.foundation.policy import allow, staff
from app.foundation.tables import Column, Listing
from app.foundation.web import see_other
from app.mail import queries, words
from app.mail.blueprint import blueprint
from app.mail.forms import DoNotEmailFilters, DoNotEmailForm
from app.mail.models import Suppression, SuppressionReason
from app.mail.suppression import found, suppress
from app.people.actions import address_digest

notices(mail_address_added=_l("We will never write to that address again."))


def _for_this_reason(query: Any, form: DoNotEmailFilters) -> Any:
    return query.where(Suppression.reason == form.why.data) if form.why.data else query


DO_NOT_EMAIL: Listing[Suppression] = Listing(
    name="do-not-email",
    columns=(
        Column("address", _l("Address"), lambda row: row.masked, Suppression.masked),
        Column(
            "why", _l("Why"), lambda row: str(words.SUPPRESSIONS[row.reason]), Suppression.reason
        ),
        Column("detail", _l("What the server said"), lambda row: row.detail),
        Column("at", _l("Since"), lambda row: local_date(row.at, clock.HOME_ZONE), Suppression.at),
    ),
    sort="at",
    descending=True,
    tie_break=Suppression.digest,
    filters=DoNotEmailFilters,
    apply=_for_this_reason,
)


@blueprint.get("/staff/mail/do-not-email")
@allow(staff)
def do_not_email() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return tables.csv_of(DO_NOT_EMAIL, queries.suppressions())
    return _page(DoNotEmailForm())


@blueprint.post("/staff/mail/do-not-email")
@allow(staff)
def add_do_not_email() -> ResponseReturnValue:
    """Add an address, or look it up: posted as well, so that it stands in no log and no history."""
    form = DoNotEmailForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if "find" in request.form:
        return _page(form, looked_up=text.canonical_email(typed(form.email)))
    suppress(typed(form.email), SuppressionReason.ASKED)
    return see_other("mail.do_not_email", done="mail-address-added")


def _page(form: DoNotEmailForm, looked_up: str = "") -> str:
    return render_template(
        "mail/do_not_email.html",
        page=tables.page_of(DO_NOT_EMAIL, queries.suppressions(), export=True),
        form=form,
        words=words,
        looked_up=text.mask_email(looked_up) if looked_up else "",
        row=found(address_digest(looked_up)) if looked_up else None,
    )
