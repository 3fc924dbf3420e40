"""How pages and mails speak of to-dos."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.naming import name_at_desk
from app.foundation import pagecontext
from app.work import spacing
from app.work.models import ToDo, ToDoState
from app.work.registry import About

STATES = {
    ToDoState.OPEN: (_l("To do"), "due"),
    ToDoState.DONE: (_l("Done"), "ok"),
    ToDoState.DROPPED: (_l("Left out"), "off"),
}


def when_due(to_do: ToDo, today: date) -> str:
    """Today, tomorrow, or the day; what is late says so."""
    days = (to_do.due_on - today).days
    if days == 0:
        return str(_("due today"))
    if days == 1:
        return str(_("due tomorrow"))
    day = pagecontext.day_as(to_do.due_on, _("EEE, MMM d, yyyy"))
    if days < 0:
        return str(_("was due %(day)s", day=day))
    return str(_("due %(day)s", day=day))


def later(to_do: ToDo, about: About | None, today: date) -> str:
    """What the button that puts it off says; nothing where it cannot be put off."""
    day = about.day if about else None
    on = spacing.later(to_do.due_on, day, office=to_do.office, today=today)
    if on is None:
        return ""
    if on == max(to_do.due_on, today) + spacing.A_WEEK:
        return str(_("A week later"))
    return str(_("Later: %(day)s", day=pagecontext.day_as(on, _("EEE, MMM d, yyyy"))))


def owner_of(to_do: ToDo) -> str:
    return name_at_desk(to_do.owner, to_do.alliance_id) if to_do.owner else str(_("nobody yet"))
