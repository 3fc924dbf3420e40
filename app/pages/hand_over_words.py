"""What moved to a new coordinator, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import ngettext


def moved(counts: Mapping[str, int]) -> Sequence[str]:
    """What moved, in sentences; what did not is left out."""
    sentences = (
        (counts.get("to_dos"), _to_dos),
        (counts.get("campaigns"), _campaigns),
        (counts.get("asks"), _asks),
        (counts.get("visits"), _visits),
        (counts.get("letters"), _letters),
        (counts.get("door_links"), _door_links),
    )
    return [sentence(number) for number, sentence in sentences if number]


def _to_dos(number: int) -> str:
    return str(
        ngettext("%(num)s open to-do is yours now.", "%(num)s open to-dos are yours now.", number)
    )


def _campaigns(number: int) -> str:
    return str(
        ngettext("You look after %(num)s campaign.", "You look after %(num)s campaigns.", number)
    )


def _asks(number: int) -> str:
    return str(
        ngettext(
            "You ask %(num)s council member for their vote.",
            "You ask %(num)s council members for their votes.",
            number,
        )
    )


def _visits(number: int) -> str:
    return str(
        ngettext(
            "%(num)s visit to an office is yours to follow up.",
            "%(num)s visits to offices are yours to follow up.",
            number,
        )
    )


def _letters(number: int) -> str:
    return str(
        ngettext(
            "%(num)s letter that was a draft or is leaving is yours; the answers come to you.",
            "%(num)s letters that were drafts or are leaving are yours; the answers come to you.",
            number,
        )
    )


def _door_links(number: int) -> str:
    return str(
        ngettext(
            "%(num)s door link is closed; make a new one for its event.",
            "%(num)s door links are closed; make new ones for their events.",
            number,
        )
    )
