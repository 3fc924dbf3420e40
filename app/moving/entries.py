"""What the cells of a row say: names, texts, choices and places, read strictly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from app.foundation import geo, text
from app.moving.judging import Refused, Sheet, zip_of
from app.moving.reading import LONGEST_CELL

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_TEXT = 5000


def check_length(cells: Sequence[str]) -> None:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Refused(_("A cell is longer than %(most)s characters.", most=LONGEST_CELL))


def name_of(sheet: Sheet, cells: Sequence[str], field: str, most: int = 200) -> str:
    """One line that must be there. Raises Refused."""
    name = text.one_line(sheet.cell(cells, field))
    if not name:
        raise Refused(_("There is no name."))
    if len(name) > most:
        raise Refused(_("The name is longer than %(most)s characters.", most=most))
    return name


def text_of(sheet: Sheet, cells: Sequence[str], field: str = "description") -> str:
    return text.clean(sheet.cell(cells, field))[:LONGEST_TEXT]


def choice_of(raw: str, words: Mapping[Choice, Any], default: Choice) -> Choice:
    """A choice by its word in our tables or on our pages. Raises Refused."""
    wanted = text.folded(raw).replace("_", " ").replace("-", " ")
    if not wanted:
        return default
    for choice, label in words.items():
        names = (choice.value.replace("_", " "), text.folded(str(label)).replace("-", " "))
        if wanted in names:
            return choice
    known = ", ".join(str(label) for label in words.values())
    raise Refused(_("“%(word)s” is none of: %(known)s.", word=raw[:40], known=known))


def place_of(sheet: Sheet, cells: Sequence[str]) -> geo.Place | None:
    """By ZIP code, else by city and state. Raises Refused for a place that we do not know."""
    code = zip_of(sheet.cell(cells, "zip"))
    if code:
        if code not in sheet.places:
            raise Refused(_("We do not know the ZIP code %(zip)s.", zip=code))
        return sheet.places[code]
    town = f"{sheet.cell(cells, 'city')}, {sheet.cell(cells, 'state')}".strip(", ")
    if not town:
        return None
    found = geo.place_in_city(town)
    if found is None:
        raise Refused(_("We do not know the town “%(town)s”.", town=town[:60]))
    return found
