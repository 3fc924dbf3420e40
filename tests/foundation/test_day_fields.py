"""Every field for a day says what is wrong with the day that was typed."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.foundation.forms import (
    NO_DAY,
    REQUIRED,
    DataRequired,
    DateField,
    Form,
    InputRequired,
    Optional,
    unknown_day,
)


class DayForm(Form):
    """A day for each way in which it can be asked for."""

    needed = DateField("A", validators=[DataRequired(REQUIRED)])
    typed_in = DateField("B", validators=[InputRequired(REQUIRED)])
    optional = DateField("C", validators=[Optional()])


@pytest.mark.parametrize(
    ("raw", "required", "optional"),
    [
        ("2015-06-31", NO_DAY, NO_DAY),
        ("0001-01-01", NO_DAY, NO_DAY),
        ("soon", NO_DAY, NO_DAY),
        ("", REQUIRED, None),
        ("  ", REQUIRED, None),
        ("2027-06-30", None, None),
    ],
)
def test_a_bad_day_is_called_so(
    app: Flask, raw: str, required: object | None, optional: object | None
) -> None:
    with app.test_request_context():
        form = DayForm(formdata=MultiDict({"needed": raw, "typed_in": raw, "optional": raw}))
        form.validate()
        wrong = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
        told = {"needed": required, "typed_in": required, "optional": optional}
        assert wrong == {name: [str(words)] for name, words in told.items() if words}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("2015-06-31", "There is no such day."),
        ("2015-13", "There is no such month."),
        ("2015-00-01", "There is no such month."),
        ("June 2015", "Please write a date such as 2021, 2021-05 or 2021-05-24."),
        ("2015-6", "Please write a date such as 2021, 2021-05 or 2021-05-24."),
    ],
)
def test_a_date_that_may_be_partly_known_says_whether_it_exists_or_is_misspelled(
    app: Flask, raw: str, words: str
) -> None:
    with app.test_request_context():
        assert unknown_day(raw) == words
