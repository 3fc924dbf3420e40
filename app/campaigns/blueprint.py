"""The blueprint of campaigns; each room of this folder adds its own views."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, template_folder="templates")
