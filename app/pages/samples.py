"""What the styleguide shows where markup alone will not do: a form sent with mistakes, a list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import literal
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.foundation.forms import (
    BooleanField,
    FilterForm,
    Form,
    InputRequired,
    PasswordField,
    SelectField,
    choices,
    email_field,
    line,
    lines,
)
from app.foundation.tables import Column, Head, Listing, Page

STATES = choices((("", "Every state"), ("CA", "California"), ("OH", "Ohio")))


class SampleForm(Form):
    """One field of each kind."""

    email = email_field("E-mail address", hint="We send one mail with a link.")
    name = line("Your name", hint="Any name you like to be called by.", autocomplete="name")
    zip = line("ZIP code", most=5, inputmode="numeric", autocomplete="postal-code")
    state = SelectField("State", choices=STATES)
    about = lines("Anything we should know?", most=40, rows=4)
    digest = RadioField(
        "How often may we write?",
        validators=[InputRequired("Choose one of the three.")],
        choices=choices((("weekly", "Weekly"), ("monthly", "Monthly"), ("never", "Never"))),
    )
    topics = SelectMultipleField(
        "What interests you?",
        choices=choices((("reading", "Reading groups"), ("council", "City council"))),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    hide = BooleanField("Known only to the coordinator")
    password = PasswordField("Password")
    code = line("Six-digit code", required=False)


class SampleFilters(FilterForm):
    """Filters above a list."""

    search = line("Name or place", required=False)
    place = SelectField("State", choices=STATES)


@dataclass(frozen=True)
class Place:
    """A row of the list."""

    name: str
    city: str
    members: int


LISTING: Listing[Place] = Listing(
    name="places",
    columns=(
        Column("name", "Alliance", lambda place: place.name),
        Column("city", "Place", lambda place: place.city),
        Column("members", "Members", lambda place: place.members, numeric=True),
    ),
    sort="name",
    tie_break=literal(0),
)
PLACES = (
    Place("Los Angeles Alliance for International Justice", "Los Angeles, California", 1214),
    Place("Columbus Alliance", "Columbus, Ohio", 86),
    Place("Chicago Alliance", "Chicago, Illinois", 140),
)


def form() -> SampleForm:
    """A form as it comes back after mistakes."""
    sent = MultiDict({"email": "ana at example", "zip": "432155", "about": "Kept " * 10})
    sample = SampleForm(formdata=sent)
    sample.validate()
    return sample


def page() -> Page[Place]:
    """A page in the middle of a list."""
    heads = [
        Head(column.key, column.label, column.numeric, None, f"?sort={column.key}")
        for column in LISTING.columns
    ]
    return Page(
        rows=PLACES,
        number=2,
        pages=7,
        total=164,
        columns=[Head("name", "Alliance", False, "asc", "?sort=-name"), *heads[1:]],
        listing=LISTING,
        filters=SampleFilters(formdata=MultiDict()),
        filtered=False,
        export_url="?format=csv",
        previous_url="?page=1",
        next_url="?page=3",
    )
