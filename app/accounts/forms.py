"""The forms of accounts."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from flask_babel import format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import Length

from app.accounts import passwords
from app.accounts.actions import Joining
from app.accounts.models import Role
from app.foundation import geo, language, text
from app.foundation.forms import (
    BooleanField,
    DateField,
    Field,
    FilterForm,
    Form,
    InputRequired,
    Optional,
    PasswordField,
    SelectField,
    ValidationError,
    choices,
    email_field,
    line,
    typed,
)
from app.people import wordings
from app.people.forms import PlaceField, place_field
from app.people.models import DigestEvery, Purpose
from app.people.preferences import NEVER, Choices

REQUIRED = _l("Please choose one.")
DIGEST = choices(
    (
        (DigestEvery.WEEKLY.value, _l("Every week")),
        (DigestEvery.MONTHLY.value, _l("Every month")),
        (NEVER, _l("No digest, please")),
    )
)


def _hours() -> list[Any]:
    return choices((hour, format_time(time(hour), "short", rebase=False)) for hour in range(24))


def _clean(raw: str | None) -> str | None:
    """A hidden field comes from anybody, too."""
    return None if raw is None else text.one_line(raw)


class JoinForm(Form):
    email = email_field(_l("E-mail address"))
    name = line(_l("Your name"), most=100, autocomplete="name")
    place: PlaceField = place_field(_l("ZIP code or city"))
    digest = RadioField(
        _l("How often may we send you the digest?"),
        choices=DIGEST,
        validators=[InputRequired(REQUIRED)],
        validate_choice=True,
    )
    announcements = BooleanField(wordings.TEXTS[wordings.CURRENT[Purpose.ANNOUNCEMENTS]])
    discreet = BooleanField(_l("I want to be known only to the coordinator."))
    alliance = HiddenField(filters=[_clean], validators=[Length(max=80)])

    def answers(self) -> Joining:
        place: geo.Place | None = self.place.place
        if place is None:
            raise ValueError("ask for the answers of a valid form only")
        return Joining(
            email=typed(self.email),
            name=typed(self.name),
            place=place,
            language=language.current(),
            digest=self.digest.data,
            announcements=self.announcements.data,
            discreet=self.discreet.data,
            alliance_slug=self.alliance.data or "",
        )


class LoginForm(Form):
    email = email_field(_l("E-mail address"))
    password = PasswordField(
        _l("Password"),
        validators=[Length(max=passwords.MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    link = HiddenField()


class CodeForm(Form):
    """The address is sent again with the code: an anonymous page remembers nobody."""

    email = email_field(_l("E-mail address"))
    code = line(_l("Six-digit code"), most=20)

    def validate_code(self, field: Field) -> None:
        field.data = re.sub(r"[\s-]", "", field.data or "")
        if not re.fullmatch(r"[0-9]{6}", field.data):
            raise ValidationError(_("The code has six digits."))


class ReauthenticateForm(Form):
    password = PasswordField(
        _l("Password"),
        validators=[Length(max=passwords.MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    link = HiddenField()


class SettingsForm(Form):
    name = line(_l("Your name"), most=100, autocomplete="name")
    place: PlaceField = place_field(
        _l("ZIP code or city"), required=False, hint=_l("Tells us which events are near you.")
    )
    discreet = BooleanField(_l("I want to be known only to the coordinator."))


class AddressForm(Form):
    email = email_field(_l("New e-mail address"))


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        validators=[
            InputRequired(_l("Please fill this in.")),
            Length(
                min=passwords.LEAST,
                max=passwords.MOST,
                message=_l("Please use at least %(least)s characters.", least=passwords.LEAST),
            ),
        ],
        description=_l(
            "At least ten characters. Three words that do not belong together are good."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class PreferencesForm(Form):
    digest = RadioField(_l("The digest"), choices=DIGEST, validators=[InputRequired(REQUIRED)])
    digest_hour = SelectField(_l("At this hour, where I live"), choices=_hours, coerce=int)
    events = BooleanField(wordings.TEXTS[wordings.CURRENT[Purpose.EVENTS]])
    announcements = BooleanField(wordings.TEXTS[wordings.CURRENT[Purpose.ANNOUNCEMENTS]])
    language = SelectField(_l("Language"), choices=choices(language.LANGUAGES.items()))

    def answers(self) -> Choices:
        return Choices(
            digest=self.digest.data,
            digest_hour=self.digest_hour.data,
            language=self.language.data,
            events=self.events.data,
            announcements=self.announcements.data,
        )


class RoleForm(Form):
    email = email_field(_l("E-mail address"))
    name = line(
        _l("Name"), required=False, hint=_l("Only needed where two people share an address.")
    )
    role = SelectField(
        _l("Role"),
        choices=choices(((Role.STAFF.value, _l("Staff")), (Role.ADMIN.value, _l("Administrator")))),
    )
    since = DateField(_l("From"), validators=[InputRequired(_l("Please choose a day."))])
    until = DateField(
        _l("Until"), validators=[Optional()], description=_l("Leave empty for no end.")
    )

    def validate_until(self, field: Any) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first."))


class ClosingForm(Form):
    """Whose account is closed, or opened again."""

    email = email_field(_l("E-mail address"))
    name = line(
        _l("Name"), required=False, hint=_l("Only needed where two people share an address.")
    )
    act = SelectField(
        _l("What to do"),
        choices=choices((("close", _l("Close the account")), ("open", _l("Open it again")))),
    )

    @property
    def closes(self) -> bool:
        return bool(self.act.data == "close")


class AuditFilter(FilterForm):
    area = line(_l("Area"), required=False, most=50)
    action = line(_l("What happened"), required=False, most=50)
