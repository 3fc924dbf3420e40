"""Whether a text fits what its council accepts, and what is kept of the version before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.campaigns import clauses, deadlines, rules, text_papers, texts
from app.campaigns.body_models import RuleKey
from app.campaigns.clauses import Clause, ClauseKind, Limits, Over
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion
from app.foundation.db import db


def limits_of(body_id: int) -> Limits:
    """The limits among a council's rules."""
    checked = deadlines.facts_of([body_id])[body_id].rules.get(RuleKey.TEXT_LIMITS)
    value = checked.value if checked else None
    if not isinstance(value, rules.TextLimits):
        return Limits()
    return Limits(value.most_clauses, value.most_characters)


def standing(measure: Measure, parts: Sequence[Clause]) -> str:
    """How a text stands against its council's limits; empty where there are none."""
    limits, manner = limits_of(measure.body_id), text_papers.manner_of(measure.instrument)
    preamble = sum(part.kind == ClauseKind.PREAMBULAR for part in parts)
    said = {
        Over.CLAUSES: limits.clauses
        and _(
            "%(number)s of at most %(most)s WHEREAS clauses", number=preamble, most=limits.clauses
        ),
        Over.CHARACTERS: limits.characters
        and _(
            "%(number)s of at most %(most)s characters",
            number=clauses.length(parts, manner),
            most=limits.characters,
        ),
    }
    over = clauses.over(parts, limits, manner)
    told = [
        _("%(words)s (too long)", words=words) if key in over else words
        for key, words in said.items()
        if words
    ]
    return "; ".join(told)


def still_open(measure: Measure) -> str:
    """What the text that would be handed in lacks, in words: slots that nobody has filled in, and
    the year of the record that it was copied from; or nothing."""
    current = texts.current(measure.id)
    if current is None:
        return ""
    parts = texts.parts_of(current)
    slots = clauses.open_slots(current.title, parts)
    said = [_("Still to be filled in: %(slots)s.", slots=", ".join(slots))] if slots else []
    prior = db.get(Measure, measure.prior_session_id) if measure.prior_session_id else None
    if prior is not None and not current.adopted:
        named = dated(current.title, parts, prior, measure).years
        said += [_("The text still names %(year)s. Is that meant?", year=named)] if named else []
    return " ".join(said)


@dataclass(frozen=True)
class Dated:
    """What of a copied text names the years of the old record: they, and its title and clauses."""

    years: str = ""
    lines: Sequence[str] = ()


def dated(title: str, parts: Sequence[Clause], prior: Measure, measure: Measure) -> Dated:
    """What passed ahead of its day has two years: when it passed, and what it was for."""
    meant_for = (prior.target_on or date(prior.year, 1, 1)).year
    old = [f"{year}" for year in sorted({prior.year, meant_for} - {measure.year})]
    lines = [each for each in (title, *clauses.lines(parts)) if any(year in each for year in old)]
    return Dated(", ".join(year for year in old if any(year in each for each in lines)), lines)


def with_marks(parts: Sequence[Clause], before: TextVersion | None) -> Sequence[Clause]:
    """Typed clauses with what the version before knew of them; new ones are our own, so local."""
    known = {part.words: part for part in texts.parts_of(before)} if before else {}
    return [
        known.get(part.words, Clause(part.kind, part.words, local=bool(known))) for part in parts
    ]
