"""Adding one's name to a campaign; the form says what becomes public."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.join_views import count_mail, inbox_page
from app.campaigns import measure_words as words
from app.campaigns import signing
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_views import seen_or_404, takes_names
from app.campaigns.measure_queries import Seen
from app.campaigns.support_forms import OwnSignForm, SignForm
from app.campaigns.support_models import SignatureState
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other
from app.people.models import Person

notices(
    signed=_l("Your name is added. Thank you."),
    sign_withdrawn=_l("Your name is taken back."),
)


@blueprint.get("/campaigns/<slug>/sign")
@allow(anyone)
def sign(slug: str) -> ResponseReturnValue:
    seen = _open_or_404(slug)
    return _sign_page(seen, SignForm() if viewer.person_id is None else OwnSignForm())


@blueprint.post("/campaigns/<slug>/sign")
@allow(anyone)
def do_sign(slug: str) -> ResponseReturnValue:
    seen = _open_or_404(slug)
    if viewer.person_id is None:
        return _visitor(seen)
    form = OwnSignForm()
    if not form.validate_on_submit():
        return _sign_page(seen, form), 422
    person = db.get_one(Person, viewer.person_id)
    signing.sign(
        seen.measure,
        person,
        show_name=bool(form.show_name.data),
        affiliation=typed(form.affiliation),
    )
    return see_other("campaigns.campaign", slug=slug, done="signed")


@blueprint.post("/campaigns/<slug>/take-back")
@allow(signed_in)
def take_back(slug: str) -> ResponseReturnValue:
    seen = seen_or_404(slug)
    signing.withdraw(find_or_404(signing.of_person(seen.measure.id, viewer.person_id or 0)))
    return see_other("campaigns.campaign", slug=slug, done="sign-withdrawn")


def _visitor(seen: Seen) -> ResponseReturnValue:
    """Whoever is not signed in gets one answer, whether or not we know the address."""
    form = SignForm()
    if not form.validate_on_submit():
        return _sign_page(seen, form), 422
    count_mail()
    visitor = form.visitor()
    signing.ask(seen.measure, visitor, url_for("campaigns.campaign", slug=seen.measure.slug))
    return inbox_page(visitor.email)


def _open_or_404(slug: str) -> Seen:
    seen = seen_or_404(slug)
    if not takes_names(seen):
        abort(404)
    return seen


def _sign_page(seen: Seen, form: SignForm | OwnSignForm) -> str:
    own = signing.of_person(seen.measure.id, viewer.person_id) if viewer.person_id else None
    if own and not form.is_submitted():
        form.process(obj=own)
    return render_template(
        "campaigns/sign.html",
        measure=seen.measure,
        form=form,
        own=own if own and own.state == SignatureState.CONFIRMED else None,
        words=words,
    )
