"""Forms of what follows an adoption: the paper, thanks, copies to Congress."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.campaigns import congress, past_days
from app.campaigns.congress_models import Legislator
from app.campaigns.past_days import PastForm
from app.foundation import uploads
from app.foundation.forms import REQUIRED, DateField, Form, InputRequired, choices, line, lines

_PAST = (InputRequired(REQUIRED), past_days.check)


class OfficialCopyForm(Form):
    """The paper that the clerk hands out."""

    document = FileField(
        _l("The official copy"),
        description=_l("A PDF of at most 10 MB. Everybody can open it."),
        render_kw={"accept": uploads.PDF},
    )


class ThanksForm(PastForm):
    """Who was thanked, when and how."""

    name = line(_l("Who was thanked"), most=160)
    on = DateField(_l("When"), validators=_PAST, render_kw={"class": "m"})
    how = line(_l("How"), required=False, most=160, hint=_l("For example: a letter, in person."))


class CopiesForm(PastForm):
    """Which members of Congress got a copy."""

    members = SelectMultipleField(
        _l("Members of Congress"),
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    others = lines(_l("Others"), most=1000, rows=2, hint=_l("One name on each line."))
    sent_on = DateField(_l("Sent on"), validators=_PAST, render_kw={"class": "m"})
    how = line(_l("How it was sent"), most=160, hint=_l("For example: by mail, by hand."))

    def offer(self, members: Sequence[Legislator]) -> None:
        self.members.choices = choices((each.id, congress.title_of(each)) for each in members)

    @property
    def other_names(self) -> Sequence[str]:
        return [name.strip() for name in (self.others.data or "").splitlines() if name.strip()]
