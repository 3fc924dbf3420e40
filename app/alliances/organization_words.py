"""How pages call constituencies, kinds of organizations, and where a membership stands."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.alliances.organization_models import (
    Constituency,
    OrganizationKind,
    OrganizationState,
)

CONSTITUENCIES = {
    Constituency.BAR: _l("Lawyers and bar associations"),
    Constituency.FAITH: _l("Communities of faith"),
    Constituency.VETERANS: _l("Veterans"),
    Constituency.STUDENTS: _l("Students"),
    Constituency.WOMEN: _l("Women's groups"),
    Constituency.VICTIMS: _l("Victims and survivors"),
    Constituency.HUMAN_RIGHTS: _l("Human rights groups"),
    Constituency.LABOR: _l("Unions"),
    Constituency.ACADEMICS: _l("Teachers and scholars"),
    Constituency.DIASPORA: _l("People from abroad"),
    Constituency.BUSINESS: _l("Businesses"),
}

KINDS = {
    OrganizationKind.NONPROFIT: _l("Nonprofit"),
    OrganizationKind.FAITH: _l("Community of faith"),
    OrganizationKind.BAR: _l("Bar association"),
    OrganizationKind.UNION: _l("Union"),
    OrganizationKind.SCHOOL: _l("School or university"),
    OrganizationKind.STUDENT: _l("Student group"),
    OrganizationKind.VETERANS: _l("Veterans' group"),
    OrganizationKind.DIASPORA: _l("Group of people from abroad"),
    OrganizationKind.BUSINESS: _l("Business"),
    OrganizationKind.PARTNER_COALITION: _l("Partner coalition"),
    OrganizationKind.OTHER: _l("Something else"),
}

STATES = {
    OrganizationState.PROSPECT: (_l("Prospect"), ""),
    OrganizationState.APPLIED: (_l("Applied"), "due"),
    OrganizationState.MEMBER: (_l("Member"), "ok"),
    OrganizationState.DECLINED: (_l("Declined"), "off"),
    OrganizationState.LEFT: (_l("Left"), "off"),
}
"""Where a national membership stands, and the tone of its tag."""
