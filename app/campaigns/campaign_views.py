"""The public page of a campaign; it never shows where the votes stand, asks, owners, evidence."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.campaigns import campaign_policy as policy
from app.campaigns import clauses, measure_queries, partial, pursuits, stages, text_papers, texts
from app.campaigns import decider_words as deciders
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.measure_models import Measure
from app.campaigns.measure_queries import Seen
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import find_or_404


@blueprint.get("/campaigns/<slug>")
@allow(anyone)
@same_for_visitors
def campaign(slug: str) -> ResponseReturnValue:
    return campaign_page(seen_or_404(slug))


def seen_or_404(slug: str) -> Seen:
    """A campaign as the viewer may see it; what is not published does not exist for others."""
    seen = find_or_404(measure_queries.seen(slug))
    if not policy.may_see(viewer, seen.measure):
        abort(404)
    return seen


def campaign_page(seen: Seen) -> str:
    """The page that everybody sees."""
    measure = seen.measure
    entries = measure_queries.path(measure.id)
    return render_template(
        "campaigns/campaign.html",
        measure=measure,
        seen=seen,
        text=measure_queries.current_clauses(measure.id),
        opening=clauses.opening,
        manner=text_papers.manner_of(measure.instrument),
        with_blanks=clauses.with_blanks,
        entries=entries,
        passed_on=measure_queries.reached_on(entries, stages.Stage.FINAL) or measure.stage_on,
        years=measure_queries.years_of(measure.body_id),
        recommendation_url=pursuits.recommendation_url(measure),
        next_date=measure_queries.next_public_date(entries, seen.turnout),
        meant_for=measure_queries.meant_for(measure),
        phases=words.phases(measure),
        position=words.position(measure),
        takes_names=takes_names(seen),
        organizes=policy.may_edit(viewer, measure),
        partial=partial,
        deciders=deciders,
        words=words,
    )


def takes_names(seen: Seen) -> bool:
    """People can add their name while something is asked for that we want."""
    return is_open(seen.measure)


def is_open(measure: Measure) -> bool:
    """The same where only the record was read."""
    return (
        not measure.opposed
        and measure.stage in stages.RUNNING
        and measure.published_at is not None
        and not measure.historical
    )


@blueprint.get("/campaigns/<slug>/text.txt")
@allow(anyone)
def text_file(slug: str) -> ResponseReturnValue:
    """One line for each clause, as proclamation forms want it."""
    measure = seen_or_404(slug).measure
    words = text_papers.plain(measure, find_or_404(texts.current(measure.id)))
    return clauses.with_blanks(words), 200, {"Content-Type": "text/plain; charset=utf-8"}
