"""All views of to-dos, and what they hear of people, under one blueprint."""

from __future__ import annotations

from app.work import hand_over_plan, hearing, link_views, to_do_views
from app.work.blueprint import blueprint

__all__ = ["blueprint", "hand_over_plan", "hearing", "link_views", "to_do_views"]
