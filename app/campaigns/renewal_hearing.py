"""What renewals hear: a day calls its alliances; and what they add to the page of the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _

from app.campaigns import campaign_plan, deadlines, renewal_queries, renewing
from app.campaigns import measure_words as words
from app.campaigns.body_models import Instrument
from app.campaigns.renewal_models import Renewal, RenewalState
from app.events import answers
from app.events.answers import Offer
from app.events.call_models import EditionAnswer
from app.events.models import Edition
from app.foundation import language, links, signals


@signals.edition_opened.connect
def _opened(edition: Edition, *, alliance_ids: Collection[int], **_more: Any) -> None:
    renewing.draft_for(edition, alliance_ids)


@deadlines.body_changed.connect
def _changed(body_id: int, **_more: Any) -> None:
    campaign_plan.reckon_again([body_id])


def offers(answer: EditionAnswer) -> Sequence[Offer]:
    """The renewals that were drafted for an alliance when this day called."""
    found = renewal_queries.offered(answer.edition_id, answer.alliance_id)
    return [_offer(renewal, answer.alliance.slug) for renewal in found]


def _offer(renewal: Renewal, alliance: str) -> Offer:
    prior, measure = renewal.prior, renewal.measure
    said = measure.title if measure else prior.title
    is_request = prior.instrument == Instrument.PROCLAMATION
    title = (
        _("Request again: %(title)s", title=said)
        if is_request
        else _("Ask again: %(title)s", title=said)
    )
    if measure is None:
        url = _url("campaigns.campaign", slug=prior.slug)
        why = _("You said: not this year. %(why)s", why=renewal.reason)
        return Offer(title, why, url, declined=True)
    facts = {"year": prior.year, "place": words.where(prior)}
    return Offer(
        title,
        _(
            "It was proclaimed in %(year)s in %(place)s. Request, text and last day are drafted "
            "anew.",
            **facts,
        )
        if is_request
        else _(
            "It passed in %(year)s in %(place)s. Text, sponsors and last days are drafted anew.",
            **facts,
        ),
        _url("campaigns.renewal", alliance=alliance, measure_id=measure.id),
        taken_up=renewal.state == RenewalState.ACCEPTED,
    )


def _url(endpoint: str, **values: Any) -> str:
    """Whole, because mails say it, too."""
    return links.absolute(endpoint, language=language.current(), **values)


answers.offer_by("campaigns", offers)
