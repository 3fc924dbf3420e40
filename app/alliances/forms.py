"""Forms of alliances: filters of the lists, proposing, deciding, adding and inviting people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SearchField

from app.alliances.actions import AskedByVoice
from app.alliances.models import PUBLIC, MembershipState
from app.alliances.proposals import Proposal
from app.alliances.queries import SHOWN
from app.alliances.words import LIFE_CYCLES, MEMBERSHIPS, WAYS
from app.foundation import clock, geo
from app.foundation.forms import (
    BooleanField,
    DateField,
    Field,
    FilterForm,
    Form,
    InputRequired,
    SelectField,
    ValidationError,
    choices,
    chosen,
    email_field,
    line,
    lines,
    typed,
)
from app.people.forms import PlaceField, place_field

REQUIRED = _l("Please fill this in.")


class DirectoryFilter(FilterForm):
    """What the list of alliances is narrowed by."""

    q = SearchField(_l("Name or city"), render_kw={"maxlength": 100})
    state = SelectField(
        _l("State"), default="", choices=choices([("", _l("All states")), *geo.state_choices()])
    )


class MemberFilter(FilterForm):
    """What the list of members is narrowed by."""

    q = SearchField(_l("Name or city"), render_kw={"maxlength": 100})
    state = SelectField(
        _l("Who"),
        default="",
        choices=choices(
            [
                ("", _l("Members and who asks")),
                *((state.value, MEMBERSHIPS[state][0]) for state in SHOWN),
            ]
        ),
    )

    def chosen(self) -> tuple[MembershipState, ...]:
        if self.state.data:
            return (MembershipState(self.state.data),)
        return (MembershipState.ACTIVE, MembershipState.ASKED)


class PlaceForm(Form):
    """A form with a ZIP code; `place` is what it stands for once it is valid."""

    zip = line(
        _l("ZIP code"),
        most=10,
        inputmode="numeric",
        autocomplete="postal-code",
    )
    place: geo.Place

    def validate_zip(self, field: Field) -> None:
        try:
            self.place = geo.place(field.data)
        except geo.WrongZip:
            raise ValidationError(wrong_zip()) from None
        except geo.UnknownZip:
            raise ValidationError(unknown_zip()) from None


class ProposalForm(PlaceForm):
    """Proposing an alliance."""

    name = line(_l("Name of the alliance"), most=80, hint=_l("For example, Columbus Alliance"))
    why = lines(
        _l("Why here, and who would take part?"),
        required=True,
        most=3000,
        rows=6,
        hint=_l("A few sentences are enough. Only national staff read them."),
    )
    backed_by = line(
        _l("Which organization backs you?"),
        most=200,
        hint=_l("For example, a bar association, a congregation, a university group."),
    )

    def answers(self) -> Proposal:
        return Proposal(typed(self.name), self.place, typed(self.why), typed(self.backed_by))


class PageForm(Form):
    """What a coordinator says on the public page, and how people join."""

    description = lines(
        _l("About the alliance"),
        most=20_000,
        rows=12,
        hint=_l("Who you are, when you meet, what you have done. You may use Markdown."),
    )
    joining = RadioField(
        _l("How do people join?"),
        choices=choices((way.value, label) for way, label in WAYS.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )
    life_cycle = RadioField(
        _l("Where does it stand?"),
        choices=choices((stage.value, LIFE_CYCLES[stage][0]) for stage in PUBLIC),
        validators=[InputRequired(_l("Please choose one."))],
    )


class DeclineForm(Form):
    """Why a proposal is declined; the founder reads it."""

    reason = lines(_l("Reason, which the founder reads"), required=True, most=2000, rows=3)


class AddByVoiceForm(Form):
    """Somebody without an e-mail address."""

    name = line(_l("Name"), most=100, hint=_l("Any name they like to be called by."))
    phone = line(_l("Phone number"), most=30, autocomplete="off", inputmode="tel")
    place: PlaceField = place_field(_l("ZIP code or city"))
    asked_on = DateField(
        _l("When did you ask them?"),
        validators=[InputRequired(REQUIRED)],
        render_kw={"class": "m"},
    )
    said_yes = BooleanField(
        _l("I asked them, and they want us to keep their name, phone number and town"),
        validators=[InputRequired(_l("Please ask them first."))],
    )
    discreet = BooleanField(
        _l("Known only to the coordinator"),
        description=_l("Their name stays off exports, prints and counts."),
    )

    def validate_phone(self, field: Field) -> None:
        digits = [character for character in field.data if character.isdecimal()]
        if not 7 <= len(digits) <= 15 or set(field.data) - set("+-.()/ x0123456789"):
            raise ValidationError(_("This does not look like a phone number. Is there a typo?"))

    def validate_asked_on(self, field: Field) -> None:
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("That day is still to come."))

    def answers(self) -> AskedByVoice:
        if self.place.place is None:
            raise ValueError("ask for the answers of a valid form only")
        return AskedByVoice(
            typed(self.name),
            typed(self.phone),
            self.place.place,
            chosen(self.asked_on),
            bool(self.discreet.data),
        )


class InvitationForm(Form):
    """Inviting somebody by e-mail."""

    email = email_field(_l("E-mail address"), hint=_l("One address at a time."))
    note = lines(
        _l("A note of yours"),
        most=500,
        rows=3,
        hint=_l("It stands in the mail, with your name. May be empty."),
    )


class TermForm(Form):
    """From when until when somebody coordinates."""

    since = DateField(_l("From"), validators=[InputRequired(REQUIRED)])
    until = DateField(_l("Until"), validators=[InputRequired(REQUIRED)])

    def days(self) -> tuple[date, date]:
        return chosen(self.since), chosen(self.until)


class HandOverForm(Form):
    """Who coordinates in another's place: one of the members that are offered."""

    successor = RadioField(
        _l("Who takes over?"), validators=[InputRequired(REQUIRED)], validate_choice=False
    )
    until = DateField(_l("Until"), validators=[InputRequired(REQUIRED)])
    note = lines(
        _l("What they should know"),
        most=2000,
        rows=4,
        hint=_l("It stands in their mail and on their page. May be empty."),
    )

    def offer(self, members: Iterable[tuple[int, str]]) -> None:
        self.successor.choices = choices(members)


def wrong_zip() -> str:
    return str(_("A ZIP code has five digits, such as 43215. Please check what you typed."))


def unknown_zip() -> str:
    return str(_("We do not know this ZIP code. Try one of a town nearby."))
