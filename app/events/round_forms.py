"""The form by which a coordinator signs up somebody who has no e-mail address."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.events.rounds import AskedByVoice
from app.events.sign_up_forms import TakingPart
from app.foundation import clock, language
from app.foundation.forms import (
    REQUIRED,
    BooleanField,
    DateField,
    Field,
    InputRequired,
    SelectField,
    ValidationError,
    choices,
    chosen,
    line,
    typed,
)
from app.people import phones


class ByVoiceForm(TakingPart):
    """What somebody said on the phone or at a table."""

    name = line(_l("Name"), most=100, hint=_l("Any name they like to be called by."))
    phone = line(_l("Phone number"), most=30, autocomplete="off", inputmode="tel")
    asked_on = DateField(
        _l("When did you ask them?"),
        validators=[InputRequired(REQUIRED)],
        render_kw={"class": "m"},
    )
    spoken = SelectField(_l("Language"), choices=choices(language.LANGUAGES.items()))
    said_yes = BooleanField(
        _l("I asked them, and they want us to keep their name and phone number for this event"),
        validators=[InputRequired(_l("Please ask them first."))],
    )

    def validate_phone(self, field: Field) -> None:
        try:
            self.number = phones.canonical(field.data or "")
        except phones.WrongPhone:
            raise ValidationError(
                _("This does not look like a phone number. Is there a typo?")
            ) from None

    def validate_asked_on(self, field: Field) -> None:
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("That day is still to come."))

    def asked(self) -> AskedByVoice:
        return AskedByVoice(
            typed(self.name), self.number, chosen(self.asked_on), str(self.spoken.data)
        )
