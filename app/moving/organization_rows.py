"""Rows that tell of organizations: known to us by an import, members only by their commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts import personal
from app.alliances import brought, organizations
from app.alliances.brought import OrganizationTold
from app.alliances.models import Alliance
from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    OrganizationKind,
    OrganizationState,
)
from app.alliances.organization_words import KINDS
from app.foundation import text
from app.foundation.db import db, table_of
from app.moving import entries, judging, things
from app.moving.judging import Refused, Sheet
from app.moving.models import ImportRow, ImportRun, Outcome
from app.moving.things import Undone, Weighed

MADE = "organization"
JOINED = "alliance"
FILLED = ("website", "description", "zip")
ALSO = {
    **dict.fromkeys(
        ("nonprofit organization", "non profit", "not for profit", "ngo", "charity", "501(c)(3)"),
        OrganizationKind.NONPROFIT,
    ),
    **dict.fromkeys(("law firm", "lawyers", "legal", "bar"), OrganizationKind.BAR),
    **dict.fromkeys(
        ("church", "congregation", "parish", "synagogue", "mosque", "temple", "religious"),
        OrganizationKind.FAITH,
    ),
    **dict.fromkeys(("labor union", "labor", "trade union"), OrganizationKind.UNION),
    **dict.fromkeys(
        ("university", "college", "school", "law school", "academic"), OrganizationKind.SCHOOL
    ),
    **dict.fromkeys(("student club", "student organization"), OrganizationKind.STUDENT),
    **dict.fromkeys(("company", "small business", "corporation"), OrganizationKind.BUSINESS),
}
"""What lists of elsewhere call the kinds."""


@dataclass(frozen=True)
class OrganizationRow:
    """What a row tells of an organization; `alliances` are the numbers of those it is part of."""

    told: OrganizationTold
    alliances: Sequence[int]
    note: str

    @property
    def key(self) -> str:
        return text.folded(self.told.name)

    def value(self, field: str) -> str:
        if field == "zip":
            return self.told.place.zip if self.told.place else ""
        return str(getattr(self.told, field))


class OrganizationRows:
    """New organizations, what a known one lacks, and the alliances that they are part of."""

    def told(self, cells: Sequence[str], sheet: Sheet) -> OrganizationRow:
        entries.check_length(cells)
        kind, unknown = _kind(sheet.cell(cells, "kind"))
        return OrganizationRow(
            OrganizationTold(
                name=entries.name_of(sheet, cells, "name"),
                kind=kind,
                website=_website(sheet.cell(cells, "website")),
                description=entries.text_of(sheet, cells),
                place=entries.place_of(sheet, cells),
            ),
            _alliances(sheet.cell(cells, "alliance"), sheet.alliances),
            " ".join(filter(None, (unknown, _note(sheet.cell(cells, "status"))))),
        )

    def weigh(self, told: Sequence[OrganizationRow]) -> Mapping[str, Weighed]:
        known, joined = _known(), _joined()
        return {row.key: _weighed(row, known.get(row.key), joined) for row in told}

    def apply(self, run: ImportRun, told: Sequence[tuple[ImportRow, OrganizationRow]]) -> None:
        known, joined = _known(), _joined()
        for row, facts in told:
            organization = known.get(facts.key)
            if organization is None:
                organization, row.before = brought.organization(facts.told), [MADE]
                row.outcome = Outcome.NEW
            else:
                row.before, row.outcome = _fill(organization, facts), Outcome.CHANGED
            row.made_id = organization.id
            marks = []
            for number in facts.alliances:
                if (organization.id, number) not in joined:
                    organizations.join_alliance(organization, db.get_one(Alliance, number))
                    marks.append(f"{JOINED}:{number}")
            row.before = [*row.before, *marks]

    def undo(self, run: ImportRun, sheet: Sheet) -> Undone:
        rows = things.rows_with_marks(run)
        for row, facts in things.readable(self, rows, sheet):
            organization = db.get(Organization, row.made_id)
            if organization is not None:
                _put_back(organization, row, facts)
        db.flush()
        made = {row.made_id for row in rows if MADE in row.before}
        table = table_of(Organization)
        idle = personal.nobody_refers_to(table, but=())
        untouched = (table.c.state == OrganizationState.PROSPECT) & ~table.c.listed
        gone = db.execute(
            delete(table).where(table.c.id.in_(made), idle, untouched).returning(table.c.id)
        )
        return things.undone(made, gone.all())


def _kind(raw: str) -> tuple[OrganizationKind, str]:
    """The kind, and what is said of a word for it that we do not know."""
    if not raw:
        return OrganizationKind.NONPROFIT, ""
    return entries.kind_of(raw, KINDS, OrganizationKind.OTHER, ALSO)


def _website(raw: str) -> str:
    if not raw:
        return ""
    url = raw if "://" in raw else f"https://{raw}"
    if not url.startswith(("https://", "http://")) or " " in url or len(url) > 300:
        raise Refused(_("“%(url)s” is not a web address.", url=raw[:60]))
    return url


def _alliances(raw: str, known: Mapping[str, int]) -> Sequence[int]:
    names = {text.folded(name): name for name in raw.replace("|", ";").split(";") if name.strip()}
    for folded, name in names.items():
        if folded not in known:
            raise Refused(judging.no_alliance(name.strip()))
    return [known[folded] for folded in names]


def _note(status: str) -> str:
    if "member" not in text.folded(status):
        return ""
    return str(_("Kept as a prospect: membership needs its commitment on file."))


def _known() -> Mapping[str, Organization]:
    query = select(Organization).where(Organization.merged_into_id.is_(None))
    return {text.folded(each.name): each for each in db.scalars(query)}


def _joined() -> set[tuple[int, int]]:
    rows = db.execute(
        select(OrganizationInAlliance.organization_id, OrganizationInAlliance.alliance_id).where(
            OrganizationInAlliance.until.is_(None)
        )
    )
    return {(row[0], row[1]) for row in rows}


def _weighed(
    row: OrganizationRow, known: Organization | None, joined: set[tuple[int, int]]
) -> Weighed:
    if known is None:
        return Weighed(Outcome.NEW, reason=row.note)
    lacks = any(row.value(field) and not getattr(known, field) for field in FILLED)
    joins = any((known.id, number) not in joined for number in row.alliances)
    return Weighed(Outcome.CHANGED if lacks or joins else Outcome.SAME, known.id)


def _fill(organization: Organization, facts: OrganizationRow) -> list[str]:
    """Write what it lacks; what that was."""
    filled = [f for f in FILLED if facts.value(f) and not getattr(organization, f)]
    for field in filled:
        setattr(organization, field, facts.value(field))
    if "zip" in filled and facts.told.place:
        organization.city, organization.us_state = facts.told.place.city, facts.told.place.state
    return filled


def _put_back(organization: Organization, row: ImportRow, facts: OrganizationRow) -> None:
    for mark in row.before:
        kind, _colon, number = mark.partition(":")
        if kind == JOINED:
            db.execute(
                delete(OrganizationInAlliance).where(
                    OrganizationInAlliance.organization_id == organization.id,
                    OrganizationInAlliance.alliance_id == int(number),
                    OrganizationInAlliance.until.is_(None),
                )
            )
        elif mark in FILLED and getattr(organization, mark) == facts.value(mark):
            setattr(organization, mark, "")
            if mark == "zip":
                organization.city = organization.us_state = ""
