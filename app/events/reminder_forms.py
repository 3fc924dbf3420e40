"""The forms of one reminder, when it goes out and what it says, and of a letter after the event."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.events import reminder_plan
from app.events.own_letters import WORDS, OwnLetter
from app.events.reminder_plan import PlannedReminder
from app.foundation.forms import Form, SelectField, ValidationError, choices, line, lines, typed

DAYS = (28, 14, 10, 7, 5, 3, 2, 1, 0)
HOURS = (12, 6, 4, 3, 2, 1)


def when_words(key: str) -> str:
    """A week before, on the day itself, two hours before: by the key of a reminder."""
    number = int(key[:-1])
    if key.endswith("h"):
        return str(ngettext("%(num)s hour before", "%(num)s hours before", number))
    if number == 0:
        return str(_("On the day itself"))
    return str(ngettext("%(num)s day before", "%(num)s days before", number))


class LetterForm(Form):
    """The words of a letter; empty ones mean ours."""

    subject = line(
        _l("Subject"), required=False, most=120, hint=_l("Leave it empty for the ordinary one.")
    )
    text = lines(
        _l("What it says"),
        most=3000,
        rows=8,
        hint=_l(
            "Stands above facts and links, which are always there. You may write "
            "{name}, {title}, {when}, {place}, {link} and {alliance}."
        ),
    )

    subject_es = line(_l("Subject in Spanish"), required=False, most=120)
    text_es = lines(
        _l("What it says in Spanish"),
        most=3000,
        rows=8,
        hint=_l("Left empty, readers in Spanish get the words above."),
    )

    def words(self) -> dict[str, str]:
        return {name: typed(self[name]) for name in WORDS}

    def letter(self, key: str) -> OwnLetter:
        """What was typed for the letter `key`."""
        return OwnLetter(key, **self.words())


class ReminderForm(LetterForm):
    """A reminder is a letter with a time before the event."""

    when = SelectField(_l("When"))
    at = line(
        _l("At what time"),
        required=False,
        most=8,
        type="time",
        class_="s",
        hint=_l("By the clock at the place of the event; only where days are counted."),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        keys = [f"{number}d" for number in DAYS] + [f"{number}h" for number in HOURS]
        if values.get("when") and values["when"] not in keys:
            keys.insert(0, values["when"])
        self.when.choices = choices((key, when_words(key)) for key in keys)

    @staticmethod
    def defaults_of(old: PlannedReminder | None) -> dict[str, Any]:
        if old is None:
            return {"when": "3d", "at": reminder_plan.MORNING}
        return {"when": old.key, "at": old.at, **old.words()}

    def planned(self) -> PlannedReminder:
        """What was typed, once the form is valid."""
        made = self._planned()
        if made is None:
            raise ValueError("ask a valid form only")
        return made

    def _planned(self) -> PlannedReminder | None:
        at = (self.at.data or "")[:5]
        return reminder_plan.planned(self.when.data or "", at, *self.words().values())

    def validate_at(self, _field: object) -> None:
        if self._planned() is None:
            raise ValidationError(_("Please enter a time such as 11:00."))
