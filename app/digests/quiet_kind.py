"""The mail to the members of a quiet alliance: who would take over?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, exists, literal, null

from app.alliances.models import Alliance, Membership, MembershipState
from app.alliances.quiet_models import QuietSpell
from app.digests import audience, quiet
from app.foundation import language, links, text
from app.foundation.db import db
from app.mail import layout, registry
from app.mail.layout import QuotedTemplate
from app.mail.models import Mailing
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person

NO_LONGER = "no_longer_quiet"
GONE = "not_theirs"
MAIL = "quiet_alliance"
Compiled = tuple[str, QuotedTemplate, QuotedTemplate]


class QuietKind:
    """A mailing whose subject is a quiet spell."""

    name = quiet.KIND

    def audience(self, mailing: Mailing) -> Select[Any]:
        spell = db.get_one(QuietSpell, mailing.subject_id)
        return audience.at_once(quiet.whom(spell), mailing.due_at)

    def refusal(self, mailing: Mailing) -> ColumnElement[Any]:
        spell = db.get_one(QuietSpell, mailing.subject_id)
        if spell.ended_at is not None:
            return literal(NO_LONGER)
        belongs = exists().where(
            Membership.person_id == Person.id,
            Membership.alliance_id == spell.alliance_id,
            Membership.state == MembershipState.ACTIVE,
        )
        return case((~belongs, GONE), else_=null())

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        spell = db.get_one(QuietSpell, mailing.subject_id)
        alliance = db.get_one(Alliance, spell.alliance_id)
        site = current_app.config["SITE_NAME"]
        mails = {
            code: _compiled(alliance.name, alliance.slug, code, site)
            for code in {reader.language for reader in readers}
        }

        def compose(reader: Reader) -> Copy:
            subject, plain, html = mails[reader.language]
            slots = {
                "name": reader.name,
                "unsubscribe_url": reader.unsubscribe_url,
                "preferences_url": reader.preferences_url,
            }
            return Copy(subject, plain.fill(slots), html.fill(slots))

        return compose


@lru_cache(maxsize=64)
def _compiled(alliance: str, slug: str, code: str, site: str) -> Compiled:
    marks = layout.Marks()
    with language.speaking(code):
        values = {
            "language": code,
            "alliance": alliance,
            "greeting": _("Hi %(name)s,", name=marks.mark("name")),
            "preheader": "",
            "url": links.absolute("digests.take_over", slug=slug, language=code),
            "why": _("You get this because you are a member of %(name)s.", name=alliance),
            "unsubscribe_url": marks.mark("unsubscribe_url"),
            "preferences_url": marks.mark("preferences_url"),
            "site_name": site,
            "postal_address": current_app.config["POSTAL_ADDRESS"],
        }
        base = f"digests/mail/{MAIL}"
        subject = text.one_line(render_template(f"{base}.subject.txt", **values))
        values["heading"] = subject
        plain = layout.compile_text(render_template(f"{base}.txt", **values), marks)
        html = layout.compile_layout(render_template(f"{base}.html", **values), marks)
    return subject, plain.quoted(), html.quoted()


registry.register(QuietKind())
registry.explain(no_longer_quiet=_l("The alliance plans something again"))
