"""Whether a text fits what its council accepts, and what is kept of the version before."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.campaigns import clauses, deadlines, rules, text_papers, texts
from app.campaigns.body_models import RuleKey
from app.campaigns.clauses import Clause, ClauseKind, Limits, Over
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion


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
        f"{words} {_('(too long)')}" if key in over else words
        for key, words in said.items()
        if words
    ]
    return "; ".join(told)


def still_open(measure: Measure) -> str:
    """What nobody has filled in yet of the text that would be handed in, in words; or nothing."""
    current = texts.current(measure.id)
    slots = clauses.open_slots(current.title, texts.parts_of(current)) if current else []
    return _("Still to be filled in: %(slots)s.", slots=", ".join(slots)) if slots else ""


def with_marks(parts: Sequence[Clause], before: TextVersion | None) -> Sequence[Clause]:
    """Typed clauses with what the version before knew of them; new ones are our own, so local."""
    known = {part.words: part for part in texts.parts_of(before)} if before else {}
    return [
        known.get(part.words, Clause(part.kind, part.words, local=bool(known))) for part in parts
    ]
