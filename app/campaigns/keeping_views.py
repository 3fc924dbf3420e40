"""National staff and the records that no alliance keeps: their list, and giving one away."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.alliances.models import Alliance
from app.campaigns import keeping, register
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.measure_models import Measure
from app.foundation.db import db
from app.foundation.forms import Form, InputRequired, SelectField, choices
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other

notices(campaign_given=_l("Given. From this desk the alliance goes on with it."))


class KeeperForm(Form):
    """Which alliance is to keep a record."""

    alliance = SelectField(
        _l("Alliance"),
        description=_l("Those of its state stand first."),
        validators=[InputRequired(_l("Choose an alliance."))],
    )

    def offer(self, keepers: Iterable[Alliance]) -> None:
        pairs = [(each.id, each.name) for each in keepers]
        self.alliance.choices = choices([("", _("Nobody yet")), *pairs])


@blueprint.get("/staff/campaigns")
@allow(staff)
def unkept() -> ResponseReturnValue:
    page = page_of(register.REGISTER, keeping.unkept())
    return render_template("campaigns/unkept.html", page=page, words=words)


@blueprint.route("/staff/campaigns/<slug>", methods=["GET", "POST"])
@allow(staff)
def give(slug: str) -> ResponseReturnValue:
    query = select(Measure).where(Measure.slug == slug).options(joinedload(Measure.alliance))
    measure = find_or_404(db.scalars(query).first())
    if measure.alliance is not None:
        return _to_its_desk(measure.alliance, measure)
    form = KeeperForm()
    form.offer(keeping.keepers(measure))
    if not form.validate_on_submit():
        return _form_page(measure, form), 422 if form.errors else 200
    alliance = db.get_one(Alliance, int(form.alliance.data))
    try:
        keeping.give(measure, alliance)
    except keeping.KeptAlready:
        form.add_error("alliance", _("Somebody gave it to an alliance meanwhile."))
        return _form_page(measure, form), 409
    return _to_its_desk(alliance, measure, done="campaign-given")


def _to_its_desk(alliance: Alliance, measure: Measure, **done: str) -> ResponseReturnValue:
    return see_other("campaigns.manage", alliance=alliance.slug, measure_id=measure.id, **done)


def _form_page(measure: Measure, form: KeeperForm) -> str:
    return render_template("campaigns/give.html", measure=measure, form=form, words=words)
