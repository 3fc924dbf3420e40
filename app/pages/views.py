"""Views of pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__, template_folder="templates")
