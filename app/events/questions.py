"""Questions that organizers put on the sign-up form, and what people answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.foundation import text


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"


@dataclass(frozen=True)
class Question:
    """One question; `key` stays the same when its words are mended.

    Whatever language it is read in, an answer is one of the `options`, so that organizers count
    alike answers as one; `options_es` say the same in Spanish and in the same order, if at all.
    """

    key: str
    label: str
    kind: QuestionKind = QuestionKind.TEXT
    required: bool = False
    options: tuple[str, ...] = ()
    label_es: str = ""
    options_es: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What somebody answered, beside the words they were asked with."""

    key: str
    question: str
    answer: str


def read(stored: Iterable[Mapping[str, Any]]) -> Sequence[Question]:
    """The questions as an event or an event template keeps them."""
    return tuple(
        Question(
            key=str(each["key"]),
            label=str(each["label"]),
            kind=QuestionKind(each["kind"]),
            required=bool(each["required"]),
            options=tuple(each["options"]),
            label_es=str(each.get("label_es", "")),
            options_es=tuple(each.get("options_es", ())),
        )
        for each in stored
    )


def stored(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """The questions in the form that a column of JSON keeps."""
    return [
        {
            "key": question.key,
            "label": question.label,
            "kind": question.kind.value,
            "required": question.required,
            "options": list(question.options),
            "label_es": question.label_es,
            "options_es": list(question.options_es),
        }
        for question in questions
    ]


def key_for(label: str, taken: Iterable[str]) -> str:
    """A key for a new question, unlike those that its event has already."""
    return text.free_slug(text.slug(label, "question")[:40].strip("-"), set(taken))
