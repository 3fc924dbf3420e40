"""After adoption at the desk: paper, thanks, press note, copies, next year; the paper in public."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import aftercare, campaign_plan, congress
from app.campaigns import measure_words as words
from app.campaigns.aftercare_forms import CopiesForm, OfficialCopyForm, ThanksForm
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_views import seen_or_404
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.foundation import clock, uploads
from app.foundation.forms import chosen, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import find_or_404, see_other
from app.work import queries as work
from app.work import registry
from app.work import words as to_do_words

notices(
    official_copy=_l("The official copy is on file, and everybody can read it."),
    thanks_noted=_l("Noted."),
    copies_noted=_l("Noted. If these were all, say below that copies were sent."),
    copies_there=_l("This was noted already. Nothing was added."),
)


@blueprint.get("/campaigns/<slug>/official-copy.pdf")
@allow(anyone)
def official_copy(slug: str) -> ResponseReturnValue:
    measure = seen_or_404(slug).measure
    return uploads.answer(find_or_404(aftercare.official_copy(measure.id)), measure.slug)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/after")
@allow(coordinates)
def after(alliance: str, measure_id: int) -> ResponseReturnValue:
    return _page(_wanted_or_404(alliance, measure_id))


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/after/copy")
@allow(coordinates)
def keep_official_copy(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure, form = _wanted_or_404(alliance, measure_id), OfficialCopyForm()
    if not form.validate():
        return _page(measure, paper=form), 422
    try:
        aftercare.keep_official_copy(measure, form.document.data, by_id=viewer.person_id)
    except uploads.Refused as refused:
        form.add_error("document", str(refused.words))
        return _page(measure, paper=form), 422
    return _back(alliance, measure_id, "official-copy")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/after/thanks")
@allow(coordinates)
def note_thanks(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = _wanted_or_404(alliance, measure_id)
    form = ThanksForm(prefix="thanks").at(measure.body.time_zone)
    if not form.validate():
        return _page(measure, thanked=form), 422
    aftercare.thank(
        measure, typed(form.name), chosen(form.on), typed(form.how), by_id=viewer.person_id
    )
    return _back(alliance, measure_id, "thanks-noted")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/after/copies")
@allow(coordinates)
def note_copies(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = _wanted_or_404(alliance, measure_id)
    form = CopiesForm(prefix="copies").at(measure.body.time_zone)
    form.offer(congress.members(measure))
    if not form.validate():
        return _page(measure, copies=form), 422
    try:
        new = aftercare.send_copies(
            measure,
            form.members.data or [],
            form.other_names,
            chosen(form.sent_on),
            typed(form.how),
            by_id=viewer.person_id,
        )
    except aftercare.NobodyNamed:
        form.add_error("members", str(_l("Choose or type at least one.")))
        return _page(measure, copies=form), 422
    return _back(alliance, measure_id, "copies-noted" if new else "copies-there")


def _wanted_or_404(alliance: str, measure_id: int) -> Measure:
    """Nobody gives thanks for what they oppose, or asks for it again."""
    measure = campaign_or_404(alliance, measure_id)
    if measure.opposed:
        abort(404)
    return measure


def _page(
    measure: Measure,
    *,
    paper: OfficialCopyForm | None = None,
    thanked: ThanksForm | None = None,
    copies: CopiesForm | None = None,
) -> str:
    today = clock.today(measure.body.time_zone)
    waiting = aftercare.to_thank(measure)
    copies_form = copies or CopiesForm(prefix="copies", data={"sent_on": today})
    copies_form.offer(congress.members(measure))
    to_dos = work.about(campaign_plan.SUBJECT, measure.id)
    return render_template(
        "campaigns/after.html",
        alliance=measure.alliance,
        measure=measure,
        paper=paper or OfficialCopyForm(),
        has_copy=aftercare.official_copy(measure.id) is not None,
        thanked=thanked
        or ThanksForm(prefix="thanks", data={"on": today, "name": next(iter(waiting), "")}),
        thanks=aftercare.thanks(measure.id),
        waiting=waiting,
        copies=copies_form,
        sent=aftercare.copies(measure.id),
        note=aftercare.press_note(measure),
        seed=aftercare.next_year(measure),
        to_dos=[each for each in to_dos if each.key in campaign_plan.AFTER_KEYS],
        title_of=registry.title_of,
        to_do_words=to_do_words,
        today=today,
        words=words,
    )


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.after", alliance=alliance, measure_id=measure_id, done=done)
