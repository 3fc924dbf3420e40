"""How pages say where a visit stands and what kind of lobbying time was spent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.campaigns.visit_models import LobbyingKind, VisitState

STATES = {
    VisitState.PLANNED: (_l("Planned"), "due"),
    VisitState.HELD: (_l("Took place"), "ok"),
    VisitState.CALLED_OFF: (_l("Called off"), "off"),
}
LOBBYING = {
    LobbyingKind.DIRECT: _l("Direct: talking or writing to those who decide"),
    LobbyingKind.GRASSROOTS: _l("Grassroots: asking the public to turn to them"),
}
LOBBYING_SHORT = {
    LobbyingKind.DIRECT: _l("Direct"),
    LobbyingKind.GRASSROOTS: _l("Grassroots"),
}
