"""Where a partner coalition, or staff for it, puts what it shares with us."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances import organization_queries as queries
from app.alliances import partners
from app.alliances.blueprint import blueprint
from app.alliances.organization_models import Organization
from app.alliances.organization_policy import speaks_for
from app.alliances.partners import Shared
from app.foundation import clock, forms
from app.foundation.forms import DateField, Form, ValidationError, line, lines, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(item_shared=_l("It is shared in public."), item_taken_off=_l("It is taken off."))


class SharedForm(Form):
    """A paper, a call or a statement that we share."""

    title = line(_l("Title"))
    note = lines(_l("What it is about, in one or two sentences"), most=600, rows=3)
    link = line(_l("Link"), most=500, hint=_l("https://…"))
    on = DateField(
        _l("Of what day it is"),
        default=clock.today,
        validators=[forms.DataRequired(forms.REQUIRED)],
    )

    def validate_link(self, field: Any) -> None:
        if not typed(field).startswith(("https://", "http://")):
            raise ValidationError(_("Please begin with https://"))

    def told(self) -> Shared:
        return Shared(
            title=typed(self.title),
            note=typed(self.note),
            link=typed(self.link),
            on=forms.chosen(self.on),
        )


@blueprint.get("/organizations/<slug>/shared")
@allow(speaks_for)
def shared(slug: str) -> ResponseReturnValue:
    return _page(_partner_or_404(slug), SharedForm())


@blueprint.post("/organizations/<slug>/shared")
@allow(speaks_for)
def share(slug: str) -> ResponseReturnValue:
    found, form = _partner_or_404(slug), SharedForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    partners.share(found, form.told(), by=viewer.person_id)
    return see_other("alliances.shared", slug=slug, done="item-shared")


@blueprint.post("/organizations/<slug>/shared/<int:number>/remove")
@allow(speaks_for)
def take_off_shared(slug: str, number: int) -> ResponseReturnValue:
    items = {item.id: item for item in partners.of(_partner_or_404(slug))}
    partners.take_off(find_or_404(items.get(number)))
    return see_other("alliances.shared", slug=slug, done="item-taken-off")


def _partner_or_404(slug: str) -> Organization:
    found = find_or_404(queries.by_slug(slug))
    return found if partners.is_partner(found) else abort(404)


def _page(found: Organization, form: SharedForm) -> str:
    return render_template(
        "alliances/shared.html", organization=found, items=partners.of(found), form=form
    )
