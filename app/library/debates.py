"""Debates: a question with its arguments and links, saved from a text all at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select

from app.foundation import clock
from app.foundation.db import db
from app.library import indexing
from app.library.reading_models import Argument, Debate, DebateLink, LinkRole, Position


@dataclass(frozen=True)
class ArgumentText:
    slug: str
    title: str
    position: Position = Position.QUALIFIED
    summary: str = ""


@dataclass(frozen=True)
class LinkText:
    title: str
    url: str
    role: LinkRole = LinkRole.MENTIONED


@dataclass(frozen=True)
class DebateText:
    """A debate as a file tells it."""

    slug: str
    title: str
    body: str = ""
    published_on: date | None = None
    published: bool = True
    arguments: Sequence[ArgumentText] = field(default_factory=tuple)
    links: Sequence[LinkText] = field(default_factory=tuple)


def save(told: DebateText, *, source_key: str | None = None) -> Debate:
    """Add a debate, or bring the one of that slug up to date with its arguments and links."""
    debate = db.scalars(select(Debate).where(Debate.slug == told.slug)).first()
    if debate is None:
        debate = Debate(slug=told.slug)
        db.add(debate)
    debate.title, debate.body = told.title, told.body
    debate.published_on, debate.published = told.published_on, told.published
    debate.source_key = source_key or debate.source_key
    debate.updated_at = clock.now()
    db.flush()
    _save_arguments(debate, told.arguments)
    db.execute(delete(DebateLink).where(DebateLink.debate_id == debate.id))
    for place, link in enumerate(told.links):
        db.add(
            DebateLink(
                debate_id=debate.id, place=place, title=link.title, url=link.url, role=link.role
            )
        )
    db.flush()
    indexing.debate(debate)
    return debate


def _save_arguments(debate: Debate, told: Sequence[ArgumentText]) -> None:
    """A position that staff gave to an argument stays when a file does not say one."""
    kept = {
        argument.slug: argument
        for argument in db.scalars(select(Argument).where(Argument.debate_id == debate.id))
    }
    for place, text in enumerate(told):
        argument = kept.pop(text.slug, None)
        if argument is None:
            argument = Argument(debate_id=debate.id, slug=text.slug, position=text.position)
            db.add(argument)
        elif text.position != Position.QUALIFIED:
            argument.position = text.position
        argument.title, argument.place = text.title, place
        argument.summary = text.summary or argument.summary or ""
    for gone in kept.values():
        db.delete(gone)
