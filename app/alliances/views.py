"""Views of alliances."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("alliances", __name__, template_folder="templates")
