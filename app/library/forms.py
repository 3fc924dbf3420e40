"""The forms in which staff write the library."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.alliances.organization_models import Constituency
from app.alliances.organization_words import CONSTITUENCIES
from app.foundation import clock, forms, uploads
from app.foundation.forms import (
    DateField,
    Form,
    SelectField,
    ValidationError,
    choices,
    email_field,
    line,
    lines,
    typed,
)
from app.library import partial, words
from app.library.models import MOST_WORDS, OutcomeState, PointKind
from app.library.points import Draft, count_words
from app.library.reading_models import PressState

LONGEST_LINK = 500


def _at_most_40_words(_form: Form, field: Any) -> None:
    count = count_words(field.data or "")
    if count > MOST_WORDS:
        raise ValidationError(
            _(
                "Please use at most %(most)s words; these are %(count)s.",
                most=MOST_WORDS,
                count=count,
            )
        )


def _partial_date(_form: Form, field: Any) -> None:
    try:
        partial.parsed(field.data or "")
    except ValueError:
        raise ValidationError(forms.unknown_day(field.data or "")) from None


def _web_address(_form: Form, field: Any) -> None:
    if field.data and not field.data.startswith(("https://", "http://")):
        raise ValidationError(_("Please begin with https://"))


def _checked(field: Any, check: Any) -> Any:
    """A field with one more check; fields are not bound to a form yet."""
    field.kwargs["validators"].append(check)
    return field


def link_field(label: Any = None) -> Any:
    return _checked(line(label or _l("Link"), required=False, most=LONGEST_LINK), _web_address)


def words_field(label: Any) -> Any:
    hint = _l("At most 40 words.")
    return _checked(lines(label, required=True, most=600, rows=3, hint=hint), _at_most_40_words)


def partial_field(label: Any) -> Any:
    hint = _l("As far as you know it: 2021, 2021-05 or 2021-05-24.")
    return _checked(line(label, most=10, hint=hint), _partial_date)


def day_field(label: Any) -> Any:
    return DateField(label, default=clock.today, validators=[forms.DataRequired(forms.REQUIRED)])


class CorrectionForm(Form):
    """A talking point worded anew."""

    words = words_field(_l("The talking point"))
    why = line(_l("Why it changes"), hint=_l("Whoever uses the old wording reads this."))
    as_of = day_field(_l("The facts are as of"))


class PointForm(Form):
    """A new talking point."""

    kind = SelectField(
        _l("What it is"),
        choices=choices(
            (
                (PointKind.POINT, _l("Something to say")),
                (PointKind.RESPONSE, _l("An answer to something people say")),
            )
        ),
    )
    claim = line(_l("What people say"), required=False, hint=_l("Only for an answer."))
    words = words_field(_l("The talking point"))
    ask_id = SelectField(_l("The request that it speaks for"), choices=[])
    source_key = SelectField(_l("Source"), choices=[])
    section = line(_l("Page or section"), required=False)
    link = link_field(_l("Link to check it"))
    as_of = day_field(_l("The facts are as of"))
    tags = line(_l("Tags"), required=False, hint=_l("With commas between them."))
    audience = SelectMultipleField(
        _l("For whom"),
        choices=choices(CONSTITUENCIES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What the fields need of each other; an empty one is not asked by itself."""
        valid = bool(super().validate(extra_validators))
        if self.kind.data == PointKind.RESPONSE and not self.claim.data:
            self.add_error("claim", _("Please say what it answers."))
        if not (self.link.data or self.source_key.data):
            self.add_error("link", _("Please name a source or give a link."))
        return valid and not self.errors

    def answers(self) -> Draft:
        return Draft(
            words=typed(self.words),
            as_of=forms.chosen(self.as_of),
            kind=PointKind(self.kind.data),
            claim=typed(self.claim) if self.kind.data == PointKind.RESPONSE else "",
            source_key=self.source_key.data or None,
            section=typed(self.section),
            link=typed(self.link),
            ask_id=int(self.ask_id.data) if self.ask_id.data else None,
            tags=", ".join(tag for t in typed(self.tags).split(",") if (tag := t.strip())),
            audience=[Constituency(each) for each in self.audience.data or ()],
        )


class OutcomeForm(Form):
    """What became of a recommendation."""

    state = SelectField(
        _l("What became of it"),
        choices=choices((state, word) for state, (word, _tone) in words.OUTCOMES.items()),
    )
    on = partial_field(_l("When"))
    note = lines(_l("What happened"), required=True, most=1000, rows=3)
    link = link_field(_l("Link to check it"))

    def chosen_state(self) -> OutcomeState:
        return OutcomeState(self.state.data)


class AnalysisForm(Form):
    """An analysis, new or changed."""

    title = line(
        _l("Title"), required=False, hint=_l("One without a title is shown by its topics.")
    )
    teaser = lines(_l("What it is about, in our words"), required=True, most=1000, rows=3)
    topics = line(_l("Topics"), hint=_l("With commas between them."))
    situation_key = SelectField(_l("Situation"), choices=[])
    as_of = partial_field(_l("As of"))
    link = link_field(_l("Link to the analysis"))
    correction = lines(
        _l("A correction to add"), most=1000, rows=2, hint=_l("It is shown with today's date.")
    )
    document = FileField(
        _l("A document to attach"),
        description=_l("A PDF of at most 10 MB."),
        render_kw={"accept": uploads.PDF},
    )
    document_name = line(_l("What the document is called"), required=False)


class StatementForm(Form):
    """What a partner or an official said."""

    organization = line(_l("Organization or office"))
    officer = line(_l("Who said it"), required=False)
    on = partial_field(_l("When"))
    about = line(_l("About"), required=False)
    quotation = words_field(_l("The quotation"))
    link = _checked(line(_l("Link"), most=LONGEST_LINK), _web_address)


class PressForm(Form):
    """Something seen in the press."""

    outlet = line(_l("Newspaper or station"))
    title = line(_l("Headline"))
    link = link_field()
    seen_on = day_field(_l("Seen on"))
    claim = lines(_l("What it claims"), most=1000, rows=2)
    correction = lines(_l("What is right"), most=1000, rows=2)
    point = SelectField(
        _l("The talking point for the letter"),
        choices=[],
        description=_l("If it is corrected later, the writer is told."),
    )


class WriterForm(Form):
    """Who is to write a letter to the editor."""

    email = email_field(
        _l("Their e-mail address"),
        hint=_l("A member or coordinator. They get a mail, and find the letter on their page."),
    )


class PressStateForm(Form):
    """How far a letter to the editor is."""

    state = SelectField(
        _l("How far it is"),
        choices=choices((state, word) for state, (word, _tone) in words.PRESS.items()),
    )

    def chosen_state(self) -> PressState:
        return PressState(self.state.data)
