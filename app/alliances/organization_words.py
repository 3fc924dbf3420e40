"""How pages call constituencies, kinds of organizations, and where a membership stands."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.alliances.organization_models import Constituency

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
