"""All views of campaigns under one blueprint."""

from __future__ import annotations

from app.campaigns import models
from app.campaigns.blueprint import blueprint

__all__ = ["blueprint", "models"]
