"""What staff may choose readers by: each kind of condition is one small class in a registry.

A kind names itself, has a form, and turns what was chosen (its values, which go into the database
as JSON) into SQL over `Person` and into plain words. A domain writes its own as a `Condition` in
`app/<domain>/audience_conditions.py` and ends that room with `register(MyCondition())`; the desk
then offers it, counts it and expands it. `app.digests.taking_part` is a model to look at. A `key`
stays for ever, because saved audiences name it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.foundation import forms
from app.foundation.forms import Form

Values = Mapping[str, Any]
"""What was chosen in one condition; plain enough for JSON."""


class Condition(ABC):
    """A kind of condition. Its `form` holds the fields; `words` go on from "People who …"."""

    key: ClassVar[str]
    label: ClassVar[Any]
    form: ClassVar[type[Form]]
    asks_elsewhere: ClassVar[bool] = False
    """Whether it looks into other tables; what needs not is asked first."""

    @abstractmethod
    def where(self, values: Values) -> ColumnElement[bool]:
        """Who fits, as SQL over `Person` that is never NULL, for it may be turned round.

        Subqueries are correlated EXISTS, which databases join as they like.
        """

    def people(self, _values: Values) -> Sequence[Select[Any]]:
        """Selects of the numbers of those who fit, where other tables know them by themselves.

        Several such conditions of which any is enough are then asked once, and not for each
        person. None of the numbers may be NULL.
        """
        return ()

    @abstractmethod
    def words(self, values: Values) -> str:
        """What is said of those who fit: "live in Ohio"."""

    def values(self, form: Any) -> dict[str, Any]:
        """What a valid form says."""
        return {field.short_name: field.data for field in form}

    def typed(self, values: Values) -> dict[str, list[str]]:
        """What a browser would send for these values."""
        return {name: _as_sent(value) for name, value in values.items()}


_kinds: dict[str, Condition] = {}


def register(*kinds: Condition) -> None:
    """Let staff choose readers by these, too."""
    _kinds.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> Condition:
    return _kinds[key]


def is_known(key: str) -> bool:
    return key in _kinds


def kinds() -> Sequence[Condition]:
    """All that are registered, in that order."""
    return tuple(_kinds.values())


def several(label: Any, pairs: Iterable[tuple[object, Any]] = (), **more: Any) -> Any:
    """A field of checkboxes of which at least one is needed."""
    return SelectMultipleField(
        label,
        choices=forms.choices(pairs),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        validators=[InputRequired(_l("Choose at least one."))],
        **more,
    )


def either(names: Sequence[str]) -> str:
    """Ohio, Iowa or Hawaii."""
    return str(format_list(list(names), style="or", locale=get_locale()))


def _as_sent(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]
