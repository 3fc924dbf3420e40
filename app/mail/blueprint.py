"""The blueprint of mail, which its rooms of views register on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("mail", __name__, template_folder="templates")
