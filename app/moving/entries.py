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
    found = _chosen(raw, words)
    if found is None and raw:
        known = ", ".join(str(label) for label in words.values())
        raise Refused(_("“%(word)s” is none of: %(known)s.", word=raw[:40], known=known))
    return found or default


def kind_of(
    raw: str, words: Mapping[Choice, Any], plain: Choice, also: Mapping[str, Choice]
) -> tuple[Choice, str]:
    """A kind by its word in our tables, on our pages or in `also`, which is folded.

    Another word keeps no row away: it is of the `plain` kind, and the second of the two says so.
    """
    found = _chosen(raw, words) or also.get(_spaced(raw))
    if found is None and raw:
        kind = str(words[plain])
        return plain, str(_("“%(word)s” is kept as “%(kind)s”.", word=raw[:40], kind=kind))
    return found or plain, ""


def _chosen(raw: str, words: Mapping[Choice, Any]) -> Choice | None:
    wanted = _spaced(raw)
    for choice, label in words.items():
        if wanted in (choice.value.replace("_", " "), _spaced(str(label))):
            return choice
    return None


def _spaced(raw: str) -> str:
    return text.folded(raw).replace("_", " ").replace("-", " ")


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
