"""What each of the three welcome mails says, to a member of an alliance or of none yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from flask_babel import gettext as _

from app.digests import facts, fragments, upcoming
from app.digests.upcoming import Calendar
from app.foundation import language, text
from app.mail import layout
from app.mail.layout import QuotedTemplate
from app.mail.registry import Composer, Copy, Reader
from app.mail.sections import Circumstances, Fragment, Local

EVENTS_SHOWN = 3
MAILS = {1: "welcome_1", 2: "welcome_2", 3: "welcome_3"}


@dataclass(frozen=True)
class Compiled:
    """One of the mails in a language, for the members of an alliance or for others."""

    subject: str
    text: QuotedTemplate
    html: QuotedTemplate
    events: Fragment


def title(step: int) -> str:
    """What the mailing is called on the pages of staff."""
    return f"Welcome {step} of 3"


def composer(step: int, readers: Sequence[Reader]) -> Composer:
    people = facts.circumstances([reader.person_id for reader in readers])
    calendar = upcoming.read()
    wanted = {(reader.language, _alliance(people, reader)) for reader in readers}
    mails = {(code, local): _compiled(step, code, local, calendar) for code, local in wanted}

    def compose(reader: Reader) -> Copy:
        mail = mails[reader.language, _alliance(people, reader)]
        slots = {
            "name": reader.name,
            "unsubscribe_url": reader.unsubscribe_url,
            "preferences_url": reader.preferences_url,
        }
        return Copy(
            subject=mail.subject,
            text=mail.text.fill({**slots, "events": mail.events.text}),
            html=mail.html.fill({**slots, "events": mail.events.html}),
        )

    return compose


def _alliance(people: Mapping[int, Circumstances], reader: Reader) -> Local | None:
    person = people.get(reader.person_id)
    return person.alliances[0] if person and person.alliances else None


def _compiled(step: int, code: str, local: Local | None, calendar: Calendar) -> Compiled:
    marks = layout.Marks()
    with language.speaking(code):
        values = {
            "language": code,
            "greeting": _("Hi %(name)s,", name=marks.mark("name")),
            "local": local,
            "events": marks.mark("events"),
            "why": _("You get three such mails in all, because you have just joined us."),
            "unsubscribe_url": marks.mark("unsubscribe_url"),
            "preferences_url": marks.mark("preferences_url"),
            "site_name": current_app.config["SITE_NAME"],
            "postal_address": current_app.config["POSTAL_ADDRESS"],
        }
        base = f"digests/mail/{MAILS[step]}"
        subject = text.one_line(render_template(f"{base}.subject.txt", **values))
        values |= {"heading": subject, "preheader": ""}
        plain = layout.compile_text(render_template(f"{base}.txt", **values), marks)
        html = layout.compile_layout(render_template(f"{base}.html", **values), marks)
    return Compiled(subject, plain.quoted(), html.quoted(), _events(local, calendar, code))


def _events(local: Local | None, calendar: Calendar, code: str) -> Fragment:
    """The next events of the reader's alliance."""
    events = calendar.of(local.id) if local else ()
    if local is None or not events:
        return fragments.NO_FRAGMENT
    more = max(0, len(events) - EVENTS_SHOWN)
    return fragments.of_alliance(local, events[:EVENTS_SHOWN], more, code)
