"""My own page about whom I speak for."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import constituencies
from app.alliances.blueprint import blueprint
from app.alliances.organization_forms import ConstituenciesForm
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in, viewer
from app.foundation.web import see_other

notices(constituencies_saved=_l("Your answer is saved."))


@blueprint.get("/me/constituencies")
@allow(signed_in)
def my_constituencies() -> ResponseReturnValue:
    chosen = constituencies.of_person(viewer.person_id or 0)
    return _page(ConstituenciesForm(data={"constituencies": sorted(chosen)}))


@blueprint.post("/me/constituencies")
@allow(signed_in)
def save_my_constituencies() -> ResponseReturnValue:
    form = ConstituenciesForm()
    if not form.validate_on_submit():
        return _page(form), 422
    constituencies.choose(viewer.person_id or 0, form.answers())
    return see_other("alliances.my_constituencies", done="constituencies-saved")


def _page(form: ConstituenciesForm) -> str:
    return render_template("alliances/my_constituencies.html", form=form)
