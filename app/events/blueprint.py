"""The blueprint of events; each room of this folder adds its own views."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("events", __name__, template_folder="templates")
