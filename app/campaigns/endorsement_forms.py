"""Forms about endorsements: by whoever speaks for an organization, and as received on paper."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app.alliances.organization_models import Organization
from app.campaigns import past_days
from app.campaigns.endorsing import Given
from app.foundation import uploads
from app.foundation.forms import (
    REQUIRED,
    BooleanField,
    DataRequired,
    DateField,
    Form,
    SelectField,
    choices,
    chosen,
    line,
    lines,
    typed,
)


class EndorseForm(Form):
    """What somebody says who speaks for an organization."""

    organization = SelectField(_l("Organization"))
    by = line(_l("Who of it decided so"), most=100)
    title = line(_l("In which office or role"), required=False, most=100)
    on = DateField(_l("On which day"), validators=[DataRequired(REQUIRED), past_days.check])
    authority = BooleanField(
        _l("I may speak for this organization, and it endorses this"),
        validators=[DataRequired(_l("Please tick this box, or leave it to somebody who may."))],
    )
    public_use = BooleanField(
        _l("It may be named in public"),
        description=_l(
            "On this site and on the letter to those who decide. Otherwise only the number."
        ),
    )

    def offer(self, organizations: Sequence[Organization]) -> None:
        self.organization.choices = choices((each.slug, each.name) for each in organizations)

    def given(self) -> Given:
        return Given(
            by=typed(self.by),
            title=typed(self.title),
            on=chosen(self.on),
            public_use=bool(self.public_use.data),
        )


class PaperForm(Form):
    """What a coordinator writes down of an endorsement that came on paper."""

    organization = SelectField(_l("Organization"))
    by = line(_l("Who of it signed"), most=100)
    title = line(_l("In which office or role"), required=False, most=100)
    on = DateField(_l("On which day"), validators=[DataRequired(REQUIRED), past_days.check])
    document = FileField(
        _l("The signed paper"),
        description=_l("As a PDF. Without it the organization is not named in public."),
        render_kw={"accept": uploads.PDF},
    )
    evidence = lines(
        _l("Where it is, or how it came"),
        most=500,
        rows=2,
        hint=_l("For example: minutes of their meeting of March 3, page 2"),
    )
    public_use = BooleanField(_l("It says that it may be named in public"))
    for_identification = BooleanField(
        _l("The person signs, not the organization"),
        description=_l("Then the organization is printed “for identification only”."),
    )

    def offer(self, organizations: Sequence[Organization]) -> None:
        self.organization.choices = choices((each.slug, each.name) for each in organizations)

    def given(self) -> Given:
        return Given(
            by=typed(self.by),
            title=typed(self.title),
            on=chosen(self.on),
            public_use=bool(self.public_use.data),
            for_identification=bool(self.for_identification.data),
            evidence=typed(self.evidence),
        )
