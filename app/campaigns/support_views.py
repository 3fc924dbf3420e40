"""The desk's page of who supports a campaign, and endorsements as they come on paper."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import contacting, endorsing, renewal_changes, sign_on_letter
from app.campaigns import endorsement_queries as queries
from app.campaigns.blueprint import blueprint
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.endorsement_forms import PaperForm
from app.campaigns.measure_models import Measure
from app.foundation import clock, documents, uploads
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, takes_files, viewer
from app.foundation.web import find_or_404, see_other

notices(
    endorsement_recorded=_l("Kept. Whoever speaks for the organization gets a mail about it."),
    endorsers_asked=_l("Last year's organizations are asked again, each once."),
    endorsers_left=_l(
        "Nobody could be written to for some of last year's organizations: please ask them by "
        "voice. All others are asked again, each once."
    ),
)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/support")
@allow(coordinates)
def support(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    return render_template(
        "campaigns/support.html",
        alliance=measure.alliance,
        measure=measure,
        signed=queries.signed(measure.id),
        by_zip=queries.signed_by_zip(measure.id),
        endorsements=queries.of_measure(measure.id),
        told=contacting.told(measure.id),
    )


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/endorsements/new", methods=["GET", "POST"]
)
@takes_files
@allow(coordinates)
def record_endorsement(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    offered = db.scalars(queries.may_be_recorded(measure)).all()
    form = PaperForm(data={"on": clock.today()})
    form.offer(offered)
    if not form.validate_on_submit() or not _recorded(measure, form):
        return _paper_page(measure, form), 422 if form.errors else 200
    return _back(alliance, measure_id, "endorsement-recorded")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/endorsements/<int:number>/withdraw")
@allow(coordinates)
def drop_endorsement(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    """The organization told us that it endorses no more."""
    measure = campaign_or_404(alliance, measure_id)
    endorsing.withdraw(find_or_404(queries.numbered(measure.id, number)))
    return _back(alliance, measure_id, "endorsement-withdrawn")


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/endorsements/<int:number>.pdf")
@allow(coordinates)
def endorsement_paper(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    own = find_or_404(queries.numbered(measure.id, number))
    upload = db.get(uploads.Upload, own.document_id) if own.document_id else None
    return uploads.answer(find_or_404(upload), own.organization.slug)


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/endorsements/ask-again")
@allow(coordinates)
def ask_endorsers(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    endorsing.ask_endorsers_again(measure)
    left = renewal_changes.not_asked(measure.prior_session_id or 0, measure.id)
    return _back(alliance, measure_id, "endorsers-left" if left else "endorsers-asked")


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/letter.pdf")
@allow(coordinates)
def sign_on(alliance: str, measure_id: int) -> ResponseReturnValue:
    """The letter to the council with everybody who may be named."""
    measure = campaign_or_404(alliance, measure_id)
    values = sign_on_letter.values(measure)
    return documents.pdf_answer("campaigns/print/sign_on.typ", values, f"letter-{measure.slug}")


def _recorded(measure: Measure, form: PaperForm) -> bool:
    """Keep what came on paper, or say beside the form why not."""
    offered = db.scalars(queries.may_be_recorded(measure)).all()
    organization = next(each for each in offered if each.slug == form.organization.data)
    document = form.document.data or None
    try:
        endorsing.record(
            measure,
            organization,
            form.given(),
            document,
            by_id=viewer.person_id,
            proposed=not viewer.is_staff,
        )
    except endorsing.Endorsed:
        form.add_error("organization", _("It endorses this already."))
    except endorsing.NoAuthority:
        form.add_error("evidence", _("Please add the paper or say where it is."))
    except endorsing.NoDocument:
        form.add_error("document", _("To name it in public, please add the signed paper."))
    except uploads.Refused as refused:
        form.add_error("document", str(refused.words))
    return not form.errors


def _paper_page(measure: Measure, form: PaperForm) -> str:
    return render_template(
        "campaigns/record_endorsement.html", alliance=measure.alliance, measure=measure, form=form
    )


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.support", alliance=alliance, measure_id=measure_id, done=done)
