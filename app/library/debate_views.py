"""Debates, and the guide that a local meeting prints to discuss one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.foundation import documents, language, pagecontext, text
from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404
from app.library import reading_queries, words
from app.library.blueprint import blueprint
from app.library.reading_models import Argument, Debate, DebateLink, LinkRole, Position

MINUTES = (10, 15, 30, 20, 15)
"""Welcome, reading, small groups, everybody together, what we do next."""


@blueprint.get("/library/debates/")
@allow(anyone)
def debates() -> ResponseReturnValue:
    return render_template("library/debates.html", debates=reading_queries.debates())


@blueprint.get("/library/debates/<slug>")
@allow(anyone)
def debate(slug: str) -> ResponseReturnValue:
    asked, neighbors = reading_queries.debate_and_neighbors(slug)
    found = find_or_404(asked)
    return render_template(
        "library/debate.html",
        debate=found,
        arguments=reading_queries.arguments(found.id),
        links=_by_role(reading_queries.links(found.id)),
        neighbors=neighbors,
        words=words,
    )


@blueprint.get("/library/debates/<slug>/guide.pdf")
@allow(anyone)
def guide(slug: str) -> ResponseReturnValue:
    found = find_or_404(reading_queries.debate(slug))
    values = _guide(found, reading_queries.arguments(found.id), reading_queries.links(found.id))
    return documents.pdf_answer("library/print/guide.typ", values, found.slug)


def _by_role(links: Sequence[DebateLink]) -> dict[LinkRole, list[DebateLink]]:
    found: dict[LinkRole, list[DebateLink]] = {}
    for role in LinkRole:
        of_role = [link for link in links if link.role == role]
        if of_role:
            found[role] = of_role
    return found


def _guide(
    debate: Debate, arguments: Sequence[Argument], links: Sequence[DebateLink]
) -> dict[str, Any]:
    plan = (
        _("Welcome, and the question read aloud"),
        _("Everybody reads the arguments"),
        _("Small groups, each with one argument that they defend"),
        _("All together: what convinced us, what did not"),
        _("What our alliance does next, and who"),
    )
    return {
        "language": language.current(),
        "site": pagecontext.site().name,
        "heading": _("Discussion guide"),
        "title": debate.title,
        "body": text.plain(debate.body),
        "arguments_heading": _("The arguments"),
        "arguments": [
            {
                "position": str(words.POSITIONS[Position(each.position)][0]),
                "title": each.title,
                "summary": each.summary,
            }
            for each in arguments
        ],
        "plan_heading": _("A plan for 90 minutes"),
        "plan": [
            [_("%(num)d minutes", num=m), step] for m, step in zip(MINUTES, plan, strict=True)
        ],
        "links_heading": _("To read before"),
        "links": [[link.title, link.url] for link in links if link.role == LinkRole.KEY_RESOURCE],
        "notes_heading": _("Notes"),
    }
