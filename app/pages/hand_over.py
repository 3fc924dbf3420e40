"""The page that a new coordinator begins with: what moved to them, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.alliances import queries
from app.alliances.policy import coordinates
from app.campaigns import measure_queries as campaigns
from app.events import queries as events
from app.foundation import clock
from app.foundation.policy import allow
from app.foundation.web import find_or_404
from app.pages.blueprint import blueprint
from app.work import hand_over_plan, registry
from app.work import queries as work
from app.work import words as to_do_words


@blueprint.get("/desk/<alliance>/hand-overs/<int:number>")
@allow(coordinates)
def hand_over(alliance: str, number: int) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    done = find_or_404(queries.hand_over(found.id, number))
    return render_template(
        "pages/hand_over.html",
        alliance=found,
        hand_over=done,
        moved=_moved(done.moved),
        steps=work.about(hand_over_plan.SUBJECT, done.id),
        events=events.upcoming(found.id),
        campaigns=campaigns.running(found.id),
        title_of=registry.title_of,
        to_do_words=to_do_words,
        today=clock.today(found.time_zone),
    )


def _moved(counts: Mapping[str, int]) -> Sequence[str]:
    """What moved, in sentences; what did not is left out."""
    sentences = (
        (counts.get("to_dos"), _to_dos),
        (counts.get("campaigns"), _campaigns),
        (counts.get("asks"), _asks),
        (counts.get("visits"), _visits),
        (counts.get("letters"), _letters),
        (counts.get("door_links"), _door_links),
    )
    return [sentence(number) for number, sentence in sentences if number]


def _to_dos(number: int) -> str:
    return str(
        ngettext("%(num)s open to-do is yours now.", "%(num)s open to-dos are yours now.", number)
    )


def _campaigns(number: int) -> str:
    return str(
        ngettext("You look after %(num)s campaign.", "You look after %(num)s campaigns.", number)
    )


def _asks(number: int) -> str:
    return str(
        ngettext(
            "You ask %(num)s council member for their vote.",
            "You ask %(num)s council members for their votes.",
            number,
        )
    )


def _visits(number: int) -> str:
    return str(
        ngettext(
            "%(num)s visit to an office is yours to follow up.",
            "%(num)s visits to offices are yours to follow up.",
            number,
        )
    )


def _letters(number: int) -> str:
    return str(
        ngettext(
            "%(num)s letter that was a draft or is leaving is yours; the answers come to you.",
            "%(num)s letters that were drafts or are leaving are yours; the answers come to you.",
            number,
        )
    )


def _door_links(number: int) -> str:
    return str(
        ngettext(
            "%(num)s door link is closed; make a new one for its event.",
            "%(num)s door links are closed; make new ones for their events.",
            number,
        )
    )
