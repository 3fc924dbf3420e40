"""Forms of supporters: adding one's name."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.campaigns.signing import Visitor
from app.foundation import language
from app.foundation.forms import BooleanField, Field, Form, email_field, line, typed
from app.people.forms import PlaceField, place_field, refuse_link, refuse_web_address


class OwnSignForm(Form):
    """What a signed-in person decides: whether others see the name."""

    show_name = BooleanField(
        _l("Show my name"),
        description=_l(
            "On the page and on the letter to those who decide. Otherwise only the number."
        ),
    )
    affiliation = line(
        _l("Your post and organization, if you like"),
        required=False,
        most=120,
        hint=_l("Stands beside your name if it is shown, marked “for identification only”."),
    )

    def validate_affiliation(self, field: Field) -> None:
        refuse_link(field.data)


class SignForm(OwnSignForm):
    """What a visitor types to add their name."""

    name = line(_l("Your name"), most=100, autocomplete="name")
    email = email_field(_l("E-mail"))
    zip: PlaceField = place_field(
        _l("ZIP code, if you like"),
        required=False,
        hint=_l("So that those who decide see how many of their own people ask."),
    )

    def validate_name(self, field: Field) -> None:
        refuse_web_address(field.data)

    def validate_affiliation(self, field: Field) -> None:
        refuse_web_address(field.data)

    def visitor(self) -> Visitor:
        return Visitor(
            typed(self.name),
            typed(self.email),
            self.zip.place,
            language.current(),
            bool(self.show_name.data),
            typed(self.affiliation),
        )
