"""The questions and reminders of an event template as lines that people type.

A question is a line; its answers follow after bars: `What would you rather do? | Call | Write`.
Reminders are spans before the event: `7 days, 1 day, 2 hours`. What a line does not say (that an
answer is required, the words of a reminder or of a letter after the event) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.events import own_letters, questions, reminder_plan
from app.events.questions import Question, QuestionKind
from app.events.reminder_plan import PlannedReminder
from app.foundation import text

MOST = 8
"""More questions than that and nobody signs up on a phone."""
Kept = Sequence[Mapping[str, Any]]
_SPAN = re.compile(r"(\d{1,3})\s*([dh])", re.IGNORECASE)
_SPANS = re.compile(r"\s*(\d{1,3}\s*[dh][^\W\d]*\s*([,;]\s*|$))*", re.IGNORECASE)


def of_questions(kept: Kept) -> str:
    """The questions, one on each line."""
    return "\n".join(_line(question) for question in questions.read(kept))


def read_questions(typed: str, before: Kept) -> list[dict[str, Any]]:
    """What was typed, in the form that is kept; `before` is what stood there."""
    known = {question.label: question for question in questions.read(before)}
    found: list[Question] = []
    for row in typed.splitlines():
        label, *options = (part.strip() for part in row.split("|"))
        options = [option for option in options if option]
        if label and label not in {question.label for question in found}:
            found.append(_question(label, options, known.get(label), found))
    return questions.stored(found[:MOST])


def of_reminders(kept: Kept) -> str:
    """7 days, 1 day, 2 hours; the ordinary ones where there is no other plan."""
    plan = reminder_plan.read(kept) if kept else reminder_plan.ORDINARY
    return ", ".join(_span(one) for one in plan)


def read_reminders(typed: str, before: Kept) -> list[dict[str, Any]]:
    """The plan that was typed, in the form that is kept; nothing where it is the ordinary one."""
    known = {one.key: one for one in reminder_plan.read(before)}
    keys = dict.fromkeys(f"{int(number)}{unit.lower()}" for number, unit in _SPAN.findall(typed))
    wanted = [known.get(key) or reminder_plan.planned(key, "") for key in keys]
    plan = [one for one in wanted if one is not None][: reminder_plan.MOST]
    afterwards = own_letters.read(before)
    ordinary = {*plan} == {*reminder_plan.ORDINARY} and not afterwards
    return [] if ordinary else reminder_plan.kept(plan, afterwards)


def are_spans(typed: str) -> bool:
    """Whether the line says days and hours before the event and nothing else."""
    return _SPANS.fullmatch(typed) is not None


def _line(question: Question) -> str:
    options = question.options
    if question.kind == QuestionKind.YES_NO:
        options = (_("Yes"), _("No"))
    return " | ".join((question.label, *options))


def _question(
    label: str, options: Sequence[str], known: Question | None, others: Sequence[Question]
) -> Question:
    """The question of a line; its Spanish stays while it says the same."""
    made = _in_english(label, options, known, others)
    if known is None:
        return made
    same = made.options == known.options
    return replace(made, label_es=known.label_es, options_es=known.options_es if same else ())


def _in_english(
    label: str, options: Sequence[str], known: Question | None, others: Sequence[Question]
) -> Question:
    taken = {other.key for other in others}
    key = known.key if known else text.free_slug(text.slug(label)[:40] or "question", taken)
    required = known.required if known else False
    if [option.casefold() for option in options] == [_("Yes").casefold(), _("No").casefold()]:
        return Question(key, label, QuestionKind.YES_NO, required)
    if options:
        return Question(key, label, QuestionKind.CHOICE, required, tuple(options))
    if known and known.kind in (QuestionKind.TEXT, QuestionKind.NUMBER):
        return replace(known, options=())
    return Question(key, label, QuestionKind.TEXT, required)


def _span(one: PlannedReminder) -> str:
    if one.days_before is None:
        return str(ngettext("%(num)s hour", "%(num)s hours", one.hours_before or 0))
    return str(ngettext("%(num)s day", "%(num)s days", one.days_before))
