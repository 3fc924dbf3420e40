"""What to-dos are about: higher domains register it, this one only knows the registry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from app.work.models import ToDo


@dataclass(frozen=True)
class About:
    """What a to-do belongs to, in people's words, and the page where it is.

    `day` is when it takes place, where it does.
    """

    title: str
    endpoint: str
    address: Mapping[str, str | int]
    day: date | None = None

    @property
    def url(self) -> str:
        return url_for(self.endpoint, **self.address)  # type: ignore[arg-type]  # of any endpoint


@dataclass(frozen=True)
class Subject:
    """A kind of thing that to-dos are about.

    `titles` are the words of its steps (lazy) by their key; `describe` answers for many numbers
    with one statement.
    """

    name: str
    titles: Mapping[str, Any]
    describe: Callable[[Collection[int]], Mapping[int, About]]


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a subject known."""
    _subjects[subject.name] = subject
    return subject


def title_of(to_do: ToDo) -> str:
    """What is to be done, in the page's language where it is a step of a plan."""
    if to_do.key is None or to_do.subject is None:
        return to_do.title
    return str(_subjects[to_do.subject].titles[to_do.key])


def abouts(to_dos: Collection[ToDo]) -> Mapping[int, About]:
    """What these to-dos belong to, by their numbers; one statement for each kind of subject."""
    found: dict[int, About] = {}
    for name, subject in _subjects.items():
        ours = [each for each in to_dos if each.subject == name]
        described = subject.describe({each.subject_id for each in ours if each.subject_id})
        found |= {each.id: described[each.subject_id or 0] for each in ours}
    return found


def about_of(to_do: ToDo) -> About | None:
    """What one to-do belongs to."""
    return abouts([to_do]).get(to_do.id)


def day_of(to_do: ToDo) -> date | None:
    """The day on which what a to-do is about takes place."""
    about = about_of(to_do)
    return about.day if about else None
