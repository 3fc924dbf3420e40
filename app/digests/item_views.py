"""Pages on which staff write news, which digests pick up by themselves."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from app.alliances.models import Alliance
from app.digests import newsroom, queries, told_points
from app.digests.blueprint import blueprint
from app.digests.item_forms import ItemForm, NewsFilters
from app.digests.models import Item
from app.foundation import tables
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other

notices(
    news_saved=_l("Saved. The next digest of each series tells it."),
    news_removed=_l("Thrown away. Digests that told it keep it."),
)


def _search(query: Any, form: NewsFilters) -> Any:
    if not form.search.data:
        return query
    return query.where(func.lower(Item.title).like(tables.like(form.search.data), escape="\\"))


def _for_whom(row: Any) -> str:
    return row.name or str(_("Everybody"))


LISTING: Listing[Any] = Listing(
    name="news",
    columns=(
        Column("title", _l("Title"), lambda row: row.Item.title, Item.title),
        Column("for", _l("For"), _for_whom, Alliance.name),
        Column("from", _l("From"), lambda row: row.Item.from_on, Item.from_on),
        Column("until", _l("Until"), lambda row: row.Item.until_on, Item.until_on),
    ),
    sort="until",
    descending=True,
    tie_break=Item.id,
    filters=NewsFilters,
    apply=_search,
)


@blueprint.get("/staff/digests/news")
@allow(staff)
def news() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return tables.csv_of(LISTING, queries.news(), scalars=False)
    page = tables.page_of(LISTING, queries.news(), scalars=False, export=True)
    return render_template("digests/news.html", page=page, for_whom=_for_whom)


@blueprint.get("/staff/digests/news/new")
@allow(staff)
def new_news() -> ResponseReturnValue:
    form = ItemForm.of(None, **told_points.first_words(request.args.get("point", "")))
    return render_template("digests/edit_news.html", form=form, item=None)


@blueprint.post("/staff/digests/news/new")
@allow(staff)
def write_news() -> ResponseReturnValue:
    form = ItemForm()
    if not form.validate_on_submit():
        return render_template("digests/edit_news.html", form=form, item=None), 422
    by_id = find_or_404(viewer.person_id)
    item = newsroom.write(form.draft(), by_id=by_id)
    told_points.pick(item, form.picked(), by_id=by_id)
    return see_other("digests.news", done="news-saved")


@blueprint.get("/staff/digests/news/<int:item_id>")
@allow(staff)
def edit_news(item_id: int) -> ResponseReturnValue:
    item = find_or_404(db.get(Item, item_id))
    return render_template(
        "digests/edit_news.html",
        form=ItemForm.of(item),
        item=item,
        old_wording=told_points.corrected(item.id),
    )


@blueprint.post("/staff/digests/news/<int:item_id>")
@allow(staff)
def save_news(item_id: int) -> ResponseReturnValue:
    item = find_or_404(db.get(Item, item_id))
    form = ItemForm()
    if not form.validate_on_submit():
        return render_template("digests/edit_news.html", form=form, item=item), 422
    try:
        newsroom.rewrite(item_id, form.draft(), version=form.read_version())
    except newsroom.Stale:
        form.version.data = str(item.version)
        return render_template("digests/edit_news.html", form=form, item=item, theirs=item), 409
    told_points.pick(item, form.picked(), by_id=find_or_404(viewer.person_id))
    return see_other("digests.news", done="news-saved")


@blueprint.post("/staff/digests/news/<int:item_id>/remove")
@allow(staff)
def remove_news(item_id: int) -> ResponseReturnValue:
    told_points.let_go(item_id)
    newsroom.remove(item_id)
    return see_other("digests.news", done="news-removed")
