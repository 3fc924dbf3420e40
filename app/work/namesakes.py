"""People of one name on a list to choose from, told apart by what organizers know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.foundation import pagecontext, text


def told_apart(people: Iterable[tuple[int, str, datetime | None]]) -> Sequence[tuple[int, str]]:
    """Number and label of people with their names and since when they belong to the alliance.

    Only who shares a name has the day beside it, and a number where that is the same, too.
    """
    rows = list(people)
    shared = Counter(text.folded(name) for _number, name, _since in rows)
    labels: Counter[str] = Counter()
    found = []
    for number, name, since in rows:
        label = name
        if shared[text.folded(name)] > 1:
            day = pagecontext.short_date(since.date()) if since else "?"
            label = str(_("%(name)s, here since %(day)s", name=name, day=day))
            labels[label] += 1
            label = f"{label} ({labels[label]})" if labels[label] > 1 else label
        found.append((number, label))
    return found
