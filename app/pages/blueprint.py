"""The blueprint of all pages that show several domains; each room of this folder adds its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__, template_folder="templates")
