"""What a search finds of each thing of the library, and where it leads."""

from __future__ import annotations

from app.library import entries
from app.library.entries import Findable
from app.library.models import Recommendation, TalkingPoint
from app.library.reading_models import Analysis, Debate, EntryKind, Situation, Statement


def recommendation(found: Recommendation) -> None:
    """One with a page of its own; items of lists are found by it."""
    entries.put(
        Findable(
            EntryKind.RECOMMENDATION,
            found.code,
            found.title,
            found.summary,
            f"/library/recommendations/{slug(found.code)}",
            found.as_of.isoformat(),
        )
    )


def point(found: TalkingPoint) -> None:
    if found.withdrawn_at is not None:
        entries.drop(EntryKind.POINT, found.key)
        return
    entries.put(
        Findable(
            EntryKind.POINT,
            found.key,
            found.claim or found.words,
            found.words,
            f"/library/points/{found.key}",
            found.as_of.isoformat(),
        )
    )


def analysis(found: Analysis) -> None:
    if found.published_at is None:
        entries.drop(EntryKind.ANALYSIS, found.slug)
        return
    entries.put(
        Findable(
            EntryKind.ANALYSIS,
            found.slug,
            found.title or found.topics,
            f"{found.teaser} {found.topics}",
            f"/library/analyses/{found.slug}",
            found.as_of,
        )
    )


def situation(found: Situation) -> None:
    entries.put(
        Findable(
            EntryKind.SITUATION,
            found.key,
            found.name,
            found.summary,
            f"/library/situations/{found.key}",
            found.as_of.isoformat(),
        )
    )


def statement(found: Statement) -> None:
    entries.put(
        Findable(
            EntryKind.STATEMENT,
            found.key,
            f"{found.organization}: {found.about}",
            f"{found.quotation} {found.officer}",
            f"/library/statements#{found.key}",
            found.on,
        )
    )


def debate(found: Debate) -> None:
    if not found.published:
        entries.drop(EntryKind.DEBATE, found.slug)
        return
    entries.put(
        Findable(
            EntryKind.DEBATE,
            found.slug,
            found.title,
            found.body,
            f"/library/debates/{found.slug}",
            found.published_on.isoformat() if found.published_on else "",
        )
    )


def slug(code: str) -> str:
    """A recommendation's code as it stands in an address: `blueprint-6-1`."""
    return code.lower().replace(" ", "-")
