"""Reports of events: writing one, its pictures, and the two questions to those who came."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import afterwords, door, policy, queries, reports, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.models import Event, SignUp
from app.events.public_views import seen_or_404
from app.events.report_forms import FeedbackForm, PictureForm, ReportForm, defaults_of
from app.foundation import tokens, uploads
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, takes_files, viewer
from app.foundation.web import find_or_404, see_other

notices(
    report_saved=_l("Saved. Thank you: that is where next year begins."),
    picture_added=_l("The picture is there, without the place and time that the phone had noted."),
    picture_removed=_l("The picture is gone."),
    feedback_kept=_l("Thank you. The organizers read this without your name."),
    report_early=_l("There is nothing to report yet."),
)


@blueprint.route("/desk/<alliance>/events/<int:event_id>/report", methods=["GET", "POST"])
@allow(coordinates)
def report(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = ReportForm(**defaults_of(reports.of(event.id), door.count(event.id).here))
    if not form.is_submitted():
        return _report_page(event, form, PictureForm(formdata=None))
    if not form.validate():
        return _report_page(event, form, PictureForm(formdata=None)), 422
    try:
        reports.save(event, form.written(), viewer.person_id)
    except reports.NotOver:
        return see_other("events.manage", alliance=alliance, event_id=event_id, done="report-early")
    return see_other("events.report", alliance=alliance, event_id=event_id, done="report-saved")


@blueprint.post("/desk/<alliance>/events/<int:event_id>/report/pictures")
@allow(coordinates)
@takes_files
def add_picture(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = PictureForm()
    if not form.validate() or not _kept(event, form):
        written = defaults_of(reports.of(event.id), door.count(event.id).here)
        return _report_page(event, ReportForm(formdata=None, **written), form), 422
    return see_other("events.report", alliance=alliance, event_id=event_id, done="picture-added")


def _kept(event: Event, form: PictureForm) -> bool:
    try:
        reports.add_picture(event, request.files.get("file"), form.said(), viewer.person_id)
    except uploads.Refused as refused:
        form.add_error("file", str(refused.words))
    except reports.TooManyPictures:
        form.add_error("file", _("There are as many pictures as a report can hold."))
    except reports.NotOver:
        form.add_error("file", _("There is nothing to report yet."))
    return not form.errors


@blueprint.post("/desk/<alliance>/events/<int:event_id>/report/pictures/<int:picture_id>/remove")
@allow(coordinates)
def remove_picture(alliance: str, event_id: int, picture_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    find_or_404(reports.remove_picture(event.id, picture_id) or None)
    return see_other("events.report", alliance=alliance, event_id=event_id, done="picture-removed")


def _report_page(event: Event, form: ReportForm, picture_form: PictureForm) -> str:
    written = reports.of(event.id)
    return render_template(
        "events/report.html",
        alliance=event.alliance,
        event=event,
        form=form,
        picture_form=picture_form,
        pictures=reports.pictures(written),
        voices=reports.voices(event.id),
        is_due=reports.is_due(event),
        words=words,
    )


@blueprint.get("/events/<slug>/pictures/<int:picture_id>")
@allow(anyone)
def report_picture(slug: str, picture_id: int) -> ResponseReturnValue:
    """A picture of a public report, or of a draft for its organizers."""
    event = seen_or_404(slug).event
    picture, written = find_or_404(reports.picture(event.id, picture_id))
    if not written.is_public and not policy.may_edit(viewer, event):
        abort(404)
    return uploads.answer(picture.upload)


@blueprint.route("/events/feedback/<token>", methods=["GET", "POST"])
@allow(anyone)
def feedback(token: str) -> ResponseReturnValue:
    """The link in the mail after an event: opening asks, the button keeps the answer."""
    own = _own_or_404(token)
    form = FeedbackForm()
    if not form.is_submitted():
        return _feedback_page(own, form)
    if not form.validate():
        return _feedback_page(own, form), 422
    reports.answer(own, int(form.stars.data), form.advice.data or "")
    return see_other("events.event", slug=own.event.slug, done="feedback-kept")


def _feedback_page(own: SignUp, form: FeedbackForm) -> str:
    again = reports.answer_of(own) is not None
    return render_template(
        "events/feedback.html", event=own.event, form=form, again=again, words=words
    )


def _own_or_404(token: str) -> SignUp:
    ids = tokens.read(afterwords.FEEDBACK, token)
    if ids is None or len(ids) != 1:
        abort(404)
    return find_or_404(queries.sign_up(ids[0]))
