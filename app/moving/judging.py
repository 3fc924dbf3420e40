"""What a row says, read strictly: a person or an address, or the sentence that refuses it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.foundation import geo, text
from app.foundation.forms import email_problem
from app.foundation.tables import restored
from app.mail.models import SuppressionReason
from app.moving.reading import LONGEST_CELL
from app.people import phones

LONGEST_NAME = 200
YES = frozenset({"yes", "y", "true", "1", "x", "on", "opted in", "subscribed", "sí", "si"})
UNWANTED = frozenset(
    {*("unsubscribed", "unsubscribe", "opted out", "opt out", "optout", "do not contact"), "no"}
)
BOUNCED = frozenset({"bounced", "bouncing", "cleaned", "invalid", "undeliverable", "hard bounce"})
COMPLAINED = frozenset({"complained", "complaint", "spam", "spam complaint", "abuse"})
NO = frozenset({"", "no", "n", "false", "f", "0", "off", "none", "null", "never", "-"})
_SPANISH = frozenset({"es", "spanish", "español", "espanol", "es us", "es mx"})


class Refused(ValueError):
    """A row that cannot be taken; the message says why."""


@dataclass(frozen=True)
class Facts:
    """What a row tells of one person. `note` says what was left out; `place` may be unknown."""

    name: str
    email: str
    phone: str
    place: geo.Place | None
    language: str
    alliance: str
    opted_in: bool
    stop: SuppressionReason | None
    unsubscribed: bool
    note: str

    @property
    def key(self) -> str:
        """Two rows with the same key are the same person."""
        return f"{self.email or self.phone}|{text.folded(self.name)}"


@dataclass(frozen=True)
class Sheet:
    """How the cells of a file are read: the place of each field, and its heading.

    `places` and `alliances` are what the cells may name.
    """

    columns: Mapping[str, int]
    headings: Sequence[str]
    places: Mapping[str, geo.Place]
    alliances: Mapping[str, int]

    def cell(self, cells: Sequence[str], field: str) -> str:
        """What stands there; nothing in a row that was emptied because its person is erased."""
        place = self.columns.get(field)
        return restored(cells[place]).strip() if place is not None and cells else ""


def zip_of(raw: str) -> str:
    """The five digits of a ZIP code, with the zeros that a spreadsheet took away; "" if none."""
    if not raw:
        return ""
    match = re.fullmatch(r"(\d{3,5})(?:\.0)?(?:[-\s]?\d{4})?", raw)
    if not match:
        raise Refused(_("“%(zip)s” is not a ZIP code.", zip=raw[:20]))
    return match[1].zfill(5)


def person(cells: Sequence[str], sheet: Sheet) -> Facts:
    """The person of a row. Raises Refused."""
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Refused(_("A cell is longer than %(most)s characters.", most=LONGEST_CELL))
    email = email_of(sheet.cell(cells, "email"))
    phone, no_phone = _phone(sheet.cell(cells, "phone"))
    place, no_place = _place(sheet.cell(cells, "zip"), sheet)
    if not email and not phone:
        raise Refused(no_phone or _("There is neither an e-mail address nor a phone number."))
    stop, unsubscribed = status_of(sheet, cells)
    return Facts(
        name=_name(sheet, cells, email),
        email=email,
        phone=phone,
        place=place,
        language="es" if text.folded(sheet.cell(cells, "language")) in _SPANISH else "en",
        alliance=text.folded(sheet.cell(cells, "alliance")),
        opted_in=_is_yes(sheet.cell(cells, "opted_in")),
        stop=stop,
        unsubscribed=unsubscribed,
        note=" ".join(filter(None, (no_phone, no_place))),
    )


def address(cells: Sequence[str], sheet: Sheet) -> tuple[str, SuppressionReason]:
    """The address of a row that must not be e-mailed, and why. Raises Refused."""
    email = email_of(sheet.cell(cells, "email"))
    if not email:
        raise Refused(_("There is no e-mail address."))
    stop, _unsubscribed = status_of(sheet, cells)
    return email, stop or SuppressionReason.ASKED


def status_of(sheet: Sheet, cells: Sequence[str]) -> tuple[SuppressionReason | None, bool]:
    """Whether we must not write to the address at all, and whether its owner does not want it."""
    said = _said_of_status(sheet, cells)
    bounced, unwanted = (_is_marked(sheet, cells, field) for field in ("bounced", "unwanted"))
    stop = SuppressionReason.BOUNCED if bounced and said[0] is None else said[0]
    return stop, unwanted or said[1]


def _is_marked(sheet: Sheet, cells: Sequence[str], field: str) -> bool:
    """Whether a column that says so says anything but no: programs write yes, or the day."""
    said = sheet.cell(cells, field)
    return bool(said) and text.folded(said) not in NO


def _said_of_status(sheet: Sheet, cells: Sequence[str]) -> tuple[SuppressionReason | None, bool]:
    word = text.folded(sheet.cell(cells, "status")).replace("_", " ").replace("-", " ")
    if not word:
        return None, False
    heading = text.folded(sheet.headings[sheet.columns["status"]])
    if word in YES and "bounce" in heading:
        return SuppressionReason.BOUNCED, False
    if word in YES and re.search(r"do not|unsubscribed", heading):
        return None, True
    if word in BOUNCED:
        return SuppressionReason.BOUNCED, False
    if word in COMPLAINED:
        return SuppressionReason.COMPLAINED, False
    asked_not = re.search(r"do not|unsubscribed|bounce", heading)  # there "no" means no such wish
    return None, word in UNWANTED and not (word == "no" and asked_not)


def email_of(raw: str) -> str:
    """The address of a cell, to compare; "" if there is none. Raises Refused."""
    if not raw:
        return ""
    if re.search(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]", raw):
        raise Refused(_("The e-mail address holds spaces or characters that nobody sees."))
    problem = email_problem(raw.removeprefix("mailto:"))
    if problem:
        raise Refused(problem)
    return text.canonical_email(raw.removeprefix("mailto:"))


def _phone(raw: str) -> tuple[str, str]:
    """The number, and what was left out."""
    if not raw:
        return "", ""
    try:
        return phones.canonical(raw), ""
    except phones.WrongPhone:
        return "", str(_("“%(phone)s” is not a phone number, and was left out.", phone=raw[:30]))


def _name(sheet: Sheet, cells: Sequence[str], email: str) -> str:
    parts = (sheet.cell(cells, "first_name"), sheet.cell(cells, "last_name"))
    name = sheet.cell(cells, "name") or " ".join(part for part in parts if part)
    name = text.one_line(name)
    if len(name) > LONGEST_NAME:
        raise Refused(_("The name is longer than %(most)s characters.", most=LONGEST_NAME))
    if not name and not email:
        raise Refused(_("There is no name."))
    return name or email.partition("@")[0]


def _place(raw: str, sheet: Sheet) -> tuple[geo.Place | None, str]:
    """Where the ZIP code is, and what was left out: a wrong one does not keep a person away."""
    try:
        code = zip_of(raw)
    except Refused as refused:
        return None, str(_("%(problem)s It was left out.", problem=refused))
    if code and code not in sheet.places:
        return None, str(_("We do not know the ZIP code %(zip)s. It was left out.", zip=code))
    return sheet.places.get(code), ""


def _is_yes(raw: str) -> bool:
    return text.folded(raw) in YES


def no_alliance(name: str) -> str:
    return str(_("There is no alliance called “%(name)s”.", name=name[:60]))


def without_alliance(name: str) -> str:
    return " ".join((no_alliance(name), _("They come in without one.")))


def twice() -> str:
    return str(_("This person stands in the file twice."))
