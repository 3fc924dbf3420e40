"""Pages on which a coordinator sends a letter, watches it, holds it, and calls off the rest."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.models import Alliance
from app.alliances.policy import coordinates
from app.digests import actions, announcements, audience, checks
from app.digests.announcement_views import checked, letter_of, to_letter
from app.digests.blueprint import blueprint
from app.digests.forms import SendForm
from app.digests.models import Announcement
from app.digests.sending_views import beside_fields
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404
from app.mail import queries as mail_queries
from app.mail import weekly_cap
from app.mail.progress import OVER, polled
from app.people.models import Purpose

notices(
    letter_sent=_l("It is on its way. Replies come to your address."),
    letter_scheduled=_l("Scheduled. You can take it back until it starts."),
    letter_taken_back=_l("Taken back. It is a draft again, and nobody got it."),
    letter_too_late=_l("It was too late for that: see how the letter stands now."),
    letter_pause=_l("Paused. Nothing more leaves until you go on."),
    letter_resume=_l("It goes on."),
    letter_cancel=_l("Cancelled. Nobody else will get it."),
)


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>/send")
@allow(coordinates)
def send_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    if found.mailing_id is not None:
        return to_letter(found, of)
    return _send_page(found, of, SendForm())


@blueprint.post("/desk/<alliance>/letters/<int:letter_id>/send")
@allow(coordinates)
def sent_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    form = SendForm()
    if found.mailing_id is None and not (form.validate_on_submit() and _sent(found, form)):
        return _send_page(found, of, form), 422
    return to_letter(found, of, "letter-scheduled" if form.day() else "letter-sent")


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>/progress.json")
@allow(coordinates)
def letter_progress(alliance: str, letter_id: int) -> Response:
    found, _of = letter_of(alliance, letter_id)
    return jsonify(polled(find_or_404(announcements.mailing_of(found))).as_json())


@blueprint.post("/desk/<alliance>/letters/<int:letter_id>/take-back")
@allow(coordinates)
def letter_taken_back(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    return _after(found, of, announcements.take_back(letter_id), "letter-taken-back")


@blueprint.get("/desk/<alliance>/letters/<int:letter_id>/cancel")
@allow(coordinates)
def cancel_letter(alliance: str, letter_id: int) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    mailing = announcements.mailing_of(found)
    if mailing is None or mailing.state in OVER:
        return to_letter(found, of)
    standing = mail_queries.standing(mailing)
    where: dict[str, Any] = {"alliance": alliance, "letter_id": letter_id}
    return render_template(
        "digests/cancel.html",
        subject=found.subject,
        standing=standing,
        act=url_for("digests.steer_letter", act="cancel", **where),
        back=url_for("digests.letter", **where),
    )


@blueprint.post("/desk/<alliance>/letters/<int:letter_id>/<any(pause, resume, cancel):act>")
@allow(coordinates)
def steer_letter(alliance: str, letter_id: int, act: str) -> ResponseReturnValue:
    found, of = letter_of(alliance, letter_id)
    return _after(found, of, announcements.steer(letter_id, act), f"letter-{act}")


def _after(found: Announcement, of: Alliance, acted: bool, done: str) -> ResponseReturnValue:
    return to_letter(found, of, done if acted else "letter-too-late")


def _sent(found: Announcement, form: SendForm) -> bool:
    """Hand it over, or put what speaks against it beside the field."""
    if checks.stops(checked(found)):
        form.add_error("people", _("Mend what the checks found first."))
        return False
    by_id = find_or_404(viewer.person_id)
    sending = actions.Sending(people=form.people.data, by_id=by_id, on=form.day())
    with beside_fields(form):
        try:
            announcements.send(found.id, sending, unlimited=viewer.is_staff)
        except announcements.TooMany:
            too_many = _("Your alliance wrote as often as it may in a day. Choose another.")
            form.add_error("on" if sending.on else "when", too_many)
    return not form.errors


def _send_page(found: Announcement, of: Alliance, form: SendForm) -> str:
    whom = announcements.whom(found)
    counts = whom.purpose == Purpose.ANNOUNCEMENTS
    return render_template(
        "digests/send_letter.html",
        alliance=of,
        letter=found,
        form=form,
        count=audience.count(whom),
        had_enough=weekly_cap.had_enough(audience.receivers(whom)) if counts else 0,
        findings=checked(found),
        left=announcements.left_on(clock.today(), of.id),
        today=clock.today(),
    )
