"""Names at an alliance's desk: whoever is known only to the coordinator has none for staff."""

from __future__ import annotations

from flask_babel import gettext as _

from app.alliances.blueprint import blueprint
from app.foundation.policy import viewer
from app.people.models import Person


@blueprint.app_template_global()
def name_at_desk(person: Person | None, alliance_id: int | None) -> str:
    """The name as whoever looks may read it; nothing where there is nobody."""
    if person is None or not is_hidden(person, alliance_id):
        return person.name if person else ""
    return str(_("known only to the coordinator"))


@blueprint.app_template_global()
def is_hidden(person: Person, alliance_id: int | None) -> bool:
    """Whether this viewer must not learn who it is."""
    if not person.discreet or person.id == viewer.person_id:
        return False
    return alliance_id is None or not viewer.leads(alliance_id)
