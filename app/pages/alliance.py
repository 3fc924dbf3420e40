"""The page of an alliance: who it is, what it holds next, and joining."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.alliances import queries, words
from app.alliances.models import Joining, MembershipState
from app.alliances.policy import may_lead
from app.events.queries import announced
from app.events.rhythm import often_by
from app.events.words import title
from app.foundation import clock
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import find_or_404
from app.pages.blueprint import blueprint

SETTLED = (MembershipState.ACTIVE, MembershipState.ASKED)


@blueprint.get("/alliances/<slug>")
@allow(anyone)
@same_for_visitors
def alliance(slug: str) -> ResponseReturnValue:
    seen = find_or_404(queries.seen(slug, viewer.person_id))
    return render_template(
        "pages/alliance.html",
        alliance=seen.alliance,
        own=seen.own if seen.own in SETTLED else None,
        may_lead=may_lead(viewer, seen.alliance),
        may_ask=seen.alliance.joining != Joining.INVITED,
        size=words.how_many_members(seen.members),
        leaders=words.who_leads(seen.coordinators),
        is_led=seen.coordinators > 0,
        stage=words.LIFE_CYCLES[seen.alliance.life_cycle],
        sentence=words.STAGES[seen.alliance.life_cycle],
        often=often_by,
        title_of=title,
        events=announced(seen.alliance.id),
        today=clock.today(),
    )
