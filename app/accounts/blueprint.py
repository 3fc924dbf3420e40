"""The blueprint of accounts; each room of views adds its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, template_folder="templates")
