"""Views of mail."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("mail", __name__, template_folder="templates")
