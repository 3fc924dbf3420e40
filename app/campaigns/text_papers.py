"""A text on paper: for the clerk as PDF, Word file or plain text, and for the boxes of a web form.

The words of a resolution stay in its own language, so nothing here is translated but the notes
around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.campaigns import clauses, texts
from app.campaigns.body_models import Instrument
from app.campaigns.clauses import Line, Manner
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion
from app.foundation import language, pagecontext
from app.foundation.documents import Manuscript

PAPER = "campaigns/print/text.typ"
MANNERS = {
    Instrument.PROCLAMATION: Manner.PROCLAIMED,
    Instrument.ORDINANCE: Manner.ORDAINED,
}


def manner_of(instrument: Instrument) -> Manner:
    """How a text of this kind says what it does."""
    return MANNERS.get(instrument, Manner.RESOLVED)


def written(measure: Measure, version: TextVersion) -> Sequence[Line]:
    """The clauses as they stand on paper."""
    return clauses.written(texts.parts_of(version), manner_of(measure.instrument))


def printed(measure: Measure, version: TextVersion, *, sources: bool) -> dict[str, Any]:
    """What the PDF says; with sources it is for the sponsor, who will be asked for them."""
    told = [clause.source for clause in version.clauses] if sources else []
    return {
        "language": "en",
        "title": version.title,
        "council": measure.body.name,
        "state": _state(version),
        "lines": [
            {"opening": line.opening, "rest": line.rest} for line in written(measure, version)
        ],
        "sources_heading": _("Sources"),
        "notes_language": language.current(),
        "sources": [[number, source] for number, source in enumerate(told, 1) if source],
    }


def manuscript(measure: Measure, version: TextVersion) -> Manuscript:
    """What the Word file says."""
    return Manuscript(
        title=version.title,
        under_title=[measure.body.name],
        paragraphs=[
            [pair for pair in ((line.opening, True), (line.rest, False)) if pair[0]]
            for line in written(measure, version)
        ],
        author=measure.alliance.name if measure.alliance else "",
    )


def plain(measure: Measure, version: TextVersion) -> str:
    """The text as a clerk pastes it: the title, then one line for each clause."""
    lines = (str(line) for line in written(measure, version))
    return "\n".join([version.title, "", *lines, ""])


def whereas(version: TextVersion) -> str:
    """The preamble for the box of a proclamation form: one WHEREAS on each line."""
    return "\n".join(clauses.whereas_lines(texts.parts_of(version)))


def name(measure: Measure, version: TextVersion) -> str:
    """What a file of this version is called."""
    return f"{measure.title} {version.number}"


def _state(version: TextVersion) -> str:
    day = pagecontext.short_date(version.made_at.date())
    if version.adopted:
        return str(_("Text as adopted"))
    return str(_("Draft %(number)s of %(day)s", number=version.number, day=day))
