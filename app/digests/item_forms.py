"""What staff type about a piece of news."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.digests import newsroom, queries, told_points
from app.digests.forms import VersionedForm
from app.digests.models import Item
from app.foundation import clock
from app.foundation.forms import (
    BooleanField,
    DateField,
    FilterForm,
    Optional,
    SelectField,
    ValidationError,
    choices,
    line,
    lines,
    typed,
)

A_MONTH = timedelta(days=31)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class ItemForm(VersionedForm):
    """A piece of news."""

    title = line(_l("Title"), most=120)
    body = lines(
        _l("What is new?"), hint=_l("Markdown; a picture becomes a link with its words."), rows=6
    )
    link = line(_l("Read more at"), required=False, most=500, hint=_l("https://…"))
    title_es = line(_l("Title in Spanish"), required=False, most=120)
    body_es = lines(_l("The same in Spanish"), rows=6)
    point = SelectField(
        _l("A talking point that it tells"),
        validators=[Optional()],
        description=_l("If it is corrected before the news is over, whoever picked it is told."),
    )
    alliance = SelectField(_l("For whom?"))
    from_on = DateField(_l("From"))
    until_on = DateField(_l("Until"))
    is_pinned = BooleanField(_l("Tell it in each digest until then, before other news"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = ("", _("Everybody"))
        self.alliance.choices = choices((everybody, *queries.alliance_choices()))
        self.point.choices = choices((("", _("None")), *told_points.choices()))

    @classmethod
    def of(cls, item: Item | None, **first_words: str) -> ItemForm:
        """The form with what was typed, or with the item, or with a month from today."""
        if item is None:
            today = clock.today()
            return cls(from_on=today, until_on=today + A_MONTH, **first_words)
        use = told_points.use_of(item.id)
        return cls(
            obj=item,
            alliance=str(item.alliance_id or ""),
            version=str(item.version),
            point=use.point.key if use else "",
        )

    def validate_link(self, field: Any) -> None:
        if field.data and not _ADDRESS.fullmatch(field.data):
            raise ValidationError(_("Type the whole address, beginning with https://."))

    def validate_until_on(self, field: Any) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_("This is before its first day."))

    def draft(self) -> newsroom.Draft:
        return newsroom.Draft(
            title=typed(self.title),
            title_es=typed(self.title_es),
            body=typed(self.body),
            body_es=typed(self.body_es),
            link=typed(self.link),
            is_pinned=self.is_pinned.data,
            alliance_id=int(self.alliance.data) if self.alliance.data else None,
            from_on=self.from_on.data or clock.today(),
            until_on=self.until_on.data or clock.today(),
        )

    def picked(self) -> str:
        """The key of the talking point that was picked, if any."""
        return self.point.data or ""


class NewsFilters(FilterForm):
    """The filter above the list of news."""

    search = line(_l("Title"), required=False, most=100)
