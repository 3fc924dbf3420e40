"""The desk page of one campaign, put together, and the plain pages with one form around it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from app.campaigns import (
    campaign_deadlines,
    clauses,
    fact_words,
    known_facts,
    measure_queries,
    moving,
    partial,
    pursuits,
    renewal_queries,
    stages,
    text_checks,
    text_papers,
    whip,
    whip_words,
)
from app.campaigns import decider_words as deciders
from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.foundation.forms import Form


def page(measure: Measure) -> str:
    """What is next, by when and who does it; then everything that is known."""
    entries = moving.history(measure.id)
    due = campaign_deadlines.of(measure)
    return render_template(
        "campaigns/manage.html",
        alliance=measure.alliance,
        measure=measure,
        entries=entries,
        disordered=moving.disordered(entries),
        offers=stages.offers(measure.stage, words.track(measure), opposed=measure.opposed),
        sources=measure_queries.sources(measure.id),
        text=measure_queries.current_clauses(measure.id),
        still_open=text_checks.still_open(measure),
        opening=clauses.opening,
        manner=text_papers.manner_of(measure.instrument),
        phases=words.phases(measure),
        position=words.position(measure),
        has_voted=measure.stage in stages.VOTED and not measure.opposed,
        missing=missing_now(measure),
        votes=whip.board(measure, {}).now,
        whip_words=whip_words,
        due=due,
        renewal=renewal_queries.of_measure(measure.id),
        recommendation_url=pursuits.recommendation_url(measure),
        steps=campaign_deadlines.NAMES,
        fact_words=fact_words,
        partial=partial,
        words=words,
        deciders=deciders,
    )


_OF_TEXT = ("title", "whereas", "resolved", "text_version")


@dataclass(frozen=True)
class Missing:
    """What the record lacks for the step that usually comes next, and the page that takes it."""

    facts: str
    button: str
    url: str


def missing_now(measure: Measure) -> Missing | None:
    following = stages.expected(measure.stage, words.track(measure), opposed=measure.opposed)
    if following is None:
        return None
    known = known_facts.of(measure)
    lacking = [fact for fact in stages.missing(following, known) if fact in stages.FROM_RECORD]
    if not lacking:
        return None
    facts = _("the text") if "text_version" in lacking else fact_words.named(lacking)
    return Missing(facts, *_where_to_enter(measure, lacking[0]))


def _where_to_enter(measure: Measure, fact: str) -> tuple[str, str]:
    """The words of a button and its page."""
    alliance, council = measure.alliance.slug if measure.alliance else "", measure.body

    def page(endpoint: str) -> str:
        return url_for(endpoint, alliance=alliance, measure_id=measure.id)

    if fact in _OF_TEXT:
        return _("Write the text"), page("campaigns.text")
    if fact == "whip_rating":
        return _("Note a first guess"), page("campaigns.where_votes_stand")
    if fact == "body_roster" and council.alliance_id == measure.alliance_id:
        roster = url_for("campaigns.roster", alliance=alliance, council=council.slug)
        return _("Enter who sits there"), roster
    return _("Change who and when"), page("campaigns.edit")


def form_page(
    measure: Measure,
    form: Form,
    title: str,
    submit: str,
    *,
    lead: str = "",
    problem: str = "",
    warning: str = "",
) -> str:
    """A page with one form about a campaign."""
    return render_template(
        "campaigns/form.html",
        alliance=measure.alliance,
        measure=measure,
        form=form,
        title=title,
        submit=submit,
        lead=lead,
        problem=problem,
        warning=warning,
    )
