"""Administration: who holds a national role, and the audit. No data of members is shown here."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts import queries, roles
from app.accounts.blueprint import blueprint
from app.accounts.forms import AuditFilter, RoleForm
from app.accounts.models import AuditEntry, NationalRole, Role
from app.accounts.policy import require_fresh
from app.foundation import clock, tables
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import admin as administrators
from app.foundation.policy import allow, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.people.models import Person

notices(
    role_granted=_l("The role is given."),
    role_ended=_l("The role has ended."),
)
ROLES = {Role.STAFF: _l("Staff"), Role.ADMIN: _l("Administrator")}


def _actor(row: Any) -> str:
    """The name of who holds or held a national role; others are numbers here."""
    if row.name is not None:
        return str(row.name)
    number = row.AuditEntry.actor_id
    return str(_("Person %(number)s", number=number) if number else _("The program"))


def _detail(entry: AuditEntry) -> str:
    return ", ".join(f"{key}: {value}" for key, value in entry.detail.items())


def _filtered(query: Any, form: AuditFilter) -> Any:
    if form.area.data:
        query = query.where(AuditEntry.area == form.area.data)
    if form.action.data:
        query = query.where(AuditEntry.action.ilike(tables.like(form.action.data), escape="\\"))
    return query


ROLE_LIST: Listing[Any] = Listing(
    name="roles",
    columns=(
        Column("name", _l("Name"), lambda row: row.Person.name, sort=Person.name),
        Column("role", _l("Role"), lambda row: ROLES[row.NationalRole.role], NationalRole.role),
        Column("since", _l("From"), lambda row: row.NationalRole.since, NationalRole.since),
        Column("until", _l("Until"), lambda row: row.NationalRole.until, NationalRole.until),
        Column("end", _l("End it"), lambda row: row.NationalRole.id),
    ),
    sort="name",
    tie_break=NationalRole.id,
)
AUDIT_LIST: Listing[Any] = Listing(
    name="audit",
    columns=(
        Column("at", _l("When (UTC)"), lambda row: f"{row.AuditEntry.at:%Y-%m-%d %H:%M:%S}"),
        Column("actor", _l("Who"), _actor),
        Column("area", _l("Area"), lambda row: row.AuditEntry.area, sort=AuditEntry.area),
        Column("action", _l("What happened"), lambda row: row.AuditEntry.action),
        Column("object", _l("To number"), lambda row: row.AuditEntry.object_id, numeric=True),
        Column("detail", _l("Details"), lambda row: _detail(row.AuditEntry)),
        Column("id", _l("Line"), lambda row: row.AuditEntry.id, AuditEntry.id, numeric=True),
    ),
    sort="id",
    descending=True,
    tie_break=AuditEntry.id,
    filters=AuditFilter,
    apply=_filtered,
)


def _audit_query() -> Any:
    actor = aliased(Person)
    official = select(NationalRole.person_id)
    return select(AuditEntry, actor.name).outerjoin(
        actor, (actor.id == AuditEntry.actor_id) & actor.id.in_(official)
    )


@blueprint.get("/admin/")
@allow(administrators)
def admin() -> ResponseReturnValue:
    return _roles_page(RoleForm(since=clock.today()))


def _roles_page(form: RoleForm) -> str:
    query: Any = roles.all_roles()
    page = tables.page_of(ROLE_LIST, query, scalars=False)
    return render_template(
        "accounts/admin.html",
        page=page,
        form=form,
        roles=ROLES,
        today=clock.today(),
        has_staff=bool(queries.staff()),
    )


@blueprint.post("/admin/roles")
@allow(administrators)
def grant_role() -> ResponseReturnValue:
    require_fresh()
    form = RoleForm()
    person = _person_of(form) if form.validate_on_submit() else None
    if person is None:
        return _roles_page(form), 422
    since, until = form.since.data or clock.today(), form.until.data
    roles.grant(person, Role(form.role.data), since=since, until=until, by=viewer.person_id)
    return see_other("accounts.admin", done="role-granted")


def _person_of(form: RoleForm) -> Person | None:
    try:
        return roles.confirmed_person(typed(form.email), typed(form.name))
    except roles.NobodyThere:
        form.add_error("email", _("Nobody with this address has joined and confirmed it."))
    except roles.SeveralThere:
        form.add_error("name", _("Several people share this address. Whom do you mean?"))
    return None


@blueprint.get("/admin/roles/<int:role_id>/end")
@allow(administrators)
def ask_end_role(role_id: int) -> ResponseReturnValue:
    require_fresh()
    return _end_page(find_or_404(db.get(NationalRole, role_id)))


@blueprint.post("/admin/roles/<int:role_id>/end")
@allow(administrators)
def end_role(role_id: int) -> ResponseReturnValue:
    require_fresh()
    role = find_or_404(db.get(NationalRole, role_id))
    try:
        roles.end(role)
    except roles.LastAdministrator:
        return _end_page(role, refused=True), 409
    return see_other("accounts.admin", done="role-ended")


def _end_page(role: NationalRole, *, refused: bool = False) -> str:
    person = db.get_one(Person, role.person_id)
    return render_template(
        "accounts/end_role.html", role=role, person=person, roles=ROLES, refused=refused
    )


@blueprint.get("/admin/audit")
@allow(administrators)
def audit_log() -> ResponseReturnValue:
    require_fresh()
    query = _audit_query()
    if request.args.get("format") == "csv":
        return tables.csv_of(AUDIT_LIST, query, scalars=False)
    page = tables.page_of(AUDIT_LIST, query, scalars=False, export=True)
    return render_template("accounts/audit.html", page=page)
