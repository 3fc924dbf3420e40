"""Forms about organizations: applying, answering, public listing, representatives, alliances."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SearchField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.alliances.forms import PlaceForm
from app.alliances.organization_models import Constituency, OrganizationKind, OrganizationState
from app.alliances.organization_words import CONSTITUENCIES, KINDS, STATES
from app.alliances.organizations import Application, Authority
from app.foundation import uploads
from app.foundation.forms import (
    DateField,
    FilterForm,
    Form,
    InputRequired,
    Optional,
    SelectField,
    choices,
    email_field,
    line,
    lines,
    typed,
)


class ApplicationForm(PlaceForm):
    """Applying for national membership."""

    name = line(_l("Name of the organization"), most=120)
    kind = SelectField(_l("What it is"), choices=choices(KINDS.items()))
    chapter_of_id = SelectField(_l("A local chapter of"), choices=[])
    website = line(_l("Website"), required=False, most=300)
    description = lines(_l("What it does, in a few sentences"), most=2_000, rows=4)
    constituencies = SelectMultipleField(
        _l("For whom it speaks"),
        choices=choices(CONSTITUENCIES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    title = line(_l("Your office or role there"), required=False, most=80)
    commitment = FileField(
        _l("The formal commitment"),
        description=_l("An official's letter or a resolution of its board, as a PDF."),
        render_kw={"accept": uploads.PDF},
    )

    def answers(self) -> Application:
        website = typed(self.website)
        if website and not website.startswith(("https://", "http://")):
            website = f"https://{website}"
        return Application(
            name=typed(self.name),
            kind=OrganizationKind(self.kind.data),
            website=website,
            description=typed(self.description),
            place=self.place,
            constituencies=[Constituency(each) for each in self.constituencies.data or ()],
            title=typed(self.title),
            chapter_of_id=int(self.chapter_of_id.data) if self.chapter_of_id.data else None,
        )


class ConstituenciesForm(Form):
    """For whom a person speaks, themselves."""

    constituencies = SelectMultipleField(
        _l("I speak for, or belong to"),
        choices=choices(CONSTITUENCIES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def answers(self) -> list[Constituency]:
        return [Constituency(each) for each in self.constituencies.data or ()]


class DecisionForm(Form):
    """What staff answer to an application."""

    accept = RadioField(
        _l("Your answer"),
        choices=choices((("yes", _l("Yes, it is a member")), ("no", _l("No, not now")))),
        validators=[InputRequired(_l("Please choose."))],
    )
    note = lines(_l("A word to them"), most=1_000, rows=3)


class ListingForm(Form):
    """Public listing, by whose authority."""

    by = line(_l("Who of the organization allowed it"), required=False, most=80)
    title = line(_l("In which office"), required=False, most=80)
    on = DateField(_l("On"), validators=[Optional()])

    def authority(self) -> Authority | None:
        """None takes it off the list; half an answer is refused by the rule."""
        if not self.by.data and self.on.data is None:
            return None
        if self.on.data is None:
            self.add_error("on", str(_l("Please fill this in.")))
            return None
        return Authority(typed(self.by), typed(self.title), self.on.data)


class RepresentativeForm(Form):
    """Somebody who is to speak for an organization."""

    email = email_field(_l("Their e-mail address"))
    title = line(_l("Their office or role"), required=False, most=80)


class JoinForm(Form):
    """An alliance that an organization becomes part of."""

    alliance = SelectField(_l("Alliance"), choices=[])


class OrganizationFilter(FilterForm):
    """What the list of organizations is narrowed by."""

    q = SearchField(_l("Name or city"), render_kw={"maxlength": 100})
    kind = SelectField(
        _l("What it is"), default="", choices=choices([("", _l("All kinds")), *KINDS.items()])
    )


class StaffFilter(OrganizationFilter):
    """The same for staff, who see all of them."""

    state = SelectField(
        _l("Standing"),
        default="",
        choices=choices(
            [("", _l("All")), *((state, STATES[state][0]) for state in OrganizationState)]
        ),
    )


def kept_choices(rows: Any) -> Any:
    return choices([("", _l("None")), *rows])
