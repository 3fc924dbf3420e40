"""What a lower domain registers stands in digests and is offered to staff, and nowhere else."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.digests import arrangement, tree
from app.digests.arrangement import Mode
from app.digests.tree import Leaf
from app.foundation.forms import Form
from app.mail import conditions, sections
from app.mail.conditions import Condition, Values, several
from app.mail.quoted import quote
from app.mail.sections import Circumstances, Edition, Fragment, Opened, Part, Section, Shared, Tell
from app.people.models import Person
from tests.digests import world
from tests.factories import PersonFactory, member_of


def greeting(state: str, people: int, language: str) -> Fragment:
    words = f"{people} of us read this in {state} ({language})"
    return Fragment(quote(f"<p>{words}</p>"), quote(f"{words}\n"))


def people_in_all() -> int:
    return world.db.scalar(select(func.count()).select_from(Person)) or 0


def changes(_issue: Edition) -> Hashable:
    return people_in_all()


def open_greeting(_issue: Edition, shared: Shared) -> Opened:
    number = shared.of(people_in_all)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(person: Circumstances, language: str) -> Sequence[Fragment]:
            return [part(greeting, person.state, number, language)] if person.state else ()

        return tell

    return asked


@pytest.fixture
def section(monkeypatch: pytest.MonkeyPatch) -> Section:
    """A section of some lower domain, for this test."""
    made = Section("greeting", 25, "Greeting", changes, open_greeting)
    monkeypatch.setattr(sections, "_sections", dict(sections.registered()))
    sections.register(made)
    return made


def text_for(issue: Any, person: Person) -> str:
    copy = world.copy_for(issue, person)
    return world.plain(copy.text) if copy else ""


def test_a_registered_section_tells_each_reader_its_own(db: Session, section: Section) -> None:
    issue = world.issue()
    there = PersonFactory(zip="43215")
    nowhere = PersonFactory(zip=None)
    assert "2 of us read this in OH (en)" in text_for(issue, there)
    assert "of us read this" not in text_for(issue, nowhere)


def test_a_registered_section_is_opened_anew_when_what_it_read_changed(
    db: Session, section: Section
) -> None:
    issue, person = world.issue(), PersonFactory(zip="43215")
    assert "1 of us read" in text_for(issue, person)
    PersonFactory()
    assert "2 of us read" in text_for(issue, person)


def test_a_registered_section_stands_at_its_place_until_staff_move_it(
    db: Session, section: Section
) -> None:
    person = member_of(world.columbus(), zip="43215")
    text = text_for(world.issue(), person)
    assert text.index("1 of us read") < text.index("Coming up")
    last = text_for(world.issue(sections=[["own", "shown"], ["greeting", "shown"]]), person)
    assert last.index("Coming up") < last.index("1 of us read")
    dropped = world.issue(sections=[["greeting", "dropped"]])
    assert "of us read" not in text_for(dropped, person)
    assert section in arrangement.of(dropped, Mode.DROPPED)


class LetterForm(Form):
    letters = several("Letters", [("A", "A"), ("B", "B")])


class NameBegins(Condition):
    key = "name_begins"
    label = "First letter"
    form = LetterForm

    def where(self, values: Values) -> Any:
        return func.substr(Person.name, 1, 1).in_(values["letters"])

    def words(self, values: Values) -> str:
        return f"are called {'or'.join(values['letters'])}…"


def test_a_registered_condition_chooses_people_and_is_said_in_words(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "_kinds", {each.key: each for each in conditions.kinds()})
    conditions.register(NameBegins())
    ana, _carla = PersonFactory(name="Ana"), PersonFactory(name="Carla")
    choice = tree.Group(parts=(Leaf("name_begins", {"letters": ["A"]}),))
    assert db.scalars(select(Person.id).where(tree.where(choice))).all() == [ana.id]
    assert tree.sentence(tree.from_json(tree.as_json(choice))) == "People who are called A…."
