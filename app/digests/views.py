"""Views of digests."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("digests", __name__, template_folder="templates")
