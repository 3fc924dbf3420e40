"""Pages on which staff choose readers: saved audiences, and the readers of one draft.

The builder works by buttons that send the whole form; where scripts run, the same answers are
put into the page while people type (see static/audience.js).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from app.digests import audience, builder, queries, samples, saved_audiences, tree, words
from app.digests.audience import Audience
from app.digests.blueprint import blueprint
from app.digests.builder import Node
from app.digests.forms import AudienceFilters, AudienceForm, UseForm, VersionedForm
from app.digests.models import Issue, SavedAudience
from app.foundation import tables
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.people.models import DigestEvery

notices(
    audience_saved=_l("Saved. Digests can use it now."),
    audience_deleted=_l("Deleted. Drafts that used it keep its conditions."),
    audience_chosen=_l("Saved. These are the readers of this digest."),
    audience_fixed=_l("This digest is scheduled, so its readers stay. Take it back first."),
)


def _search(query: Any, form: AudienceFilters) -> Any:
    if not form.search.data:
        return query
    name = func.lower(SavedAudience.name)
    return query.where(name.like(tables.like(form.search.data), escape="\\"))


LISTING: Listing[SavedAudience] = Listing(
    name="audiences",
    columns=(
        Column("name", _l("Name"), lambda row: row.name, SavedAudience.name),
        Column("changed", _l("Last change"), lambda row: row.updated_at, SavedAudience.updated_at),
    ),
    sort="name",
    tie_break=SavedAudience.id,
    filters=AudienceFilters,
    apply=_search,
)


@blueprint.get("/staff/audiences")
@allow(staff)
def audiences() -> ResponseReturnValue:
    page = tables.page_of(LISTING, saved_audiences.every())
    return render_template("digests/audiences.html", page=page)


@blueprint.get("/staff/audiences/new")
@allow(staff)
def new_audience() -> ResponseReturnValue:
    return _builder(builder.node(builder.of(tree.EVERYBODY)), AudienceForm())


@blueprint.post("/staff/audiences/new")
@allow(staff)
def create_audience() -> ResponseReturnValue:
    form = AudienceForm()

    def save(node: Node) -> ResponseReturnValue:
        by_id = find_or_404(viewer.person_id)
        saved_audiences.create(typed(form.name), node.chosen(), by_id=by_id)
        return see_other("digests.audiences", done="audience-saved")

    return _clicked(save, form=form)


@blueprint.get("/staff/audiences/<int:audience_id>")
@allow(staff)
def saved_audience(audience_id: int) -> ResponseReturnValue:
    found = saved_audiences.one(audience_id)
    form = AudienceForm(name=found.name, version=str(found.version))
    node = builder.node(builder.of(tree.from_json(found.chosen)))
    return _builder(node, form, saved=found)


@blueprint.post("/staff/audiences/<int:audience_id>")
@allow(staff)
def save_audience(audience_id: int) -> ResponseReturnValue:
    found = saved_audiences.one(audience_id)
    form = AudienceForm()

    def save(node: Node) -> ResponseReturnValue:
        name, version = typed(form.name), form.read_version()
        saved_audiences.save(audience_id, name, node.chosen(), version=version)
        return see_other("digests.audiences", done="audience-saved")

    return _clicked(save, form=form, saved=found)


@blueprint.get("/staff/audiences/<int:audience_id>/delete")
@allow(staff)
def delete_audience(audience_id: int) -> ResponseReturnValue:
    found = saved_audiences.one(audience_id)
    uses = saved_audiences.uses(found)
    return render_template("digests/delete_audience.html", saved=found, uses=uses)


@blueprint.post("/staff/audiences/<int:audience_id>/delete")
@allow(staff)
def audience_deleted(audience_id: int) -> ResponseReturnValue:
    saved_audiences.delete(audience_id)
    return see_other("digests.audiences", done="audience-deleted")


@blueprint.get("/staff/digests/<int:issue_id>/audience")
@allow(staff)
def readers(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    if issue.mailing_id is not None:
        return see_other("digests.issue", issue_id=issue_id, done="audience-fixed")
    return _builder(_readers_now(issue), VersionedForm(version=str(issue.version)), issue=issue)


@blueprint.post("/staff/digests/<int:issue_id>/audience")
@allow(staff)
def choose_readers(issue_id: int) -> ResponseReturnValue:
    form = VersionedForm()

    def save(node: Node) -> ResponseReturnValue:
        done = saved_audiences.choose(issue_id, node.chosen(), version=form.read_version())
        return _chosen(issue_id, done=done)

    return _clicked(save, form=form, issue=queries.issue(issue_id))


@blueprint.post("/staff/digests/<int:issue_id>/audience/saved")
@allow(staff)
def use_saved(issue_id: int) -> ResponseReturnValue:
    form = UseForm()
    if not form.validate_on_submit():
        return see_other("digests.readers", issue_id=issue_id)
    try:
        done = saved_audiences.use(issue_id, form.saved.data, version=form.read_version())
    except saved_audiences.StaleAudience:
        issue = queries.issue(issue_id)
        return _both_versions(_readers_now(issue), VersionedForm(), issue=issue)
    return _chosen(issue_id, done=done)


def _readers_now(issue: Issue) -> Node:
    return builder.node(builder.of(audience.of(issue).chosen))


def _chosen(issue_id: int, *, done: bool) -> ResponseReturnValue:
    notice = "audience-chosen" if done else "audience-fixed"
    return see_other("digests.issue", issue_id=issue_id, done=notice)


def _clicked(
    save: Callable[[Node], ResponseReturnValue], *, form: VersionedForm, **shown: Any
) -> ResponseReturnValue:
    """Add or take away a condition, count anew, or save if nothing speaks against it."""
    root = builder.read(request.form)
    act = request.form.get("do", "")
    if act != "save":
        builder.act(root, act)
        return _builder(builder.node(root), form, sampled=True, checked=act == "count", **shown)
    node = builder.node(root)
    if not all([node.is_valid(), form.validate()]):
        return _builder(node, form, sampled=True, **shown), 422
    try:
        return save(node)
    except saved_audiences.NameTaken:
        form.add_error("name", _("Another saved audience has this name."))
        return _builder(node, form, sampled=True, **shown), 422
    except saved_audiences.StaleAudience:
        return _both_versions(node, form, **shown)


def _both_versions(node: Node, form: VersionedForm, **shown: Any) -> ResponseReturnValue:
    """What somebody else saved beside what was clicked; saving again replaces theirs."""
    version, *theirs = _theirs(**shown)
    form.version.data = str(version)
    return _builder(node, form, theirs=theirs, **shown), 409


def _theirs(
    *, issue: Issue | None = None, saved: SavedAudience | None = None
) -> tuple[int, str, str]:
    """The version, the name and the words of the choice that is kept now."""
    if issue is not None:
        now = audience.of(issue).chosen
        return issue.version, str(_("Its readers now")), tree.sentence(now)
    found = find_or_404(saved)
    return found.version, found.name, tree.sentence(tree.from_json(found.chosen))


def _builder(
    node: Node,
    form: VersionedForm,
    *,
    issue: Issue | None = None,
    sampled: bool = False,
    checked: bool = True,
    **more: Any,
) -> str:
    """The page; a sample only after a click, for it is written down who looked."""
    shown = more | {"node": node, "form": form, "issue": issue, "words": words}
    if issue is not None:
        shown["use"] = UseForm(saved=issue.saved_audience_id)
        shown["use"].version.data = form.version.data
    whom = _whom(node, issue.every if issue else None)
    if not checked:
        node.forget_errors()
    if whom is not None:
        shown |= {"count": audience.count(whom), "whom": tree.sentence(whom.chosen)}
    if whom is not None and sampled:
        shown["sample"] = samples.look(whom, by_id=find_or_404(viewer.person_id))
    return render_template("digests/builder.html", **shown)


def _whom(node: Node, every: DigestEvery | None) -> Audience | None:
    """Who is meant, or None while a condition is not complete."""
    return Audience(node.chosen(), every) if node.is_valid() else None
