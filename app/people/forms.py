"""Where somebody lives, and what they are called: what every form that asks for it shares."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.foundation import geo, text
from app.people import places

_LINK = re.compile(r"://|\bwww\.|@", re.IGNORECASE)
_WEB_ADDRESS = re.compile(
    rf"{_LINK.pattern}|\w\.(?:com|net|org|info|biz|io|co|us|me|ru|cn|xyz|top|shop|site|online|link)\b",
    re.IGNORECASE,
)


def refuse_link(raw: str | None) -> None:
    """What others read beside a name leads nowhere; an organization may be called Change.org."""
    _refuse(_LINK, raw)


def refuse_web_address(raw: str | None) -> None:
    """What a visitor types is mailed to whoever owns the address, so it can advertise nothing:
    mail programs make links of bare names, too."""
    _refuse(_WEB_ADDRESS, raw)


def _refuse(pattern: re.Pattern[str], raw: str | None) -> None:
    if raw and pattern.search(raw):
        raise ValidationError(_("Please write this without a web or e-mail address."))


class PlaceField(StringField):
    """A ZIP code or a city; after validation `place` is what was meant."""

    place: geo.Place | None = None

    def pre_validate(self, _form: Any) -> None:
        if not self.data:
            return
        try:
            self.place = places.place_of(self.data)
        except geo.WrongZip:
            message = _("A ZIP code has five digits, such as 43215.")
        except geo.UnknownZip:
            message = _(
                "We do not know the ZIP code %(zip)s. If it is right, add your city and state, "
                "as in “%(zip)s Columbus, OH”.",
                zip=self.data,
            )
        except places.StateMissing:
            message = _("Please add the state, as in “Columbus, OH”.")
        except places.UnknownCity:
            message = _("We cannot find this city. Check its spelling, or type your ZIP code.")
        else:
            return
        raise ValidationError(message)


def place_field(label: Any, *, required: bool = True, hint: Any = "") -> PlaceField:
    """One line for a ZIP code or a city with its state."""
    presence = DataRequired(_l("Please fill this in.")) if required else Optional()
    return PlaceField(
        label,
        filters=[lambda raw: None if raw is None else text.one_line(raw)],
        validators=[presence, Length(max=100)],
        description=hint,
        render_kw={"autocomplete": "postal-code", "maxlength": 100},
    )
