"""What an alliance says about itself and how people join it: its coordinators change that."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import actions, queries
from app.alliances.blueprint import blueprint
from app.alliances.forms import PageForm
from app.alliances.models import PUBLIC, Alliance, Joining, LifeCycle
from app.alliances.policy import coordinates
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow
from app.foundation.web import find_or_404, see_other

notices(alliance_saved=_l("Saved. This is what everybody sees now."))


@blueprint.get("/desk/<alliance>/page")
@allow(coordinates)
def edit(alliance: str) -> ResponseReturnValue:
    found = _public(alliance)
    form = PageForm(
        description=found.description,
        joining=found.joining.value,
        life_cycle=found.life_cycle.value,
    )
    return render_template("alliances/edit.html", alliance=found, form=form)


@blueprint.post("/desk/<alliance>/page")
@allow(coordinates)
def do_edit(alliance: str) -> ResponseReturnValue:
    found = _public(alliance)
    form = PageForm()
    if not form.validate_on_submit():
        return render_template("alliances/edit.html", alliance=found, form=form), 422
    actions.describe(
        found,
        typed(form.description),
        Joining(form.joining.data),
        LifeCycle(form.life_cycle.data),
    )
    return see_other("pages.alliance", slug=alliance, done="alliance-saved")


def _public(slug: str) -> Alliance:
    alliance = find_or_404(queries.by_slug(slug))
    if alliance.life_cycle not in PUBLIC:
        abort(404)
    return alliance
