"""Rows that tell of alliances: staff bring those that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.accounts import personal
from app.alliances import brought
from app.alliances.brought import AllianceTold
from app.alliances.models import PUBLIC, Alliance, Joining, LifeCycle
from app.alliances.words import LIFE_CYCLES, WAYS
from app.foundation import text
from app.foundation.db import db, table_of
from app.moving import entries, things
from app.moving.judging import Refused, Sheet
from app.moving.models import ImportRow, ImportRun, Outcome
from app.moving.things import Undone, Weighed

STAGES = {stage: LIFE_CYCLES[stage][0] for stage in PUBLIC}
MADE = "alliance"
DESCRIBED = "description"


@dataclass(frozen=True)
class AllianceRow:
    """What a row tells of an alliance."""

    told: AllianceTold

    @property
    def key(self) -> str:
        return text.folded(self.told.name)


class AllianceRows:
    """New alliances, and a description for one that has none."""

    def told(self, cells: Sequence[str], sheet: Sheet) -> AllianceRow:
        entries.check_length(cells)
        name = entries.name_of(sheet, cells, "name")
        place = entries.place_of(sheet, cells)
        if place is None:
            raise Refused(_("There is neither a ZIP code nor a town with its state."))
        return AllianceRow(
            AllianceTold(
                name=name,
                place=place,
                description=entries.text_of(sheet, cells),
                joining=entries.choice_of(sheet.cell(cells, "joining"), WAYS, Joining.OPEN),
                life_cycle=entries.choice_of(sheet.cell(cells, "stage"), STAGES, LifeCycle.ACTIVE),
            )
        )

    def weigh(self, told: Sequence[AllianceRow]) -> Mapping[str, Weighed]:
        known = {text.folded(each.name): each for each in db.scalars(select(Alliance))}
        return {row.key: _weighed(row, known.get(row.key)) for row in told}

    def apply(self, run: ImportRun, told: Sequence[tuple[ImportRow, AllianceRow]]) -> None:
        weighed = self.weigh([facts for _row, facts in told])
        for row, facts in told:
            found = weighed[facts.key]
            row.outcome = found.outcome
            if found.outcome == Outcome.NEW:
                row.made_id, row.before = brought.alliance(facts.told).id, [MADE]
            elif found.outcome == Outcome.CHANGED:
                db.get_one(Alliance, found.number).description = facts.told.description
                row.made_id, row.before = found.number, [DESCRIBED]

    def undo(self, run: ImportRun, sheet: Sheet) -> Undone:
        rows = things.rows_with_marks(run)
        for row, facts in things.readable(self, rows, sheet):
            alliance = db.get(Alliance, row.made_id) if DESCRIBED in row.before else None
            if alliance and alliance.description == facts.told.description:
                alliance.description = ""
        db.flush()
        made, table = {row.made_id for row in rows if MADE in row.before}, table_of(Alliance)
        idle = personal.nobody_refers_to(table, but=())
        gone = db.execute(delete(table).where(table.c.id.in_(made), idle).returning(table.c.id))
        return things.undone(made, gone.all())


def _weighed(row: AllianceRow, known: Alliance | None) -> Weighed:
    if known is None:
        return Weighed(Outcome.NEW)
    lacks = row.told.description and not known.description
    return Weighed(Outcome.CHANGED if lacks else Outcome.SAME, known.id)
