"""The councils that imported rows mean, made where nobody knows them yet."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, select

from app.campaigns import divisions, likely_bodies
from app.campaigns.body_models import Body, BodyKind, Instrument
from app.campaigns.cases import Case, WrongCase
from app.campaigns.place_models import Division
from app.foundation import clock, text
from app.foundation.among import among
from app.foundation.db import db


class Places:
    """The jurisdictions and councils of one import; each is looked for once."""

    def __init__(self) -> None:
        self._divisions: dict[str, Division] = {}
        self._bodies: dict[str, list[Body]] = {}
        self._listed: dict[str, bool] = {}
        self._slugs: set[str] = set()

    def read(self, division_ids: Collection[str]) -> None:
        """Look at these jurisdictions and their councils."""
        new = set(division_ids) - self._bodies.keys()
        divided = select(Division).where(among(Division.id, new))
        self._divisions |= {each.id: each for each in db.scalars(divided)}
        self._bodies |= {each: [] for each in new}
        bodies = select(Body).where(among(Body.division_id, new)).order_by(Body.id)
        for body in db.scalars(bodies):
            self._bodies[body.division_id].append(body)

    def body_of(self, case: Case) -> Body:
        """By its name, else the one of its kind in the place. Raises WrongCase."""
        division = self.division(case.division)
        kind = _kind(case, division)
        for body in self._bodies[division.id]:
            if body.name == case.body if case.body else body.kind == kind:
                return body
        body = self._new_body(case.body or likely_bodies.name_of(division, kind), division, kind)
        self._bodies[division.id].append(body)
        return body

    def division(self, raw: str) -> Division:
        """The division of an id that was read; an unknown one is refused where the official list
        is loaded."""
        if raw not in self._divisions:
            self._divisions[raw] = self._new_division(raw)
        return self._divisions[raw]

    def _new_division(self, raw: str) -> Division:
        try:
            return divisions.division(raw)
        except divisions.UnknownDivision:
            division = divisions.unlisted(raw)
        if self._is_listed(division.state):
            raise WrongCase(f"division {raw}: not in the official list")
        db.add(division)
        return division

    def _is_listed(self, state: str) -> bool:
        if state not in self._listed:
            official = select(exists().where(Division.verified, Division.state == state))
            self._listed[state] = bool(db.scalar(official))
        return self._listed[state]

    def _new_body(self, name: str, division: Division, kind: BodyKind) -> Body:
        self._slugs = self._slugs or set(db.scalars(select(Body.slug)))
        body = Body(
            slug=text.free_slug(text.slug(name), self._slugs),
            name=name,
            division=division,
            division_id=division.id,
            kind=kind,
            time_zone=clock.HOME_ZONE,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        self._slugs.add(body.slug)
        db.add(body)
        return body


def _kind(case: Case, division: Division) -> BodyKind:
    by_instrument = {
        Instrument.PROCLAMATION: BodyKind.EXECUTIVE,
        Instrument.BALLOT_MEASURE: BodyKind.VOTERS,
        Instrument.ORGANIZATIONAL: BodyKind.ORGANIZATION,
    }
    return by_instrument.get(case.instrument, likely_bodies.kind_of(division))
