"""What the rows of an import meet here: records, file numbers, addresses. It is read for many rows
with a statement for each kind, and kept up to date while they are applied one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, Text, func, or_, select
from sqlalchemy.orm import contains_eager

from app.campaigns import exchange, records
from app.campaigns.body_models import Body
from app.campaigns.cases import Case, WrongCase
from app.campaigns.import_places import Places
from app.campaigns.measure_models import Measure, MeasureSource
from app.foundation import text
from app.foundation.among import among
from app.foundation.db import db


class Known:
    """What one import knows; `read` it for some rows, then apply them."""

    def __init__(self) -> None:
        self.places = Places()
        self._slugs = set(db.scalars(select(Measure.slug)))
        self._records: dict[str, Measure] = {}
        self._numbers: dict[tuple[Body, str, str], Measure] = {}
        self._of_year: dict[tuple[Body, int], list[Measure]] = {}
        self._parts: exchange.Parts

    def read(self, some: Sequence[Case]) -> None:
        """Look at everything that these rows may meet."""
        self.places.read({case.division for case in some})
        ids = {case.id for case in some}
        self._records = exchange.by_case_ids(ids | {renewed(case) for case in some} - {""})
        self._parts = exchange.Parts([self._records[each] for each in ids & self._records.keys()])
        self._numbers, self._of_year = {}, {}
        for measure in db.scalars(_like(some)):
            self._note(measure)

    def record(self, case_id: str) -> Measure | None:
        return self._records.get(case_id)

    def case(self, measure: Measure) -> Case:
        """What a record says that is here already."""
        return exchange.case_of(measure, self._parts)

    def sources(self, measure: Measure) -> Sequence[MeasureSource]:
        return self._parts.sources.get(measure.id, [])

    def check_history(self, measure: Measure, case: Case, before: Case) -> None:
        """Raise WrongCase where a row says otherwise what people noted here."""
        told = {
            "path": (case.path != before.path, self._parts.entries.get(measure.id, ())),
            "votes": (case.votes != before.votes, self._parts.votes.get(measure.id, ())),
        }
        kept = [
            key for key, (new, old) in told.items() if new and any(each.noted_here for each in old)
        ]
        if kept:
            words = " and ".join(kept)
            raise WrongCase(f"people noted its {words} here, and a row does not overwrite it")

    def prior(self, case: Case, body: Body) -> Measure | None:
        """The record that this one renews, where it is here: by its id, or by its year."""
        wanted = renewed(case)
        found = self._records.get(wanted)
        if found is None and (year := _year(wanted)):
            same = self._of_year.get((body, year), [])
            found = next((each for each in same if each.year == year), None)
        return found

    def check_number(self, case: Case, body: Body, measure: Measure | None) -> None:
        """Raise NumberTaken where another record has it in this session."""
        if case.file_number:
            holder = self._numbers.get((body, case.session, case.file_number.lower()))
            if holder not in (None, measure):
                raise records.NumberTaken

    def give_back(self, measure: Measure) -> None:
        """A record gets another file number: its old one is free."""
        number = (measure.file_number or "").lower()
        self._numbers.pop((measure.body, measure.session, number), None)

    def free_slug(self, measure: Measure) -> str:
        wanted = records.wanted_slug(measure, self.places.division(measure.body.division_id))
        return text.free_slug(wanted, self._slugs)

    def took(self, measure: Measure) -> None:
        """A row made or changed it: later rows meet it as it is now."""
        self._slugs.add(measure.slug)
        self._records.setdefault(measure.slug, measure)
        self._records[measure.external_id or measure.slug] = measure
        self._note(measure)

    def _note(self, measure: Measure) -> None:
        if measure.file_number:
            self._numbers[measure.body, measure.session, measure.file_number.lower()] = measure
        self._of_year.setdefault((measure.body, measure.year), []).append(measure)


def renewed(case: Case) -> str:
    """What a row says that it renews: an id or a year."""
    return str(case.extras.get("renewal_of") or "")


def _year(raw: str) -> int | None:
    return int(raw) if len(raw) == 4 and raw.isdecimal() else None


def _like(some: Sequence[Case]) -> Select[Measure]:
    """The records in the places of these rows that have one of their numbers or years."""
    years = {year for case in some if (year := _year(renewed(case)))}
    numbers = {case.file_number.lower() for case in some if case.file_number}
    return (
        select(Measure)
        .join(Measure.body)
        .where(
            among(Body.division_id, {case.division for case in some}),
            or_(
                among(func.lower(Measure.file_number, type_=Text), numbers),
                among(Measure.year, years),
            ),
        )
        .order_by(Measure.id)
        .options(contains_eager(Measure.body))
    )
