"""What the letters after an event say: to those who came, and to those who were not seen."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import own_letters, reminder_plan, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.reminder_forms import LetterForm
from app.foundation.pagecontext import notices
from app.foundation.policy import allow
from app.foundation.web import see_other

notices(afterword_saved=_l("Saved. That letter goes out like this."))


@blueprint.route(
    "/desk/<alliance>/events/<int:event_id>/afterwords/<any(thanks, missed):key>",
    methods=["GET", "POST"],
)
@allow(coordinates)
def afterword(alliance: str, event_id: int, key: str) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = LetterForm(**own_letters.afterword(event, key).words())
    if not form.validate_on_submit():
        page = render_template(
            "events/afterword.html",
            alliance=event.alliance,
            event=event,
            form=form,
            key=key,
            words=words,
        )
        return page, 422 if form.errors else 200
    others = [one for one in own_letters.read(event.reminders or ()) if one.key != key]
    event.reminders = reminder_plan.kept(reminder_plan.of(event), [*others, form.letter(key)])
    return see_other(
        "events.reminder_list", alliance=alliance, event_id=event_id, done="afterword-saved"
    )
