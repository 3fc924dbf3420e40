"""A library that is large: things with a title, a text of some 200 words, and a year."""

from __future__ import annotations

from collections.abc import Iterator

from app.library import search
from app.library.reading_models import EntryKind

TOPICS = ("Kenya", "Ukraine", "Palestine", "Colombia", "Darfur")


def entries(items: int) -> Iterator[dict[str, object]]:
    """Rows for the index of searches."""
    for number in range(items):
        title = f"Analysis {number} on {TOPICS[number % len(TOPICS)]}"
        rare = " ".join(f"rare{(number * 7 + word * 13) % 5000}" for word in range(150))
        body = f"Justice and courts, victims number{number % 700}, {'a teaser of it ' * 60}{rare}"
        yield {
            "kind": EntryKind.ANALYSIS,
            "key": f"a{number}",
            "title": title,
            "body": body,
            "path": f"/library/analyses/a{number}",
            "as_of": f"20{number % 27:02}",
            "title_words": " ".join(search.words(title)),
            "words": " ".join(search.words(f"{title} {body}")),
        }
