"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.digests import (
    approvals,
    audience_views,
    draft_views,
    issue_views,
    item_views,
    kind,
    preview_views,
    report_views,
    section_views,
    sending_views,
    series_views,
    subject_views,
)
from app.digests.blueprint import blueprint

ROOMS = (
    approvals,
    audience_views,
    draft_views,
    issue_views,
    item_views,
    kind,
    preview_views,
    report_views,
    section_views,
    sending_views,
    series_views,
    subject_views,
)

__all__ = ["ROOMS", "blueprint"]
