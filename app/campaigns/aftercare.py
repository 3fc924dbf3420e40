"""What follows an adoption: the official copy, thanks, a press note, copies to Congress, next year.

What is noted here ticks off the plan that began when the resolution became final.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage

from app.accounts.audit import audit
from app.campaigns import (
    campaign_plan,
    congress,
    deadlines,
    measure_queries,
    office_words,
    partial,
    records,
    renewing,
    sponsors,
    stages,
)
from app.campaigns import decider_words as deciders
from app.campaigns.aftercare_models import CongressCopy, Thanks
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, MeasureSource, SourceKind
from app.campaigns.stages import Stage
from app.campaigns.vote_models import Vote
from app.foundation import clock, links, text, uploads
from app.foundation.db import db
from app.foundation.uploads import Upload


class NobodyNamed(Exception):
    """A copy goes to somebody."""


@dataclass(frozen=True)
class Seed:
    """Next year: the day it would be for, and the first of its last days."""

    day: date | None
    begin_on: date | None


def keep_official_copy(measure: Measure, file: FileStorage | None, *, by_id: int | None) -> None:
    """The paper itself, which makes the record verified; a later one takes the place of the first.

    Raises uploads.Refused.
    """
    upload = uploads.keep_document(file, by=by_id)
    kept = db.scalars(_copies(measure.id)).first()
    if kept is not None:
        kept.upload_id, kept.checked_on = upload.id, clock.today()
    else:
        title = _("Official copy: %(title)s", title=measure.title)
        records.add_source(measure, SourceKind.OFFICIAL_COPY, str(title), upload_id=upload.id)
    measure.updated_at = clock.now()
    campaign_plan.tick(measure, "official-copy")
    audit("campaigns", "official copy", measure.id)


def official_copy(measure_id: int) -> Upload | None:
    """The paper as everybody may read it."""
    kept = db.scalars(_copies(measure_id)).first()
    return db.get(Upload, kept.upload_id) if kept is not None else None


def thank(measure: Measure, name: str, on: date, how: str, *, by_id: int | None) -> None:
    """Somebody was thanked."""
    db.add(
        Thanks(
            measure_id=measure.id, name=name, on=on, how=how, by_id=by_id, entered_at=clock.now()
        )
    )
    db.flush()
    campaign_plan.tick(measure, "thanks")


def thanks(measure_id: int) -> Sequence[Thanks]:
    return db.scalars(
        select(Thanks).where(Thanks.measure_id == measure_id).order_by(Thanks.on, Thanks.id)
    ).all()


def to_thank(measure: Measure) -> Sequence[str]:
    """The sponsors and the council whom nobody thanked yet."""
    done = {text.slug(each.name) for each in thanks(measure.id)}
    names = [sponsor.name or sponsor.post for sponsor in sponsors.of(measure)]
    body = db.get_one(Body, measure.body_id)
    return [name for name in (*names, body.name) if name and text.slug(name) not in done]


def send_copies(
    measure: Measure,
    legislator_ids: Collection[str],
    others: Collection[str],
    sent_on: date,
    how: str,
    *,
    by_id: int | None,
) -> int:
    """Note that copies went out, once for each member of Congress; how many were new.

    Raises NobodyNamed.
    """
    known = {each.id: each.name for each in congress.members(measure)}
    wanted = [(each, known[each]) for each in legislator_ids if each in known]
    named: list[tuple[str | None, str]] = [*wanted, *((None, name) for name in others)]
    if not named:
        raise NobodyNamed
    there = {(each.legislator_id, each.name) for each in copies(measure.id)}
    new = [(member, name) for member, name in named if (member, name) not in there]
    for member, name in new:
        db.add(
            CongressCopy(
                measure_id=measure.id,
                legislator_id=member,
                name=name,
                sent_on=sent_on,
                how=how,
                by_id=by_id,
                entered_at=clock.now(),
            )
        )
    db.flush()
    campaign_plan.tick(measure, "copies")
    audit("campaigns", "copies sent", measure.id, number=len(new))
    return len(new)


def copies(measure_id: int) -> Sequence[CongressCopy]:
    return db.scalars(
        select(CongressCopy)
        .where(CongressCopy.measure_id == measure_id)
        .order_by(CongressCopy.sent_on, CongressCopy.id)
    ).all()


def known_facts(measure_id: int) -> dict[str, str]:
    """What was noted of copies and thanks, as the stages that say so ask for it."""
    known = {}
    if sent := copies(measure_id):
        known = {
            "recipients": "\n".join(each.name for each in sent),
            "sent_on": sent[-1].sent_on.isoformat(),
            "sending_method": sent[-1].how,
        }
    if thanked := thanks(measure_id):
        known["thanked_on"] = thanked[-1].on.isoformat()
    return known


def press_note(measure: Measure) -> str:
    """A note for the local press in the page's language, with gaps in brackets for the sender.

    It says that something has passed, so there is none before it has.
    """
    if measure.stage not in stages.VOTED:
        return ""
    body = db.get_one(Body, measure.body_id)
    names = [sponsor.name for sponsor in sponsors.of(measure) if sponsor.name]
    entries = measure_queries.path(measure.id)
    on = measure_queries.reached_on(entries, Stage.ADOPTED, Stage.FINAL) or measure.stage_on
    sentences = [
        deciders.said(
            deciders.passed(body),
            council=office_words.council(body),
            title=measure.title,
            day=partial.spoken(on),
            votes=_votes_of(measure.id),
        ),
        _("It was sponsored by %(names)s.", names=", ".join(names)) if names else "",
    ]
    parts = [
        _("FOR IMMEDIATE RELEASE"),
        _("%(place)s speaks up for international justice", place=measure.place or body.name),
        " ".join(str(each) for each in sentences if each),
        measure.about,
        _("“[One sentence of somebody from %(place)s]”", place=measure.place or body.name),
        _(
            "The text: %(url)s",
            url=links.absolute("campaigns.campaign", slug=measure.slug),
        ),
        _("Contact: [your name, phone and e-mail address]"),
    ]
    return "\n\n".join(str(part) for part in parts if part)


def next_year(measure: Measure) -> Seed:
    """When the next one is due, so that somebody begins in time."""
    if measure.target_on is None:
        return Seed(None, None)
    day = renewing.moved(measure.target_on, measure.target_on.year + 1)
    timeline = deadlines.of(db.get_one(Body, measure.body_id), measure.instrument, day)
    return Seed(day, timeline.steps[0].day if timeline.steps else None)


def _copies(measure_id: int) -> Select[MeasureSource]:
    return (
        select(MeasureSource)
        .where(MeasureSource.measure_id == measure_id, MeasureSource.upload_id.is_not(None))
        .order_by(MeasureSource.id.desc())
    )


def _votes_of(measure_id: int) -> str:
    counts = db.scalars(
        select(Vote.counts)
        .where(Vote.measure_id == measure_id, Vote.passed, Vote.part == "")
        .order_by(Vote.id.desc())
    ).first()
    return f", {counts['yes']}-{counts.get('no', 0)}" if counts and "yes" in counts else ""
