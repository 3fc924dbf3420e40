"""Conditions about what people are to us: members, coordinators, since when, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from wtforms.validators import InputRequired

from app.accounts.models import NationalRole, Role
from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.digests import queries
from app.foundation import clock, pagecontext
from app.foundation.db import db
from app.foundation.forms import DateField, Form, choices
from app.mail.conditions import Condition, Values, either, register, several
from app.people.models import DigestEvery, Person

ROLES = {
    "member": (_l("Members of an alliance"), _l("belong to an alliance")),
    "coordinator": (_l("Coordinators"), _l("coordinate an alliance")),
    "staff": (_l("National staff"), _l("are national staff")),
}
LANGUAGES = {"en": _l("English"), "es": _l("Spanish")}
RHYTHMS = {
    DigestEvery.WEEKLY.value: (_l("Weekly"), _l("chose weekly digests")),
    DigestEvery.MONTHLY.value: (_l("Monthly"), _l("chose monthly digests")),
}


class AllianceForm(Form):
    alliances = several(_l("Alliances"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliances.choices = choices(queries.alliance_choices())


class InAlliance(Condition):
    """Members of one of some alliances."""

    key = "alliance"
    label = _l("Member of an alliance")
    form = AllianceForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        return is_member(self._one_of(values))

    def people(self, values: Values) -> Sequence[Select[Any]]:
        return (members(self._one_of(values)),)

    def _one_of(self, values: Values) -> ColumnElement[bool]:
        return Membership.alliance_id.in_(values["alliances"])

    def words(self, values: Values) -> str:
        names = db.scalars(
            select(Alliance.name)
            .where(Alliance.id.in_(values["alliances"]))
            .order_by(Alliance.name)
        ).all()
        return str(_("are members of %(alliances)s", alliances=either(names)))


class RoleForm(Form):
    roles = several(_l("Roles"), [(key, label) for key, (label, _words) in ROLES.items()])


class HasRole(Condition):
    """Members of any alliance, coordinators, or national staff, as of today."""

    key = "role"
    label = _l("Role")
    form = RoleForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        tests = {"member": is_member(), "coordinator": leads(), "staff": _is_staff()}
        return or_(*(tests[role] for role in values["roles"]))

    def people(self, values: Values) -> Sequence[Select[Any]]:
        found: dict[str, Select[Any]] = {
            "member": members(),
            "coordinator": select(CoordinatorTerm.person_id).where(_leads_today()),
            "staff": select(NationalRole.person_id).where(_is_staff_today()),
        }
        return [found[role] for role in values["roles"]]

    def words(self, values: Values) -> str:
        return either([str(ROLES[role][1]) for role in values["roles"]])


class JoinedForm(Form):
    since = DateField(
        _l("Since which day?"),
        validators=[InputRequired(_l("Choose a day."))],
        render_kw={"class": "m"},
    )


class Joined(Condition):
    """People who signed up with us on a day or later."""

    key = "joined"
    label = _l("Joined since")
    form = JoinedForm

    def values(self, form: Any) -> dict[str, Any]:
        return {"since": form.since.data.isoformat()}

    def where(self, values: Values) -> ColumnElement[bool]:
        return Person.created_at >= start_of(values["since"])

    def words(self, values: Values) -> str:
        return str(_("joined since %(day)s", day=day_of(values["since"])))


class LanguageForm(Form):
    languages = several(_l("Languages"), LANGUAGES.items())


class Reads(Condition):
    """People whose mail is in one of some languages."""

    key = "language"
    label = _l("Language")
    form = LanguageForm

    def where(self, values: Values) -> ColumnElement[bool]:
        return Person.language.in_(values["languages"])

    def words(self, values: Values) -> str:
        names = [str(LANGUAGES.get(code, code)) for code in values["languages"]]
        return str(_("read %(languages)s", languages=either(names)))


class RhythmForm(Form):
    rhythms = several(
        _l("How often they want digests"), [(key, label) for key, (label, _w) in RHYTHMS.items()]
    )


class Rhythm(Condition):
    """People who chose weekly or monthly digests."""

    key = "rhythm"
    label = _l("How often they want digests")
    form = RhythmForm

    def where(self, values: Values) -> ColumnElement[bool]:
        return Person.digest_every.in_(values["rhythms"])

    def words(self, values: Values) -> str:
        return either([str(RHYTHMS[rhythm][1]) for rhythm in values["rhythms"]])


def is_member(*narrower: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a person is a member of an alliance, or of such a one."""
    return members(*narrower).where(Membership.person_id == Person.id).exists()


def members(*narrower: ColumnElement[bool]) -> Select[int]:
    """The members of any alliance, or of such a one."""
    query = select(Membership.person_id)
    return query.where(Membership.state == MembershipState.ACTIVE, *narrower)


def leads() -> ColumnElement[bool]:
    """Whether a person coordinates an alliance today."""
    return exists().where(CoordinatorTerm.person_id == Person.id, _leads_today())


def start_of(day: str) -> datetime:
    """When a day begins in New York, where the coalition's days begin."""
    return clock.instant(datetime.combine(date.fromisoformat(day), time()), clock.HOME_ZONE)


def day_of(day: str) -> str:
    return pagecontext.short_date(date.fromisoformat(day))


def _is_staff() -> ColumnElement[bool]:
    return exists().where(NationalRole.person_id == Person.id, _is_staff_today())


def _leads_today() -> ColumnElement[bool]:
    return _today(CoordinatorTerm.since, CoordinatorTerm.until)


def _is_staff_today() -> ColumnElement[bool]:
    return and_(NationalRole.role == Role.STAFF, _today(NationalRole.since, NationalRole.until))


def _today(since: Any, until: Any) -> ColumnElement[bool]:
    today = clock.today()
    return and_(since <= today, or_(until.is_(None), until >= today))


register(InAlliance(), HasRole(), Joined(), Reads(), Rhythm())
