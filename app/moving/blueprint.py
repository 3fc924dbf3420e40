"""The blueprint of moving in; each room of views adds its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("moving", __name__, template_folder="templates")
