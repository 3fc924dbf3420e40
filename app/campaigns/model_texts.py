"""The coalition's model texts: written and retired by staff, and who began a text from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.campaigns import records, sponsors, texts, whip
from app.campaigns.body_models import BodyKind, Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import ModelText, TextVersion
from app.campaigns.texts import Draft
from app.foundation import clock, geo, text
from app.foundation.db import db


@dataclass(frozen=True)
class About:
    """What staff say of a model text beside its words."""

    instrument: Instrument
    about: str = ""
    source_title: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Kept:
    """A model text in the list of staff: its newest version, and how many campaigns have it."""

    model: ModelText
    number: int
    campaigns: int


def write(about: About, draft: Draft, *, by_id: int | None, slug: str = "") -> ModelText:
    """A new model text with its first version. Raises UnknownSlot, NoClauses."""
    model = ModelText(
        slug=slug or _free_slug(draft.title), title=draft.title, updated_at=clock.now()
    )
    _describe(model, about)
    db.add(model)
    db.flush()
    texts.save_model(model, draft, by_id=by_id)
    return model


def change(model: ModelText, about: About, draft: Draft, *, by_id: int | None) -> TextVersion:
    """A new version of a model text. Raises UnknownSlot, NoClauses, NewerVersion."""
    version = texts.save_model(model, draft, by_id=by_id)
    _describe(model, about)
    return version


def retire(model: ModelText) -> None:
    """Offer a model text no more; what was begun from it stays."""
    model.retired_at = clock.now()
    audit("campaigns", "model text retired", model.id)


def bring_back(model: ModelText) -> None:
    model.retired_at = None
    audit("campaigns", "model text brought back", model.id)


def all_kept() -> Sequence[Kept]:
    """Every model text for staff, retired ones last; one statement."""
    newest = (
        select(func.max(TextVersion.number))
        .where(TextVersion.model_id == ModelText.id)
        .correlate(ModelText)
    )
    own = select(TextVersion.id).where(TextVersion.model_id == ModelText.id).correlate(ModelText)
    begun = select(func.count(TextVersion.measure_id.distinct())).where(
        TextVersion.model_version_id.in_(own)
    )
    rows = db.execute(
        select(
            ModelText, newest.scalar_subquery(), begun.correlate(ModelText).scalar_subquery()
        ).order_by(ModelText.retired_at.is_not(None), ModelText.title)
    )
    return [Kept(row[0], row[1] or 0, row[2]) for row in rows]


def campaigns_of(model_id: int) -> Sequence[Measure]:
    """The campaigns whose text was begun from a model text."""
    own = select(TextVersion.id).where(TextVersion.model_id == model_id)
    begun = select(TextVersion.measure_id).where(TextVersion.model_version_id.in_(own))
    return db.scalars(
        select(Measure)
        .where(Measure.id.in_(begun))
        .order_by(Measure.year.desc(), Measure.title, Measure.id)
        .options(joinedload(Measure.alliance))
    ).all()


def for_instrument(instrument: Instrument) -> Sequence[ModelText]:
    """Model texts that are offered, those of this kind first."""
    return db.scalars(
        select(ModelText)
        .where(ModelText.retired_at.is_(None))
        .order_by(ModelText.instrument != instrument, ModelText.title)
    ).all()


def by_slug(slug: str) -> ModelText | None:
    return db.scalars(select(ModelText).where(ModelText.slug == slug)).first()


def offered(slug: str) -> ModelText | None:
    """A model text that is not retired."""
    model = by_slug(slug)
    return model if model is not None and model.retired_at is None else None


def version_with(version_id: int | None) -> int | None:
    """The number, if it is that of a version of a model text."""
    if version_id is None:
        return None
    return db.scalars(
        select(TextVersion.id).where(
            TextVersion.id == version_id, TextVersion.model_id.is_not(None)
        )
    ).first()


def values_of(measure: Measure) -> Mapping[str, str]:
    """What the slots of a text hold for a campaign, as far as we know."""
    division = measure.body.division
    place = records.place_name(division)
    return {
        "City": place,
        "Place": place,
        "County": division.county,
        "State": geo.STATES.get(division.state, division.state),
        "Council": measure.body.name,
        "Year": str(measure.year),
        "Clerk": measure.body.clerk or "Clerk",
        "Day": f"{day:%B} {day.day}" if (day := measure.target_on) else "",
        "Mayor": next(iter(whip.holders(measure.body_id).values()), "")
        if measure.body.kind == BodyKind.EXECUTIVE
        else "",
        "Sponsor": ", ".join(each.name for each in sponsors.of(measure) if each.name),
        "Alliance": measure.alliance.name if measure.alliance else "",
    }


def _describe(model: ModelText, about: About) -> None:
    model.instrument, model.about = about.instrument, about.about
    if (model.source_title, model.source_url) != (about.source_title, about.source_url):
        model.source_title, model.source_url = about.source_title, about.source_url
        model.checked_on = clock.today()


def _free_slug(title: str) -> str:
    wanted = text.slug(title, "text")
    taken = select(ModelText.slug).where(ModelText.slug.startswith(wanted, autoescape=True))
    return text.free_slug(wanted, set(db.scalars(taken)))
