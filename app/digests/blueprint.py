"""The blueprint of digests; each room of this folder adds its views."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("digests", __name__, template_folder="templates")
