"""The sign-on letter: organizations and people who may be named, grouped, for the council."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.alliances.organization_words import KINDS
from app.campaigns import decider_words as deciders
from app.campaigns import endorsement_queries, office_words, signing
from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Endorsement, Signature
from app.foundation import clock, language, pagecontext, text

STAR = "*"
"""Behind what is printed for identification only."""


def values(measure: Measure) -> dict[str, Any]:
    """What the printed letter says; only who may be named stands on it by name."""
    council = office_words.council(measure.body)
    said = endorsement_queries.of_measure(measure.id, public=True)
    organizations = [each for each in said if not each.for_identification]
    signatures = signing.listed(measure.id)
    signed = endorsement_queries.signed(measure.id)
    place = words.where(measure) or council
    local = [signer(each) for each in signatures if each.is_local] + in_person(said)
    elsewhere = [signer(each) for each in signatures if not each.is_local]
    return {
        "language": language.current(),
        "title": measure.title,
        "day": pagecontext.long_date(clock.today(measure.body.time_zone)),
        "to": [each for each in (council, measure.body.clerk_address) if each],
        "opening": deciders.said(
            deciders.wording(measure).sign_on, council=council, title=measure.title
        ),
        "about": [part for part in text.plain(measure.about).split("\n\n") if part],
        "count": _count(signed.confirmed, signed.local, place),
        "organizations_heading": _("Organizations"),
        "organizations": _by_kind(organizations),
        "groups": [
            {"heading": heading, "names": names}
            for heading, names in (
                (_("From %(place)s", place=place), local),
                (_("From elsewhere"), elsewhere),
            )
            if names
        ],
        "note": _("* For identification only; the organization itself does not sign.")
        if is_marked([*local, *elsewhere])
        else "",
    }


def is_marked(names: Sequence[str]) -> bool:
    """Whether something is printed for identification only, which a note then says."""
    return any(name.endswith(STAR) for name in names)


def _by_kind(said: Sequence[Endorsement]) -> list[dict[str, Any]]:
    """Organizations by what they are; within a kind by name."""
    order = list(KINDS)
    ranked = sorted(said, key=lambda each: order.index(each.organization.kind))
    return [
        {"heading": str(KINDS[kind]), "names": [_organization(each) for each in group]}
        for kind, group in groupby(ranked, key=lambda each: each.organization.kind)
    ]


def _organization(own: Endorsement) -> str:
    who = ", ".join(part for part in (own.authorized_by, own.authorized_title) if part)
    name = ", ".join(part for part in (own.organization.name, own.organization.city) if part)
    return str(_("%(organization)s (by %(who)s)", organization=name, who=who)) if who else name


def in_person(said: Sequence[Endorsement]) -> list[str]:
    """Those who sign themselves, with the organization that only tells who they are."""
    return [_person(each) for each in said if each.for_identification and each.authorized_by]


def _person(own: Endorsement) -> str:
    post = ", ".join(part for part in (own.authorized_title, own.organization.name) if part)
    return f"{own.authorized_by}, {post}{STAR}"


def signer(own: Signature) -> str:
    """Somebody's name as they show it, with the post that only tells who they are."""
    shown = own.person.name
    return f"{shown}, {own.affiliation}{STAR}" if own.affiliation else shown


def _count(confirmed: int, local: int, place: str) -> str:
    """All who signed are counted, whether or not they show their names."""
    if not confirmed:
        return ""
    people = ngettext(
        "%(num)s person has asked for this", "%(num)s people have asked for this", confirmed
    )
    said = _("%(people)s; %(local)s of them live in %(place)s.", people=people, local=local,
             place=place)  # fmt: skip
    return str(said)
