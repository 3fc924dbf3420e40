"""The councils that an alliance keeps, at its desk: the list, adding one, its page, its facts."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances import queries as alliances
from app.alliances.policy import coordinates
from app.campaigns import council_actions as actions
from app.campaigns import council_queries as queries
from app.campaigns import council_words as words
from app.campaigns import (
    deadlines,
    division_search,
    divisions,
    likely_bodies,
    patterns,
    reckoning,
    rule_words,
    rules,
)
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Body, RuleKey
from app.campaigns.council_forms import CouncilForm, NewCouncilForm, rule_defaults, rule_form
from app.campaigns.place_models import Division
from app.foundation import clock
from app.foundation.db import db
from app.foundation.forms import Form
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone
from app.foundation.tables import page_number
from app.foundation.web import find_or_404, see_other

notices(
    council_kept=_l("Your alliance keeps this council now. Add its rules and its members next."),
    council_saved=_l("Saved. Deadlines were reckoned anew."),
    council_removed=_l("Removed."),
)


@blueprint.get("/desk/<alliance>/councils")
@allow(coordinates)
def councils(alliance: str) -> ResponseReturnValue:
    ours = find_or_404(alliances.by_slug(alliance))
    bodies = db.scalars(queries.councils(ours.id).order_by(Body.name)).all()
    known = deadlines.facts_of([body.id for body in bodies])
    return render_template(
        "campaigns/councils.html",
        alliance=ours,
        bodies=bodies,
        known=known,
        today=clock.today(ours.time_zone),
        words=words,
        is_stale=rules.is_stale,
    )


@blueprint.get("/desk/<alliance>/councils/new")
@allow(coordinates)
def pick_place(alliance: str) -> ResponseReturnValue:
    """Which place? Suggestions by name, each with its state and county."""
    ours = find_or_404(alliances.by_slug(alliance))
    sought = request.args.get("place", "")[:100]
    return render_template(
        "campaigns/pick_place.html",
        alliance=ours,
        sought=sought,
        found=division_search.search(sought, page_number()),
        words=words,
    )


@blueprint.route("/desk/<alliance>/councils/new/council", methods=["GET", "POST"])
@allow(coordinates)
def new_council(alliance: str) -> ResponseReturnValue:
    ours = find_or_404(alliances.by_slug(alliance))
    wanted = request.args.get("division", "")
    form = NewCouncilForm(division=wanted, time_zone=ours.time_zone)
    if not form.is_submitted():
        _guess(form, wanted)
        return _form_page(ours, form, _("A new council"))
    if not form.validate() or form.division.division is None:
        return _form_page(ours, form, _("A new council")), 422
    return _keep(ours, form, form.division.division)


def _guess(form: NewCouncilForm, wanted: str) -> None:
    """A council's likely kind and name, from its place's id."""
    try:
        place = divisions.unlisted(divisions.canonical(divisions.checked_id(wanted)))
    except divisions.MalformedDivision:
        return
    kind = likely_bodies.kind_of(place)
    form.kind.data, form.name.data = kind.value, likely_bodies.name_of(place, kind)


def _keep(ours: Any, form: NewCouncilForm, division: Division) -> ResponseReturnValue:
    try:
        body = actions.keep(ours, division, form.about())
    except actions.KeptElsewhere as refusal:
        name = refusal.body.alliance.name if refusal.body.alliance else ""
        form.add_error("name", _("%(alliance)s keeps this council already.", alliance=name))
        return _form_page(ours, form, _("A new council")), 422
    return see_other(
        "campaigns.council", alliance=ours.slug, council=body.slug, done="council-kept"
    )


@blueprint.get("/desk/<alliance>/councils/<council>")
@allow(coordinates)
def council(alliance: str, council: str) -> ResponseReturnValue:
    return render_template("campaigns/council.html", **_page(kept(alliance, council)))


@blueprint.get("/councils/<council>")
@allow(anyone)
def public_council(council: str) -> ResponseReturnValue:
    """What everybody may know: seats, rules, meetings; all of it public record."""
    body = find_or_404(queries.by_slug(council))
    return render_template("campaigns/public_council.html", **_page(body))


def _page(body: Body) -> dict[str, Any]:
    today = clock.today(body.time_zone)
    facts = deadlines.facts_of([body.id])[body.id]
    committees = queries.committees_of(body)
    rhythms = queries.patterns_of(body)
    return {
        "alliance": body.alliance,
        "body": body,
        "words": words,
        "rule_words": rule_words,
        "today": today,
        "facts": facts,
        "is_stale": rules.is_stale,
        "still_open": reckoning.unasked(facts),
        "seats": queries.seats_of(body, today),
        "committees": committees,
        "rhythms": rhythms,
        "meets": {key: words.meets(patterns.read(each.rule)) for key, each in rhythms.items()},
        "meetings": queries.meetings_of(body, today),
        "coming": coming(facts, body),
    }


def coming(facts: reckoning.Facts, body: Body) -> list[patterns.Sitting]:
    """The next regular meetings, at most five."""
    sittings = facts.calendar.onwards(clock.today(body.time_zone))
    return [sitting for _, sitting in zip(range(5), sittings, strict=False)]


@blueprint.get("/desk/<alliance>/councils/<council>/call")
@allow(coordinates)
def call_clerk(alliance: str, council: str) -> ResponseReturnValue:
    """The questions to read out on the phone, the answered ones too; answers become rules."""
    body = kept(alliance, council)
    facts = deadlines.facts_of([body.id])[body.id]
    return render_template(
        "campaigns/call_clerk.html",
        alliance=body.alliance,
        body=body,
        questions=reckoning.to_ask(facts),
        still_open=reckoning.unasked(facts),
        facts=facts,
        words=words,
        rule_words=rule_words,
        answers=reckoning.ANSWERED_BY,
    )


RULE_KEYS = {key.value: key for key in RuleKey}


@blueprint.route("/desk/<alliance>/councils/<council>/edit", methods=["GET", "POST"])
@allow(coordinates)
def edit_council(alliance: str, council: str) -> ResponseReturnValue:
    body = kept(alliance, council)
    form = CouncilForm.of(body)
    if not form.is_submitted():
        return council_form(body, form, _("Change the council"))
    if not form.validate():
        return council_form(body, form, _("Change the council")), 422
    actions.save(body, form.about())
    return saved(body)


@blueprint.route("/desk/<alliance>/councils/<council>/rules/<key>", methods=["GET", "POST"])
@allow(coordinates)
def edit_rule(alliance: str, council: str, key: str) -> ResponseReturnValue:
    body = kept(alliance, council)
    rule = find_or_404(RULE_KEYS.get(key))
    label, hint = rule_words.RULES[rule]
    form = rule_form(rule)(**rule_defaults(rule, queries.rule(body, rule)))
    if not form.is_submitted():
        return council_form(body, form, label, hint)
    if not form.validate():
        return council_form(body, form, label, hint), 422
    actions.set_rule(body, rule, form.value(), form.source())
    return saved(body)


def kept(alliance: str, council: str) -> Body:
    """A council of this alliance; another's does not exist here."""
    return find_or_404(queries.kept_by(alliance, council))


def saved(body: Body) -> ResponseReturnValue:
    alliance = body.alliance.slug if body.alliance else ""
    return see_other(
        "campaigns.council", alliance=alliance, council=body.slug, done="council-saved"
    )


def council_form(body: Body, form: Form, heading: Any, hint: Any = "") -> str:
    """A form about a council, with the way back to its page."""
    return _form_page(body.alliance, form, heading, hint, body)


def _form_page(
    alliance: Any, form: Form, heading: Any, hint: Any = "", body: Body | None = None
) -> str:
    return render_template(
        "campaigns/council_form.html",
        alliance=alliance,
        form=form,
        heading=heading,
        hint=hint,
        body=body,
    )
