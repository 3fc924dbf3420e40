"""The blueprint of upkeep; each room of views adds its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("upkeep", __name__, template_folder="templates")
