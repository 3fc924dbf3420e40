"""What a council's rules already say of the facts that a stage asks for."""

from __future__ import annotations

from datetime import date

from app.campaigns import counting, deadlines, rule_words, rules
from app.campaigns.body_models import RuleKey
from app.campaigns.measure_models import Measure
from app.campaigns.rules import Rules


def of(measure: Measure, today: date) -> dict[str, str]:
    """The facts of these rules as a form is filled with them, reckoned from today."""
    known = deadlines.facts_of([measure.body_id])[measure.body_id].rules
    needed_by = {"needed_by": measure.target_on.isoformat()} if measure.target_on else {}
    return _review(known, today) | _lead(known) | needed_by


def _review(known: Rules, today: date) -> dict[str, str]:
    """By when the executive signs, and by when the council may override a veto."""
    checked = known.get(RuleKey.EXECUTIVE_REVIEW)
    rule = checked.value if checked else None
    if not isinstance(rule, rules.Review) or not rule.days:
        return {}
    found = {
        "review_rule": rule_words.said(rule),
        "review_deadline": counting.ahead(today, rule.days, rule.counting).isoformat(),
        "override_rule": str(rule_words.CHOICES[rules.Share][rule.override]),
    }
    if rule.override_days:
        last = counting.ahead(today, rule.override_days, rule.counting)
        found["override_deadline"] = last.isoformat()
    return found


def _lead(known: Rules) -> dict[str, str]:
    checked = known.get(RuleKey.PROCLAMATION)
    rule = checked.value if checked else None
    return {"lead_time_days": str(rule.days)} if isinstance(rule, rules.Lead) else {}
