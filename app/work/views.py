"""All views of to-dos, and what they hear of people, under one blueprint."""

from __future__ import annotations

from app.work import hearing, link_views, to_do_views
from app.work.blueprint import blueprint

__all__ = ["blueprint", "hearing", "link_views", "to_do_views"]
